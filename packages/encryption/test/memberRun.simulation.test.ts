import { expect, test } from 'vitest';
import { MemberRun } from './memberRun.ts';

/** `VISAVIS_MEMBER_STEPS=300` is for a night; `VISAVIS_SEED` moves the seeds. */
const STEPS = Number(process.env['VISAVIS_MEMBER_STEPS'] ?? 40);
const FIRST_SEED = Number(process.env['VISAVIS_SEED'] ?? 1);
const SEEDS = Array.from({ length: 8 }, (_, index) => FIRST_SEED + index);
const SECONDS_A_STEP = 5;

const total: Record<string, number> = {};
const removals: number[] = [];

test.each(SEEDS)(
  'up to 12 members over a network that loses (seed %i): who stays agrees, who left and who came late has no other key',
  { timeout: STEPS * SECONDS_A_STEP * 1_000 },
  async (seed) => {
    const { removals: times, ...counts } = await (await MemberRun.start(seed, 12)).run(STEPS);
    removals.push(...times);
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  },
);

test(
  'where nothing is lost, who leaves is shut out within 0.5 s, 95 times of 100',
  { timeout: STEPS * SECONDS_A_STEP * 1_000 },
  async () => {
    const times: number[] = [];
    for (const seed of SEEDS.slice(0, 4))
      times.push(...(await (await MemberRun.start(seed, 12, true)).run(STEPS)).removals);
    times.sort((one, other) => one - other);
    const late = times[Math.floor(times.length * 0.95)] ?? 0;
    process.stdout.write(
      `from leaving until shut out, nothing lost: 95 of 100 in ${late} ms, of ${times.length}\n`,
    );
    expect(times.length).toBeGreaterThan(20);
    expect(late).toBeLessThanOrEqual(500);
  },
);

test('everything that can happen has happened', () => {
  removals.sort((one, other) => one - other);
  const at = (part: number): number => removals[Math.floor(removals.length * part)] ?? 0;
  process.stdout.write(
    `${JSON.stringify(total)}\nfrom leaving until nobody is heard by who left, commits lost or not, in ms: ` +
      `half ${at(0.5)}, nine of ten ${at(0.9)}, most ${removals.at(-1)}, of ${removals.length}\n`,
  );
  for (const [name, count] of Object.entries(total)) expect(count, name).toBeGreaterThan(5);
  expect(removals.length).toBeGreaterThan(10);
});
