import {
  createLog,
  createMediasoupSfu,
  systemClock,
  type Sfu,
  type SfuEvent,
  type SfuSettings,
} from '@visavis/server';
import { expect } from 'vitest';
import { mediaWorker } from '../../harness/mediaWorker.ts';
import { until } from '../../harness/until.ts';

export interface TestSfu extends Sfu {
  readonly events: readonly SfuEvent[];
  /** Events of one type. */
  of<Type extends SfuEvent['type']>(type: Type): readonly Extract<SfuEvent, { type: Type }>[];
}

const isType =
  <Type extends SfuEvent['type']>(type: Type) =>
  (event: SfuEvent): event is Extract<SfuEvent, { type: Type }> =>
    event.type === type;

/** The real thing: workers are processes, on loopback. */
export function createSfu(settings: Partial<SfuSettings> = {}, handleListening = (): void => {}): TestSfu {
  const info = (message: string): void => {
    if (message === 'media worker listens') handleListening();
  };
  const sfu = createMediasoupSfu(
    {
      source: { kind: 'binary', path: mediaWorker() },
      workers: 1,
      basePort: 45_000,
      addresses: () => [{ ip: '127.0.0.1', announced: null }],
      capacity: 400,
      pipeListen: null,
      ...settings,
    },
    { clock: systemClock, log: { ...createLog('silent'), info } },
  );
  const events: SfuEvent[] = [];
  sfu.subscribe((event) => events.push(event));
  return { ...sfu, events, of: (type) => events.filter(isType(type)) };
}

/** The same with all its workers listening. */
export async function startSfu(settings: Partial<SfuSettings> = {}): Promise<TestSfu> {
  let listening = 0;
  const sfu = createSfu(settings, () => {
    listening += 1;
  });
  await until('the media workers listen', () => listening === (settings.workers ?? 1));
  expect(sfu.state()).toEqual({ name: 'ready' });
  return sfu;
}
