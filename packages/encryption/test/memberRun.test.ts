import { expect, test } from 'vitest';
import { MemberRun } from './memberRun.ts';

test.each([1, 2])(
  'up to 6 members over a network that loses (seed %i): who stays agrees, who left and who came late has no other key',
  { timeout: 60_000 },
  async (seed) => {
    const counts = await (await MemberRun.start(seed, 6)).run(15);
    expect(counts.commits).toBeGreaterThan(5);
  },
);
