import { expect, test } from 'vitest';
import { Churn } from './churn.ts';

test.each([1, 2])(
  'up to 8 come and go (seed %i): one key in each epoch, none for who has left or was not there yet',
  async (seed) => {
    const churn = await Churn.start(seed, 8, 4);
    for (let step = 0; step < 8; step += 1) await churn.step();
    expect(churn.counts.epochs).toBeGreaterThan(4);
    expect(churn.counts.attacks).toBeGreaterThan(0);
  },
);
