import type { DeviceOptions } from '@visavis/client';
import { createTalkMemory } from './talkMemory.ts';
import { createWaitingMemory } from './waitingMemory.ts';

/** What a device finds again after a reload of its window. */
export const createWindowMemory = (storage: Storage): Pick<DeviceOptions, 'memory' | 'talkMemory'> => ({
  memory: createWaitingMemory(storage),
  talkMemory: createTalkMemory(storage),
});
