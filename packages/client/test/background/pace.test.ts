import { describe, expect, test } from 'vitest';
import { FRESH, PACE, stepPace, type Pace } from '../../src/media/background/pace.ts';

const REPORT_MS = 500;

/** Reports of `seconds`, of a camera that gives 30 pictures a second. */
function run(
  pace: Pace,
  seconds: number,
  made: number,
  fromMs = 0,
  given: number | null = 15,
  busyMs = 490,
): Pace {
  let next = pace;
  for (let atMs = fromMs + REPORT_MS; atMs <= fromMs + seconds * 1_000; atMs += REPORT_MS)
    next = stepPace(next, { atMs, spanMs: REPORT_MS, given, expected: 15, made, busyMs });
  return next;
}

describe('a device that does not keep up', () => {
  test('does less for each picture after a second, and gives up after another: within 3 s in all', () => {
    const less = run(FRESH, 1, 8);
    expect(less).toMatchObject({ effort: 'less', isOver: false });
    expect(run(less, 0.5, 8, 1_000).isOver).toBe(false);
    expect(run(less, 1, 8, 1_000).isOver).toBe(true);
    expect(PACE.lowerAfterMs + PACE.giveUpAfterMs + 2 * REPORT_MS).toBeLessThanOrEqual(3_000);
  });

  test('goes on with less where that is enough, tries more after a while, and waits longer each time that fails', () => {
    let pace = run(FRESH, 1, 8);
    pace = run(pace, 19.5, 15, 1_000);
    expect(pace.effort).toBe('less');
    pace = run(pace, 0.5, 15, 20_500);
    expect(pace).toMatchObject({ effort: 'whole', isTrying: true });
    pace = run(pace, 1, 8, 21_000);
    expect(pace).toMatchObject({ effort: 'less', relapses: 1, isOver: false });
    expect(run(pace, 39.5, 15, 22_000).effort).toBe('less');
    expect(run(pace, 40, 15, 22_000).effort).toBe('whole');
  });

  test('is told by the time it works where the browser counts no pictures', () => {
    expect(run(FRESH, 2, 8, 0, null).isOver).toBe(true);
    const calm = stepPace(FRESH, { atMs: 500, spanMs: 500, given: null, expected: 15, made: 8, busyMs: 300 });
    expect(calm.shortSinceMs).toBeNull();
  });
});

describe('a device on which the camera starves as well', () => {
  test('gives up within 3 s though all that is given is made', () => {
    expect(run(run(FRESH, 1, 8, 0, 8), 1, 8, 1_000, 8).isOver).toBe(true);
  });
  test('is not taken for one in a dark room, where a camera gives less and there is time to spare', () => {
    expect(run(FRESH, 10, 8, 0, 8, 300).effort).toBe('whole');
  });
});

describe('nothing is made of', () => {
  test('a moment', () => {
    expect(run(run(FRESH, 0.5, 3), 0.5, 15, 500)).toMatchObject({ effort: 'whole', shortSinceMs: null });
  });
  test('pictures at the edge of a report, of slow cameras also', () => {
    expect(run(FRESH, 10, 14).effort).toBe('whole');
    expect(run(FRESH, 10, 1, 0, 2, 60).effort).toBe('whole');
  });
  test('a camera that gives nothing', () => {
    expect(run(FRESH, 10, 0, 0, 0, 0).effort).toBe('whole');
  });
  test('a page that slept', () => {
    const short = run(FRESH, 0.5, 3);
    const slept = stepPace(short, {
      atMs: 90_000,
      spanMs: 89_500,
      given: 2_000,
      expected: 2_685,
      made: 3,
      busyMs: 9,
    });
    expect(slept).toMatchObject({ effort: 'whole', isOver: false, shortSinceMs: null });
  });
});
