import { expect, it } from 'vitest';
import { STUCK_MS } from '../src/index.ts';
import { KeyWorld } from './keyWorld.ts';

const RUNS = Number(process.env['VISAVIS_KEY_RUNS'] ?? 400);
const FIRST = Number(process.env['VISAVIS_SEED'] ?? Date.now() % 1_000_000);

/** KEY4: whoever has left the call is a member only as long as a proposal to remove them waits, or follows an Add that waits. */
function auditServer({ keys, members }: KeyWorld): void {
  if (keys === null) return;
  const { leaves, proposals, wishes, waitingSinceAt } = keys;
  const isIn = (name: string): boolean => members.some((each) => each.name === name && each.isIn);
  for (const { leaf, deviceId } of leaves) {
    if (isIn(deviceId)) continue;
    expect(
      proposals.some((each) => each.type === 'remove' && each.leaf === leaf),
      'KEY4',
    ).toBe(true);
  }
  for (const each of proposals)
    if (each.type === 'add' && !isIn(each.deviceId))
      expect(wishes, 'KEY4').toContainEqual({ deviceId: each.deviceId, keyPackage: null });
  expect(new Set(leaves.map(({ leaf }) => leaf)).size).toBe(leaves.length);
  expect(new Set(leaves.map(({ deviceId }) => deviceId)).size, 'nobody is in it twice').toBe(leaves.length);
  expect(waitingSinceAt === null).toBe(proposals.length === 0);
}

function auditRest(world: KeyWorld): void {
  const { keys, members } = world;
  const present = members.filter(({ isIn }) => isIn);
  if (present.length === 0) return;
  if (keys === null) throw new Error('people without keys');
  const tree = Array.from({ length: 1 + Math.max(-1, ...keys.leaves.map(({ leaf }) => leaf)) }, (_, leaf) => {
    return keys.leaves.find((each) => each.leaf === leaf)?.deviceId ?? null;
  });
  expect(keys.leaves.length).toBe(present.length);
  expect(new Set(keys.leaves.map(({ deviceId }) => deviceId))).toEqual(
    new Set(present.map(({ name }) => name)),
  );
  for (const { name, state, generation, epoch, tree: own } of present) {
    const trimmed = [...own];
    while (trimmed.at(-1) === null) trimmed.pop();
    expect({ name, state, generation, epoch, tree: trimmed }).toEqual({
      name,
      state: 'member',
      generation: keys.generation,
      epoch: keys.epoch,
      tree,
    });
  }
}

it(`KEY1 KEY2 KEY3 KEY4 KEY5 whoever stays comes to the same keys, whatever happens (seed ${String(FIRST)})`, () => {
  const sum = { commits: 0, stale: 0, resets: 0, lost: 0 };
  for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
    const world = new KeyWorld(seed, 2 + (seed % 6));
    try {
      for (let n = 0; n < 250; n += 1) {
        world.act();
        auditServer(world);
        const since = world.keys?.waitingSinceAt ?? null;
        if (since !== null) expect(world.now - since, 'KEY5').toBeLessThan(STUCK_MS);
      }
      world.comeToRest();
      auditRest(world);
    } catch (error) {
      throw new Error(`seed ${String(seed)}`, { cause: error });
    }
    for (const key of ['commits', 'stale', 'resets', 'lost'] as const) sum[key] += world.counts[key];
  }
  // It has been through everything that can go wrong.
  expect(Math.min(sum.commits, sum.stale, sum.resets, sum.lost)).toBeGreaterThan(RUNS / 4);
});
