import { createRandom } from '@visavis/call/simulation';
import { describe, expect, it } from 'vitest';
import { changesIn, sendOver, SOUND } from './line.ts';

const seconds = (count: number, capacity: number): number[] => Array.from({ length: count }, () => capacity);
const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);

describe('a camera over lines of all kinds', () => {
  it('is never paused where the line carries 200 kbit/s', () => {
    for (const capacity of [200_000, 300_000, 1_000_000, 5_000_000])
      expect(changesIn(sendOver(seconds(600, capacity)))).toBe(0);
  });

  it('leaves the line to the sound within 5 s of where the line carries no more than that', () => {
    const shown = sendOver([...seconds(30, 1_000_000), ...seconds(60, 80_000)]);
    expect(shown.slice(36, 40).map(({ sent }) => sent)).toEqual(seconds(4, SOUND));
  });

  it('does not come and go for ever: tries are further and further apart', () => {
    const hour = sendOver(seconds(3_600, 80_000));
    const tried = hour.filter(({ camera }) => camera === 'trying').length;
    expect(tried / hour.length).toBeLessThan(0.15);
    expect(changesIn(hour)).toBeLessThan(3 + 2 * (3_600 / 48));
  });

  it('comes back within a minute of the line carrying enough again, however long that took', () => {
    for (const minutes of [1, 5, 30]) {
      const shown = sendOver([...seconds(minutes * 60, 70_000), ...seconds(75, 1_000_000)]);
      expect(shown.at(-1)?.camera).toBe('sending');
      expect(shown.at(-1)?.sent).toBeGreaterThan(SOUND + 110_000);
    }
  });

  it(`keeps to all that over 200 lines that change as they like (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 200; run += 1) {
      const steps = Array.from({ length: 20 }, () =>
        seconds(random.between(1, 60), random.pick([60_000, 90_000, 140_000, 400_000, 2_000_000]) ?? 0),
      );
      const shown = sendOver(steps.flat());
      for (const [index, { capacity, sent }] of shown.entries()) {
        const before = shown.slice(Math.max(0, index - 8), index + 1);
        const isWeakSince8s = before.length === 9 && before.every((second) => second.capacity < 75_000);
        // But for a try, which lasts 6 s: it is what a person sees when it is over.
        if (isWeakSince8s && before.every(({ camera }) => camera !== 'trying'))
          expect(sent, `run ${run}, second ${index}`).toBeLessThanOrEqual(capacity + 10_000);
      }
    }
  });
});
