import { expect, test } from 'vitest';
import { Churn } from './churn.ts';

/** Steps of each run. `VISAVIS_CHURN_STEPS=300` is for a night; `VISAVIS_SEED` moves the seeds. */
const STEPS = Number(process.env['VISAVIS_CHURN_STEPS'] ?? 12);
const FIRST_SEED = Number(process.env['VISAVIS_SEED'] ?? 1);
const SECONDS_A_STEP = 20;

const runs = [
  ...Array.from({ length: 10 }, (_, index) => ({ most: 12, initial: 1, seed: FIRST_SEED + index })),
  { most: 32, initial: 31, seed: FIRST_SEED },
];

const total = { epochs: 0, adds: 0, removes: 0, rejoins: 0, lostRaces: 0, attacks: 0 };
let mostMembers = 0;

test.each(runs)(
  'up to $most come and go (seed $seed): one key in each epoch, none for who has left or was not there yet',
  { timeout: STEPS * SECONDS_A_STEP * 1_000 },
  async ({ most, initial, seed }) => {
    const churn = await Churn.start(seed, most, initial);
    for (let step = 0; step < STEPS; step += 1) await churn.step();
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += churn.counts[name];
    mostMembers = Math.max(mostMembers, churn.counts.mostMembers);
  },
);

test('everything that can happen has happened', () => {
  for (const [name, count] of Object.entries(total)) expect(count, name).toBeGreaterThan(STEPS);
  expect(mostMembers).toBeGreaterThan(30);
});
