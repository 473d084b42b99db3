import { createLog, shareByRedis, type Log, type Orphan } from '@visavis/server';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../integration/support/clock.ts';
import { until } from '../integration/support/until.ts';
import { connectInstantly } from './redis/instant.ts';
import { createRedisServer } from './redis/server.ts';

const START = 1_000_000;
const STEP_MS = 100;
/** As in the adapter, and more than those. */
const AT_ONCE = 50;
const DEVICES = 60;

/** A node that looks after the devices of another one, which died. `fails`: what cannot be done for which device, at which try. */
async function watch(fails: (orphan: Orphan, tries: number) => boolean) {
  const clock = createVirtualClock(START);
  const redis = connectInstantly(createRedisServer(() => clock.now()));
  const ask = async (text: string): Promise<unknown> => redis.run({ text, keys: [], values: [] });
  const silent = createLog('silent');
  const warned: string[] = [];
  const log: Log = { ...silent, warn: (message) => void warned.push(message) };
  const dead = await shareByRedis(redis, 'dead', { clock, log: silent });
  for (let n = 0; n < DEVICES; n += 1) {
    const id = String(n);
    await dead.presence.setOnline(
      { userId: `user${id}`, deviceId: id, name: 'Phone', kind: 'phone' },
      { connectionId: id, openedAt: null },
    );
  }
  const tried: string[] = [];
  const done: string[] = [];
  const { nodes } = await shareByRedis(redis, 'mine', { clock, log });
  const leave = await nodes.join({
    handleDisruption: () => {},
    handleOrphan: async (orphan) => {
      tried.push(orphan.deviceId);
      const tries = tried.filter((deviceId) => deviceId === orphan.deviceId).length;
      if (fails(orphan, tries)) throw new Error('the database is away');
      done.push(orphan.deviceId);
    },
  });
  const passUntil = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
    await until(what, async () => {
      clock.advance(STEP_MS);
      return holds();
    });
  };
  const isKnown = async (): Promise<boolean> =>
    (await ask(`return redis.call('ZSCORE', 'visavis:nodes', 'dead')`)) !== null;
  const countLeft = async (): Promise<unknown> =>
    ask(`return #redis.call('SMEMBERS', 'visavis:node:dead:devices')`);
  return { tried, done, warned, leave, passUntil, isKnown, countLeft };
}

test('SES4 a device of a dead node that could not be looked after is looked after later, and the node is not buried before', async () => {
  const { tried, done, warned, leave, passUntil, isKnown, countLeft } = await watch(
    ({ deviceId }, tries) => deviceId === '7' && tries <= 2,
  );
  await passUntil('it fails', () => warned.length > 0);
  expect(done).not.toContain('7');
  expect(await isKnown()).toBe(true);
  // None of those that were got together with it is taken for looked after: what was half done is done again.
  expect([DEVICES, DEVICES - AT_ONCE]).toContain(await countLeft());
  await passUntil('the node is buried', async () => !(await isKnown()));
  expect(tried.filter((deviceId) => deviceId === '7')).toHaveLength(3);
  expect(done.filter((deviceId) => deviceId === '7')).toHaveLength(1);
  expect(new Set(done).size).toBe(DEVICES);
  expect(warned).toEqual(
    Array.from({ length: 2 }, () => 'the devices of a dead node cannot be looked after'),
  );
  expect(await countLeft()).toBe(0);
  await leave();
});

test('SES4 a node whose devices are all looked after is buried, and none of them is told again', async () => {
  const { tried, warned, leave, passUntil, isKnown, countLeft } = await watch(() => false);
  await passUntil('the node is buried', async () => !(await isKnown()));
  expect(tried).toHaveLength(DEVICES);
  expect(new Set(tried).size).toBe(DEVICES);
  expect(warned).toEqual([]);
  expect(await countLeft()).toBe(0);
  await leave();
});
