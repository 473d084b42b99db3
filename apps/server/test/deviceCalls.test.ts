import type { CallDevice } from '@visavis/call';
import { expect, test } from 'vitest';
import { createMemoryBus } from '../src/adapters/memory/bus.ts';
import { createMemoryPresence } from '../src/adapters/memory/presence.ts';
import { createDeviceCalls } from '../src/signaling/deviceCalls.ts';

const device: CallDevice = { userId: 'u', deviceId: 'd', name: 'Phone', kind: 'phone' };
const claim = { connectionId: 'socket', openedAt: null };

/** One call that the device is in, and what it was told; `meanwhile` happens before the n-th word is kept. */
function createBench(
  meanwhile: (presence: ReturnType<typeof createMemoryPresence>, n: number) => Promise<unknown>,
) {
  const presence = createMemoryPresence(createMemoryBus());
  const told: string[] = [];
  const deviceCalls = createDeviceCalls(presence, {
    live: {
      listFor: async () => [{ callId: 'c', participants: [] }],
      change: async (_callId, { type }) => {
        await meanwhile(presence, told.length);
        told.push(type);
      },
    },
    groups: { listFor: async () => [], change: async () => {} },
  });
  return { presence, told, deviceCalls };
}

test('CALL2 a device that came back while its calls were told that it is silent is told to be there', async () => {
  const { presence, told, deviceCalls } = createBench(async (presence, n) => {
    if (n === 0) await presence.setOnline(device, claim);
  });
  await deviceCalls.silent(device, 1);
  expect(told).toEqual(['device_silent', 'device_online']);
  await presence.setLost('u', 'd', 'socket');
  await deviceCalls.silent(device, 1);
  expect(told.slice(2)).toEqual(['device_silent']);
});

test('CALL2 a device that was lost while a node told its calls that it is there is told to be silent', async () => {
  const { presence, told, deviceCalls } = createBench(async (presence, n) => {
    if (n === 0) await presence.setLost('u', 'd', 'socket');
  });
  await presence.setOnline(device, claim);
  await deviceCalls.online(device);
  await deviceCalls.check(device, 1);
  expect(told).toEqual(['device_online', 'device_silent']);
});

test('CALL2 what changes again while it is told is told again', async () => {
  const { presence, told, deviceCalls } = createBench(async (presence, n) => {
    if (n === 0 || n === 2) await presence.setOnline(device, claim);
    if (n === 1) await presence.setLost('u', 'd', 'socket');
  });
  await presence.setOnline(device, claim);
  await presence.setLost('u', 'd', 'socket');
  await deviceCalls.silent(device, 1);
  expect(told).toEqual(['device_silent', 'device_online', 'device_silent', 'device_online']);
});
