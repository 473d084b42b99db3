import { createRandom } from '@visavis/call/simulation';
import { describe, expect, it } from 'vitest';
import { BUFFER, type BufferState, NO_BUFFER, stepBuffer } from '../../src/quality/buffer.ts';
import { NO_REPEATS, REPEATS, type RepeatState, stepRepeats } from '../../src/quality/repeats.ts';
import { DEFAULT_QUALITY, limitsOf, NOTHING_SENT } from '../../src/quality/index.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);

/** Looks once a second; what was decided after each. */
function repeatsOver(losses: readonly (number | null)[]): RepeatState[] {
  let state = NO_REPEATS;
  return losses.map((loss, second) => {
    state = stepRepeats(state, { atMs: second * 1_000, loss });
    return state;
  });
}
function buffersOver(losses: readonly (number | null)[], roundTripMs: number | null = 50): BufferState[] {
  let state = NO_BUFFER;
  return losses.map((loss, second) => {
    state = stepBuffer(state, { atMs: second * 1_000, loss, roundTripMs });
    return state;
  });
}
const seconds = (count: number, loss: number | null): (number | null)[] =>
  Array.from({ length: count }, () => loss);
const changesIn = (values: readonly unknown[]): number =>
  values.filter((value, index) => index > 0 && value !== values[index - 1]).length;

describe('how often a frame of sound is sent', () => {
  it('is once on a path that loses nothing, and while nothing is known of it', () => {
    expect(repeatsOver([...seconds(30, 0), ...seconds(30, null), ...seconds(30, 0.004)]).at(-1)).toEqual(
      NO_REPEATS,
    );
  });

  it('is more at the first look that finds loss, by how much is lost', () => {
    expect(repeatsOver([0, REPEATS.one])[1]?.count).toBe(1);
    expect(repeatsOver([0, REPEATS.two])[1]?.count).toBe(2);
    expect(repeatsOver([REPEATS.one, 0.3])[1]?.count).toBe(2);
  });

  it('is less again by one after each 20 s of calm', () => {
    const counts = repeatsOver([0.3, ...seconds(45, 0)]).map(({ count }) => count);
    expect(counts.slice(0, 21)).toEqual(counts.slice(0, 21).map(() => 2));
    expect(counts[21]).toBe(1);
    expect(counts[41]).toBe(0);
  });

  it('stays as it is on a path that loses half of what a step begins with', () => {
    expect(
      changesIn(repeatsOver([REPEATS.two, ...seconds(300, REPEATS.two / 2)]).map(({ count }) => count)),
    ).toBe(0);
  });

  it(`goes up and down no more than once in 20 s, whatever is lost (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 50; run += 1) {
      const losses = Array.from({ length: 600 }, () => random.between(0, 400) / 1_000);
      const counts = repeatsOver(losses).map(({ count }) => count);
      const downs = counts.flatMap((count, at) => (at > 0 && count < (counts[at - 1] ?? 0) ? [at] : []));
      for (const [index, at] of downs.entries())
        expect(at - (downs[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
    }
  });

  it('is twice at most for who pays by the megabyte', () => {
    const lossy = { ...NOTHING_SENT, repeats: { count: 2 as const, calmSinceMs: null } };
    expect(limitsOf(lossy, DEFAULT_QUALITY, false).repeats).toBe(2);
    expect(limitsOf(lossy, { ...DEFAULT_QUALITY, lowData: true }, false).repeats).toBe(1);
    expect(limitsOf(lossy, DEFAULT_QUALITY, true).repeats).toBe(1);
  });
});

describe('how long what arrives waits', () => {
  it('is up to the browser on a path that loses little, and while nothing is known of it', () => {
    expect(buffersOver([...seconds(30, 0.01), ...seconds(30, null)]).at(-1)?.targetMs).toBeNull();
  });

  it('leaves time for what is lost to be sent again, more often the more is lost', () => {
    const targets = [0.05, 0.1, 0.3].map((loss) => buffersOver([loss])[0]?.targetMs);
    expect(targets).toEqual([120, 160, 220]);
    for (const [index, target] of targets.entries()) expect(target).toBeGreaterThanOrEqual((index + 1) * 50);
  });

  it('is never longer than 300 ms, and 100 ms are assumed of a path whose length is not known', () => {
    expect(buffersOver([0.3], 400)[0]?.targetMs).toBe(BUFFER.mostMs);
    expect(buffersOver([0.05], null)[0]?.targetMs).toBe(160);
  });

  it('is less by one step after each 15 s of calm, and in the end up to the browser again', () => {
    const targets = buffersOver([0.3, ...seconds(50, 0)]).map(({ targetMs }) => targetMs);
    expect([targets[15], targets[16], targets[31], targets[46]]).toEqual([220, 160, 120, null]);
  });

  it('does not change with every look at a path whose loss and length vary', () => {
    const random = createRandom(SEED);
    let state = NO_BUFFER;
    const targets = Array.from({ length: 600 }, (_, second) => {
      const loss = random.between(60, 110) / 1_000;
      const roundTripMs = random.between(40, 90);
      state = stepBuffer(state, { atMs: second * 1_000, loss, roundTripMs });
      return state.targetMs;
    });
    expect(changesIn(targets)).toBeLessThanOrEqual(2);
  });
});
