import { expect, test } from 'vitest';
import { commit, createCall, createCallWorld, propose } from './mlsFixtures.ts';
import { toHex } from './vectors.ts';

const keysOf = async (groups: Iterable<{ exportBaseKey(): Promise<Uint8Array> }>): Promise<Set<string>> =>
  new Set(await Promise.all([...groups].map(async (group) => toHex(await group.exportBaseKey()))));

test('three agree on a key of 16 bytes', async () => {
  const call = await createCall(await createCallWorld(), ['a', 'b', 'c']);
  const keys = await keysOf(call.values());
  expect(keys.size).toBe(1);
  expect([...keys][0]).toHaveLength(32);
  expect(new Set([...call.values()].map((group) => toHex(group.epochAuthenticator))).size).toBe(1);
  expect(call.get('b')?.members.map(({ device, leaf }) => [device, leaf])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
});

test('one is removed: it learns that, and the others go on with another key', async () => {
  const world = await createCallWorld();
  const call = await createCall(world, ['a', 'b', 'c']);
  const before = await keysOf(call.values());
  const [a, b, c] = ['a', 'b', 'c'].map((name) => call.get(name));
  if (a === undefined || b === undefined || c === undefined) return expect.fail();
  const remove = world.signer.proposeRemove(a, 2);
  const [a1, b1, c1] = await Promise.all([a, b, c].map((group) => propose(group, remove)));
  if (a1 === undefined || b1 === undefined || c1 === undefined) return expect.fail();
  const own = await commit(a1);
  expect(own.welcome).toBeNull();
  const [atB, atC] = [await b1.handleCommit(own.message), await c1.handleCommit(own.message)];
  expect(atC).toEqual({ type: 'removed' });
  if (atB.type !== 'committed') return expect.fail(JSON.stringify(atB));
  const after = await keysOf([own.group, atB.group]);
  expect(after.size).toBe(1);
  expect([...after]).not.toEqual([...before]);
});
