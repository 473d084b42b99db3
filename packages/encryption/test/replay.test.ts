import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  MAX_UINT64,
  REPLAY_WIDTH,
  type ReplayWindow,
  createReplayWindow,
  isFresh,
  withCounter,
} from '../src/index.ts';

const accept = (counters: readonly bigint[], from = createReplayWindow()): ReplayWindow =>
  counters.reduce((window, counter) => withCounter(window, counter) ?? window, from);

/** Around one number, over borders of words and of the window. */
const counters = fc
  .tuple(
    fc.constantFrom(0n, 5_000n, 1n << 32n, MAX_UINT64 - 4_000n),
    fc.array(fc.nat({ max: 3_000 }), { maxLength: 200 }),
  )
  .map(([base, list]) => list.map((offset) => base + BigInt(offset)));

test('says the same as a list of everything that was accepted', () => {
  fc.assert(
    fc.property(counters, (list) => {
      const accepted = new Set<bigint>();
      let newest = -1n;
      let window = createReplayWindow();
      for (const counter of list) {
        const expected = !accepted.has(counter) && counter > newest - REPLAY_WIDTH;
        expect(isFresh(window, counter)).toBe(expected);
        const next = withCounter(window, counter);
        expect(next !== null).toBe(expected);
        if (next === null) continue;
        window = next;
        accepted.add(counter);
        if (counter > newest) newest = counter;
      }
    }),
  );
});

test('no counter is accepted twice, in whatever order they come', () => {
  fc.assert(
    fc.property(counters, (list) => {
      const window = accept(list);
      for (const counter of list) expect(isFresh(window, counter)).toBe(false);
    }),
  );
});

test('looking does not move it', () => {
  fc.assert(
    fc.property(counters, fc.bigInt({ min: 0n, max: MAX_UINT64 }), (list, counter) => {
      const window = accept(list);
      const before = { ...window };
      isFresh(window, counter);
      expect(window).toEqual(before);
    }),
  );
});

test('whatever is reordered by less than the width is accepted once each', () => {
  const order = Array.from({ length: 3_000 }, (_, index) => BigInt(index ^ 0x1ff));
  let window = createReplayWindow();
  for (const counter of order) {
    const next = withCounter(window, counter);
    if (next === null) return expect.fail(`${counter} was refused`);
    window = next;
  }
});

test('it is 1,024 wide: the oldest inside is accepted, the one before is not', () => {
  const window = accept([5_000n]);
  expect(isFresh(window, 5_000n - 1_023n)).toBe(true);
  expect(isFresh(window, 5_000n - 1_024n)).toBe(false);
});

test('a jump to the largest counter leaves nothing old fresh, and costs no memory', () => {
  const window = accept([0n, MAX_UINT64]);
  expect(window.seen).toBe(1n);
  expect(isFresh(window, 1n)).toBe(false);
  expect(isFresh(window, MAX_UINT64 - 1n)).toBe(true);
});
