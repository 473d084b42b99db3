import { expect, test } from 'vitest';
import { createGate } from '../src/signaling/gate.ts';

test('so many tasks run at a time, the others in their order, also when one fails', async () => {
  const gate = createGate(2);
  const begun: number[] = [];
  const ends: ((fail: boolean) => void)[] = [];
  const results = [0, 1, 2, 3].map(async (n) =>
    gate(async () => {
      begun.push(n);
      const fail = await new Promise<boolean>((resolve) => ends.push(resolve));
      if (fail) throw new Error(`task ${n}`);
      return n;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(begun).toEqual([0, 1]);
  ends[1]?.(true);
  await expect(results[1]).rejects.toThrow('task 1');
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.(false);
  await results[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.(false);
  ends[3]?.(false);
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});
