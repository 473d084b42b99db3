import { createLog, createSecret, openRedis, shareByRedis, type Orphan, type Redis } from '@visavis/server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { createVirtualClock, type VirtualClock } from '../support/clock.ts';
import { until } from '../support/until.ts';

/** The others take a node for dead after this long, and it gives up itself a beat earlier. */
const DEAD_MS = 4_000;
const BEAT_MS = 500;
const STEP_MS = 20;

let server: RunningRedis;
let redis: Redis;
let clock: VirtualClock;
let leave: () => Promise<void>;
let isCurrent: () => boolean;
let disruptions: number;
let orphans: Orphan[];
beforeAll(async () => {
  server = await startRedis();
  redis = await openRedis(createSecret(server.url), createLog('silent'), () => {});
});
afterAll(async () => {
  await redis.close();
  await server.dispose();
});
beforeEach(async () => {
  await server.flush();
  clock = createVirtualClock(1_000_000);
  disruptions = 0;
  orphans = [];
  const { nodes } = await shareByRedis(redis, 'mine', { clock, log: createLog('silent') });
  isCurrent = () => nodes.isCurrent();
  leave = await nodes.join({
    handleDisruption: () => {
      disruptions += 1;
    },
    handleOrphan: async (orphan) => {
      orphans.push(orphan);
    },
  });
});
afterEach(async () => leave());

/** Whatever a script has to say of the nodes. */
const ask = async (text: string): Promise<unknown> => redis.run({ text, keys: [], values: [] });

/** Lets time pass, a little at each look, until something holds. @returns how much has passed, in ms */
async function passUntil(what: string, holds: () => Promise<boolean> | boolean): Promise<number> {
  const startedAt = clock.now();
  await until(what, async () => {
    clock.advance(STEP_MS);
    return holds();
  });
  return clock.now() - startedAt;
}

const readBeat = async (): Promise<unknown> => ask(`return redis.call('ZSCORE', 'visavis:nodes', 'mine')`);

/** Another node of long ago, and a device that was connected to it. */
async function addDead(): Promise<void> {
  await ask(`redis.call('ZADD', 'visavis:nodes', 1, 'dead')
redis.call('SADD', 'visavis:node:dead:devices', 'user device')
redis.call('HSET', 'visavis:presence:user', 'd:device', '{"node":"dead","isConnected":true}')
return 1`);
}

test('a node that stood still is not to be relied on, and starts over when it is heard again', async () => {
  const first = await readBeat();
  await passUntil('it beats', async () => (await readBeat()) !== first);
  expect(isCurrent()).toBe(true);
  // Nothing of this node runs meanwhile: the beat that falls due is not answered before the time is over.
  clock.advance(DEAD_MS + BEAT_MS);
  expect(isCurrent()).toBe(false);
  expect(disruptions).toBe(0);
  await passUntil('it starts over, and is one of them again', () => disruptions > 0 && isCurrent());
});

test('a node that dies before its first beat in an emptied Redis leaves no device behind', async () => {
  const { presence } = await shareByRedis(redis, 'short-lived', { clock, log: createLog('silent') });
  await presence.setOnline(
    { userId: 'user', deviceId: 'device', name: 'Phone', kind: 'phone' },
    { connectionId: 'socket', openedAt: null },
  );
  const score = await ask(`return redis.call('ZSCORE', 'visavis:nodes', 'short-lived')`);
  expect(score).not.toBeNull();
  // The same device and the same node, long ago.
  await ask(`return redis.call('ZADD', 'visavis:nodes', 1, 'short-lived')`);
  await passUntil('its device is looked after', () => orphans.length > 0);
  expect(await presence.listDevices('user')).toEqual([]);
});

test('an emptied Redis is noticed although devices have come since', async () => {
  const first = await readBeat();
  await passUntil('it beats', async () => (await readBeat()) !== first);
  await server.flush();
  const { presence } = await shareByRedis(redis, 'mine', { clock, log: createLog('silent') });
  await presence.setOnline(
    { userId: 'user', deviceId: 'device', name: 'Phone', kind: 'phone' },
    { connectionId: 'socket', openedAt: null },
  );
  await passUntil('it starts over', () => disruptions > 0);
});

test('a node looks after the devices of a dead one, but not before it has been there itself for a while', async () => {
  await addDead();
  expect(await passUntil('it looks after them', () => orphans.length > 0)).toBeGreaterThanOrEqual(DEAD_MS);
  expect(orphans).toEqual([{ userId: 'user', deviceId: 'device', lastSeenAt: 1 }]);
});
