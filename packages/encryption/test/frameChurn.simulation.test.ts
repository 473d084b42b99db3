import { expect, test } from 'vitest';
import { FrameChurn } from './frameChurn.ts';

/** `VISAVIS_FRAME_CHANGES=600` is for a night; `VISAVIS_SEED` repeats a run. */
const CHANGES = Number(process.env['VISAVIS_FRAME_CHANGES'] ?? 60);
const SEED = Number(process.env['VISAVIS_SEED'] ?? 20_261_126);
const SECONDS_A_CHANGE = 5;

test(
  `${CHANGES} joins and leaves at one a second in a call of 8: at most 0.5 % of frames lost, no gap over 100 ms (seed ${SEED})`,
  { timeout: CHANGES * SECONDS_A_CHANGE * 1_000 },
  async () => {
    const result = await (await FrameChurn.start(SEED)).run(CHANGES);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    expect(result.sent).toBeGreaterThan(CHANGES * 4 * 6 * 50 * 0.9);
    expect(result.lost / result.sent).toBeLessThanOrEqual(0.005);
    expect(result.longestGap).toBeLessThanOrEqual(100);
  },
);
