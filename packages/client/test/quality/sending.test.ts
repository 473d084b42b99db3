import { describe, expect, it } from 'vitest';
import { PAUSE, tryAfterMs } from '../../src/quality/pause.ts';
import { PROCESSOR } from '../../src/quality/processor.ts';
import {
  DEFAULT_QUALITY,
  limitsOf,
  NOTHING_SENT,
  type SendingConditions,
  type SendingState,
  stepSending,
} from '../../src/quality/index.ts';

const GOOD: SendingConditions = {
  atMs: 0,
  hasCamera: true,
  availableBitrate: 2_000_000,
  loss: 0,
  limitation: null,
};

/** Looks once a second for so long. */
function pass(
  state: SendingState,
  fromMs: number,
  ms: number,
  change: Partial<SendingConditions>,
): SendingState {
  let next = state;
  for (let atMs = fromMs; atMs <= fromMs + ms; atMs += 1_000)
    next = stepSending(next, { ...GOOD, ...change, atMs });
  return next;
}
const limits = (state: SendingState, wishes = DEFAULT_QUALITY) => limitsOf(state, wishes, false);

describe('how much is sent', () => {
  it('is all that a camera gives, in HD, where nothing speaks against it', () => {
    const state = pass(NOTHING_SENT, 0, 60_000, {});
    expect(limits(state)).toEqual({
      camera: { bitrate: 2_000_000, lines: 720, framerate: 30 },
      audioBitrate: 32_000,
      repeats: 0,
      prefer: 'smooth',
    });
  });

  it('leaves the line to the sound after 3 s of less than 100 kbit/s, and not for a dip', () => {
    const weak = { availableBitrate: PAUSE.below - 1 };
    expect(limits(pass(NOTHING_SENT, 0, 2_000, weak)).camera).not.toBeNull();
    expect(limits(pass(NOTHING_SENT, 0, 3_000, weak)).camera).toBeNull();
    const dips = pass(pass(NOTHING_SENT, 0, 2_000, weak), 3_000, 0, {});
    expect(limits(pass(dips, 4_000, 2_000, weak)).camera).not.toBeNull();
  });

  it('tries a small picture after 6 s, and gives it all when 150 kbit/s hold for 6 s', () => {
    const paused = pass(NOTHING_SENT, 0, 3_000, { availableBitrate: 50_000 });
    const trying = pass(paused, 9_000, 0, {});
    expect(limits(trying).camera).toEqual({ bitrate: 110_000, lines: 180, framerate: 12 });
    expect(limits(pass(trying, 10_000, 5_000, {})).camera?.lines).toBe(180);
    expect(limits(pass(trying, 10_000, 6_000, {})).camera?.lines).toBe(720);
  });

  it('stays small where the line carries that and no more', () => {
    const trying = pass(pass(NOTHING_SENT, 0, 3_000, { availableBitrate: 50_000 }), 9_000, 0, {});
    const between = { availableBitrate: 120_000 };
    expect(limits(pass(trying, 10_000, 600_000, between)).camera?.lines).toBe(180);
  });

  it('waits twice as long after each try that failed, up to 48 s', () => {
    expect([0, 1, 2, 3, 4, 9].map(tryAfterMs)).toEqual([6_000, 12_000, 24_000, 48_000, 48_000, 48_000]);
  });

  it('goes by loss where the browser has no estimate, and never pauses where it says nothing at all', () => {
    const firefox = { availableBitrate: null, loss: 0.5 };
    expect(limits(pass(NOTHING_SENT, 0, 3_000, firefox)).camera).toBeNull();
    expect(
      limits(pass(NOTHING_SENT, 0, 60_000, { availableBitrate: null, loss: 0.3 })).camera,
    ).not.toBeNull();
    expect(
      limits(pass(NOTHING_SENT, 0, 60_000, { availableBitrate: null, loss: null })).camera,
    ).not.toBeNull();
  });

  it('forgets a pause when the camera is turned off', () => {
    const paused = pass(NOTHING_SENT, 0, 3_000, { availableBitrate: 50_000 });
    expect(limits(pass(paused, 4_000, 0, { hasCamera: false })).camera?.lines).toBe(720);
  });

  it('goes down a rung for each 8 s without enough processor, and up again ever more slowly', () => {
    const cpu = { limitation: 'cpu' } as const;
    const once = pass(NOTHING_SENT, 0, PROCESSOR.lowerAfterMs, cpu);
    expect(limits(once).camera).toMatchObject({ lines: 540, framerate: 20 });
    const least = pass(NOTHING_SENT, 0, 120_000, cpu);
    expect(limits(least).camera).toMatchObject({ lines: 180, framerate: 12 });
    const up = pass(once, 9_000, PROCESSOR.raiseAfterMs, {});
    expect(limits(up).camera).toMatchObject({ lines: 720, framerate: 30 });
    const relapsed = pass(up, 50_000, PROCESSOR.lowerAfterMs, cpu);
    expect(limits(pass(relapsed, 60_000, PROCESSOR.raiseAfterMs, {})).camera).toMatchObject({ lines: 540 });
    expect(limits(pass(relapsed, 60_000, 2 * PROCESSOR.raiseAfterMs, {})).camera).toMatchObject({
      lines: 720,
    });
  });

  it('is what the person wants', () => {
    expect(limits(NOTHING_SENT, { ...DEFAULT_QUALITY, mostLines: 360, prefer: 'sharp' })).toEqual({
      camera: { bitrate: 600_000, lines: 360, framerate: 30 },
      audioBitrate: 32_000,
      repeats: 0,
      prefer: 'sharp',
    });
    const little = { camera: { bitrate: 85_000, lines: 180, framerate: 12 }, audioBitrate: 24_000 };
    expect(limits(NOTHING_SENT, { ...DEFAULT_QUALITY, lowData: true })).toMatchObject(little);
    expect(limitsOf(NOTHING_SENT, DEFAULT_QUALITY, true)).toMatchObject(little);
  });

  it('is more sound for music, where there is room for it', () => {
    const music = { ...DEFAULT_QUALITY, music: true };
    expect(limits(NOTHING_SENT, music).audioBitrate).toBe(96_000);
    expect(limits(NOTHING_SENT, { ...music, lowData: true }).audioBitrate).toBe(24_000);
    expect(limitsOf(NOTHING_SENT, music, true).audioBitrate).toBe(24_000);
    const weak = pass(NOTHING_SENT, 0, 5_000, { availableBitrate: 60_000 });
    expect(limits(weak, music)).toMatchObject({ camera: null, audioBitrate: 32_000 });
  });
});
