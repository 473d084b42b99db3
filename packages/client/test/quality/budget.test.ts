import { createRandom } from '@visavis/call/simulation';
import { describe, expect, it } from 'vitest';
import {
  BUDGET,
  type BudgetState,
  LEAST_PICTURE,
  NOTHING_SPENT,
  pictureBitrate,
  stepBudget,
} from '../../src/quality/budget.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);
const MB = 1_000_000;
const LIMIT = 20;

/** Bits per second that a line carries each way in one second, and whether there is a camera on. */
interface Second {
  readonly capacity: number;
  readonly camera: boolean;
}
const seconds = (count: number, capacity: number, camera = true): Second[] =>
  Array.from({ length: count }, () => ({ capacity, camera }));

interface Course {
  readonly usedMb: number;
  readonly states: readonly BudgetState[];
}

/**
 * A call over a made-up line. Pictures follow what they may have a second later, with a tenth for packets, and go over it by a fifth now
 * and then, as encoders do; speech is half silence or none.
 */
function call(trace: readonly Second[], budgetMb: number, random = createRandom(SEED)): Course {
  let state: BudgetState = NOTHING_SPENT;
  let usedBytes = 0;
  let allowed = pictureBitrate(state) ?? 0;
  const states = trace.map(({ capacity, camera }, second) => {
    const sound = BUDGET.soundBitrate * (0.8 + random.between(0, 20) / 100);
    const wanted = camera ? allowed * 1.1 * (0.7 + random.between(0, 50) / 100) : 0;
    const picture = Math.min(wanted, Math.max(0, capacity - sound / 2));
    usedBytes += (sound + 2 * picture) / 8;
    allowed = pictureBitrate(state) ?? 0;
    state = stepBudget(state, { elapsedMs: (second + 1) * 1_000, budgetBytes: budgetMb * MB, usedBytes });
    return state;
  });
  return { usedMb: usedBytes / MB, states };
}
const pictureAfter10s = (budgetMb: number): number =>
  pictureBitrate(call(seconds(10, 5_000_000), budgetMb).states.at(-1) ?? null) ?? 0;
const names = ({ states }: Course) => states.map(({ name }) => name);

describe('the budget of a call', () => {
  it('of 20 MB ends at 20.1 MB in a call of 11 minutes over a good line, with pictures for 7.4 of them', () => {
    const course = call(seconds(660, 5_000_000), LIMIT);
    const firstSound = names(course).indexOf('sound');
    expect({ usedMb: course.usedMb.toFixed(1), minutes: (firstSound / 60).toFixed(1) }).toEqual({
      usedMb: '20.1',
      minutes: '7.4',
    });
  });

  it('goes to sound alone at 85 %, and says that it is spent at the end', () => {
    const course = call(seconds(1_200, 5_000_000), LIMIT);
    expect([...new Set(names(course))]).toEqual(['pictures', 'sound', 'spent']);
    const used = (name: BudgetState['name']): number =>
      call(seconds(names(course).indexOf(name) + 1, 5_000_000), LIMIT).usedMb;
    expect(used('sound')).toBeCloseTo(LIMIT * BUDGET.soundFrom, 0);
    expect(used('spent')).toBeCloseTo(LIMIT, 0);
  });

  it('does not silence a call that outlasts it: one of 20 minutes ends at 27.6 MB, and the person is told', () => {
    const course = call(seconds(1_200, 5_000_000), LIMIT);
    expect(course.usedMb.toFixed(1)).toBe('27.6');
    expect(names(course).at(-1)).toBe('spent');
  });

  it('lasts through a short call with pictures', () => {
    for (const budgetMb of [20, 50, 100, 250]) {
      const course = call(seconds(300, 5_000_000), budgetMb);
      expect(new Set(names(course))).toEqual(new Set(['pictures']));
      expect(course.usedMb).toBeLessThan(budgetMb);
      expect(course.usedMb).toBeGreaterThan(budgetMb * 0.3);
    }
  });

  it('gives larger pictures the more there is', () => {
    expect([20, 50, 100, 250].map(pictureAfter10s)).toEqual([85_000, 250_000, 500_000, 2_000_000]);
  });

  it('takes what was not used up again, and does not go up and down by the second', () => {
    const quiet = call([...seconds(240, 5_000_000, false), ...seconds(60, 5_000_000)], 50);
    expect(pictureBitrate(quiet.states.at(-1) ?? null)).toBeGreaterThanOrEqual(LEAST_PICTURE);
    const steps = call(seconds(600, 5_000_000), 100).states.map(pictureBitrate);
    expect(steps.filter((step, index) => index > 0 && step !== steps[index - 1]).length).toBeLessThan(12);
  });

  it('makes nothing of absurd figures', () => {
    const now = { elapsedMs: 1_000, budgetBytes: LIMIT * MB, usedBytes: 0 };
    const before = stepBudget(NOTHING_SPENT, now);
    for (const usedBytes of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(stepBudget(before, { ...now, usedBytes })).toBe(before);
  });

  it(`keeps to it within 10 % over 300 lines, as long as sound alone does (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 300; run += 1) {
      const budgetMb = random.pick([20, 50, 100, 250]) ?? 20;
      const trace = Array.from({ length: random.between(1, 30) }, () =>
        seconds(
          random.between(1, 60),
          random.pick([100_000, 300_000, 1_000_000, 8_000_000]) ?? 0,
          random.between(0, 3) > 0,
        ),
      ).flat();
      const soundMb = (trace.length * BUDGET.soundBitrate) / 8 / MB;
      const rest = budgetMb * (1 - BUDGET.soundFrom);
      const course = call(trace, budgetMb, random);
      const spentAt = names(course).indexOf('spent');
      const after = spentAt === -1 ? 0 : ((trace.length - spentAt) * BUDGET.soundBitrate) / 8 / MB;
      expect(
        course.usedMb - after,
        `run ${run}: ${soundMb} MB of sound, ${rest} MB kept`,
      ).toBeLessThanOrEqual(budgetMb * 1.1);
    }
  });
});
