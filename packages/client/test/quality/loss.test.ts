import { createRandom } from '@visavis/call/simulation';
import { describe, expect, it } from 'vitest';
import { BUFFER, type BufferState, NO_BUFFER, stepBuffer } from '../../src/quality/buffer.ts';
import { LOSSES, type LossState, NO_LOSSES, stepLosses } from '../../src/quality/losses.ts';
import { DEFAULT_QUALITY, limitsOf, NOTHING_SENT, type SendingState } from '../../src/quality/index.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);

/** Looks once a second; what was decided after each. */
function lossesOver(losses: readonly (number | null)[], availableBitrate: number | null = null): LossState[] {
  let state = NO_LOSSES;
  return losses.map((loss, second) => {
    state = stepLosses(state, { atMs: second * 1_000, loss, availableBitrate });
    return state;
  });
}
const afterLoss = (level: LossState['level'], availableBitrate: number | null): SendingState => ({
  ...NOTHING_SENT,
  losses: { level, calmSinceMs: null, availableBitrate },
});
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

describe('how lossy a path is', () => {
  it('is not at all where nothing is lost, and while nothing is known of it', () => {
    expect(lossesOver([...seconds(30, 0), ...seconds(30, null), ...seconds(30, 0.004)]).at(-1)).toEqual(
      NO_LOSSES,
    );
  });

  it('is more at the first look that finds loss, by how much is lost', () => {
    expect(lossesOver([0, LOSSES.once])[1]?.level).toBe(1);
    expect(lossesOver([0, LOSSES.twice])[1]?.level).toBe(2);
    expect(lossesOver([LOSSES.once, 0.3])[1]?.level).toBe(3);
  });

  it('is known at once where the other end reports it, before it can be counted', () => {
    const now = { atMs: 0, loss: 0.02, availableBitrate: null };
    expect(stepLosses(NO_LOSSES, { ...now, lossAtFirst: LOSSES.small }).level).toBe(3);
    expect(stepLosses(NO_LOSSES, { ...now, lossAtFirst: null }).level).toBe(1);
    // Nor does a report without counts say anything.
    expect(stepLosses(NO_LOSSES, { ...now, loss: null, lossAtFirst: 0.3 }).level).toBe(0);
  });

  it('is less again by one after each 20 s of calm', () => {
    const levels = lossesOver([0.3, ...seconds(65, 0)]).map(({ level }) => level);
    expect(levels.slice(0, 21)).toEqual(levels.slice(0, 21).map(() => 3));
    expect([levels[21], levels[41], levels[61]]).toEqual([2, 1, 0]);
  });

  it('stays as it is on a path that loses half of what a step begins with', () => {
    expect(
      changesIn(lossesOver([LOSSES.twice, ...seconds(300, LOSSES.twice / 2)]).map(({ level }) => level)),
    ).toBe(0);
  });

  it(`goes up and down no more than once in 20 s, whatever is lost (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 50; run += 1) {
      const losses = Array.from({ length: 600 }, () => random.between(0, 400) / 1_000);
      const counts = lossesOver(losses).map(({ level }) => level);
      const downs = counts.flatMap((count, at) => (at > 0 && count < (counts[at - 1] ?? 0) ? [at] : []));
      for (const [index, at] of downs.entries())
        expect(at - (downs[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
    }
  });
});

const limits = (level: LossState['level'], available: number | null) =>
  limitsOf(afterLoss(level, available), DEFAULT_QUALITY, false);

describe('what is sent over a path that loses much', () => {
  it('is sound twice again, and once for who pays by the megabyte', () => {
    const lossy = afterLoss(2, 2_000_000);
    expect(limitsOf(lossy, DEFAULT_QUALITY, false).repeats).toBe(2);
    expect(limitsOf(lossy, { ...DEFAULT_QUALITY, lowData: true }, false).repeats).toBe(1);
    expect(limitsOf(lossy, DEFAULT_QUALITY, true).repeats).toBe(1);
  });

  it('is a picture that leaves room for what is sent again, and never more than 250 kbit/s', () => {
    expect(limits(2, 1_000_000).camera).toMatchObject({ bitrate: 2_000_000 });
    expect(limits(3, 2_000_000).camera).toMatchObject({ bitrate: 250_000, lines: 720 });
    for (let available = 0; available < 3_000_000; available += 10_000) {
      const { camera, repeats, audioBitrate } = limits(3, available);
      const bitrate = camera?.bitrate ?? 0;
      const left = available - audioBitrate * (1 + repeats);
      expect(bitrate).toBeGreaterThanOrEqual(100_000);
      expect(bitrate).toBeLessThanOrEqual(Math.max(100_000, Math.min(250_000, 0.4 * left)));
    }
  });

  it('is a picture that changes in steps, so that the encoder is not set anew each second', () => {
    const bitrates = Array.from({ length: 60 }, (_, n) => limits(3, 500_000 + n * 1_000).camera?.bitrate);
    expect(new Set(bitrates).size).toBeLessThanOrEqual(2);
  });

  it('is sound once where little is left: what is asked for again has to do', () => {
    expect(limits(3, 399_000).repeats).toBe(0);
    expect(limits(3, 400_000).repeats).toBe(2);
    expect(limits(2, 200_000).repeats).toBe(2);
    expect(limits(3, null)).toMatchObject({ repeats: 2, camera: { bitrate: 2_000_000 } });
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
