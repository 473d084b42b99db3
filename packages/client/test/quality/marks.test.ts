import { createRandom } from '@visavis/call/simulation';
import type { QualityLevel } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { GOOD_LEVEL, LEVELS, riseAfterMs, stepLevel } from '../../src/quality/levels.ts';
import {
  FELT,
  type MarkConditions,
  type MarkState,
  NO_MARKS,
  ownStatement,
  stepMarks,
  UNDECIDED_MS,
} from '../../src/quality/marks.ts';
import { addAnswer, NO_REACH, reachOf } from '../../src/quality/reach.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);
const seconds = (count: number, level: QualityLevel): QualityLevel[] =>
  Array.from({ length: count }, () => level);

/** What is shown after each second of what is seen. */
function shownOver(seen: readonly QualityLevel[]): readonly QualityLevel[] {
  let state = GOOD_LEVEL;
  return seen.map((level, second) => (state = stepLevel(state, level, second * 1_000)).level);
}
const changes = (levels: readonly QualityLevel[]): number =>
  levels.filter((level, index) => index > 0 && level !== levels[index - 1]).length;

describe('a level', () => {
  it('falls within 2 s and rises after 8 s', () => {
    const shown = shownOver([...seconds(5, 'good'), ...seconds(10, 'poor'), ...seconds(20, 'good')]);
    expect(shown.indexOf('poor')).toBe(7);
    expect(shown.lastIndexOf('poor')).toBe(22);
    expect(changes(shown)).toBe(2);
  });

  it('does not follow a hiccup, either way', () => {
    const hiccups = Array.from({ length: 30 }, () => ['poor', 'poor', 'good', 'good'] as const).flat();
    expect(changes(shownOver(hiccups))).toBe(0);
    const rests = Array.from(
      { length: 30 },
      () => [...seconds(7, 'good'), 'poor', 'poor', 'poor'] as const,
    ).flat();
    expect(changes(shownOver(rests))).toBe(1);
  });

  it('falls to what has been there all the time, and then further', () => {
    const shown = shownOver([...seconds(2, 'fair'), ...seconds(8, 'poor')]);
    expect(shown.slice(1, 6)).toEqual(['good', 'fair', 'fair', 'fair', 'poor']);
  });

  it('rises ever more slowly where each rise is taken back, up to 64 s', () => {
    expect([0, 1, 2, 3, 9].map(riseAfterMs)).toEqual([8_000, 16_000, 32_000, 64_000, 64_000]);
    const waves = Array.from({ length: 240 }, () => [...seconds(15, 'good'), ...seconds(5, 'poor')]).flat();
    // 80 minutes of waves: without memory it would be shown 480 times.
    expect(changes(shownOver(waves))).toBeLessThan(12);
  });

  it(`changes at most every 2 s and less than 8 times in any minute, whatever is seen (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 200; run += 1) {
      const seen = Array.from({ length: 40 }, () =>
        seconds(random.between(1, 20), random.pick(['good', 'fair', 'poor'] as const) ?? 'good'),
      ).flat();
      const shown = shownOver(seen);
      for (let from = 0; from + 60 <= shown.length; from += 1)
        expect(changes(shown.slice(from, from + 60)), `run ${run}`).toBeLessThan(8);
      // Never better than it has been in each of the last 8 s, and never worse than the worst of them for long.
      for (const [index, level] of shown.entries()) {
        const last = seen.slice(Math.max(0, index - LEVELS.riseAfterMs / 1_000), index + 1);
        if (level === 'good' && index > 0 && shown[index - 1] !== 'good')
          expect(
            last.every((one) => one === 'good'),
            `run ${run}, second ${index}`,
          ).toBe(true);
      }
    }
  });
});

const CALM: MarkConditions = {
  atMs: 0,
  isForwarded: false,
  sentLoss: 0,
  receivedLoss: 0,
  commonLoss: 0,
  roundTripMs: 40,
  availableBitrate: 2_000_000,
  hasCamera: true,
  reach: { late: 0, roundTripMs: 20 },
  others: ['good'],
};

/** Looks once a second for so long. */
function look(
  change: Partial<MarkConditions>,
  forSeconds: number,
  state: MarkState = NO_MARKS,
  from = 0,
): MarkState {
  let next = state;
  for (let second = from; second < from + forSeconds; second += 1)
    next = stepMarks(next, { ...CALM, ...change, atMs: second * 1_000 });
  return next;
}
const LOSSY = { sentLoss: 0.1, receivedLoss: 0.1 };
const LATE = { late: 0.4, roundTripMs: 40 };

describe('whose side it is', () => {
  it('is nobody’s where all is well, and nothing is said of it', () => {
    expect(look({}, 60).mark).toEqual({ level: 'good', side: null });
    expect(ownStatement(look({ reach: LATE }, 60))).toBe('good');
  });

  it('is this one’s between two where the server is reached badly, too', () => {
    const state = look({ ...LOSSY, reach: LATE }, 5);
    expect(state.mark).toEqual({ level: 'poor', side: 'own' });
    expect(ownStatement(state)).toBe('poor');
  });

  it('is this one’s between two where too little gets out, unless the other says that it is theirs', () => {
    const narrow = { availableBitrate: 80_000 };
    expect(look(narrow, 5).mark).toEqual({ level: 'poor', side: 'own' });
    expect(look({ ...narrow, others: ['poor'] }, 5).mark).toEqual({ level: 'poor', side: 'other' });
    expect(look({ ...narrow, hasCamera: false }, 5).mark.level).toBe('good');
  });

  it('is the other’s where they say so and the server is reached well', () => {
    const state = look({ ...LOSSY, others: ['poor'] }, 5);
    expect(state.mark).toEqual({ level: 'poor', side: 'other' });
    expect(ownStatement(state)).toBe('good');
  });

  it('is the other’s where only they suffer', () => {
    expect(look({ others: ['fair'] }, 5).mark).toEqual({ level: 'fair', side: 'other' });
  });

  it('is both’s where both say so', () => {
    expect(look({ ...LOSSY, reach: LATE, others: ['poor'] }, 5).mark.side).toBe('both');
  });

  it('is not guessed for 10 s, and then neither’s', () => {
    const early = look(LOSSY, 5);
    expect(early.mark).toEqual({ level: 'poor', side: null });
    expect(look(LOSSY, UNDECIDED_MS / 1_000 + 2, early, 5).mark.side).toBe('between');
    expect(look(LOSSY, 30, NO_MARKS).mark.side).toBe('between');
  });

  it('is this one’s in a group where what it sends is lost, or what comes of everybody', () => {
    const group = { isForwarded: true, others: seconds(3, 'good') };
    expect(look({ ...group, sentLoss: 0.1 }, 5).mark).toEqual({ level: 'poor', side: 'own' });
    expect(look({ ...group, commonLoss: 0.05, receivedLoss: 0.05 }, 5).mark).toEqual({
      level: 'fair',
      side: 'own',
    });
  });

  it('is shown with the others in a group where they lose what they send', () => {
    const others: QualityLevel[] = ['poor', 'good', 'good'];
    const state = look({ isForwarded: true, others, receivedLoss: 0.1, commonLoss: 0 }, 30);
    expect(state.mark).toEqual({ level: 'good', side: null });
  });

  it('is the server’s where it answers everybody badly, or nobody’s line is', () => {
    const group = { isForwarded: true, others: seconds(3, 'poor') };
    expect(look({ ...group, sentLoss: 0.1 }, 5).mark.side).toBe('server');
    const slow = look({ isForwarded: true, others: seconds(3, 'good'), roundTripMs: 900 }, 30);
    expect(slow.mark).toEqual({ level: 'poor', side: 'server' });
  });

  it('makes nothing of figures that are missing or absurd', () => {
    const missing = {
      sentLoss: null,
      receivedLoss: null,
      commonLoss: null,
      roundTripMs: null,
      availableBitrate: null,
      reach: null,
    };
    expect(look(missing, 30).mark.level).toBe('good');
    const absurd = {
      ...missing,
      sentLoss: Number.NaN,
      roundTripMs: Number.NaN,
      availableBitrate: Number.NaN,
    };
    expect(look(absurd, 30).mark.level).toBe('good');
  });
});

const answers = (times: readonly (number | null)[]) =>
  times.reduce((record, time, second) => addAnswer(record, second * 1_000, time), NO_REACH);

describe('how the server is reached', () => {
  it('is not said by fewer than four answers', () => {
    expect(reachOf(answers([20, 20, 20]), 3_000)).toBeNull();
    expect(reachOf(answers([20, 22, 30, 20]), 4_000)).toEqual({ late: 0, roundTripMs: 22 });
  });

  it('counts what comes 120 ms later than the quickest, or not at all', () => {
    expect(reachOf(answers([20, 139, 141, null]), 4_000)?.late).toBe(0.5);
    expect(reachOf(answers([Number.NaN, -5, 20, 20]), 4_000)?.late).toBe(0.5);
  });

  it('forgets what is longer ago than 15 s, but for the quickest', () => {
    const mended = answers([
      20,
      ...Array.from({ length: 20 }, () => 300),
      ...Array.from({ length: 16 }, () => 25),
    ]);
    expect(mended.answers.length).toBeLessThanOrEqual(17);
    expect(reachOf(mended, 36_000)).toEqual({ late: 0, roundTripMs: 25 });
  });

  it(`tells a line that loses a tenth both ways from one that loses nothing within 30 s, 19 times of 20 (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    /** Of 200 lines the share that is found. TCP sends anew after 200 ms at least, and after twice as long each time. */
    const told = (loss: number): number => {
      const isTold = (): boolean => {
        let record = NO_REACH;
        return Array.from({ length: 30 }, (_, second) => {
          let time = 40 + random.between(0, 30);
          for (let wait = 200; random.between(0, 999) < loss * 1_000; wait *= 2) time += wait;
          record = addAnswer(record, second * 1_000, time);
          return (reachOf(record, second * 1_000)?.late ?? 0) >= FELT.late.fair;
        }).some(Boolean);
      };
      return Array.from({ length: 200 }, isTold).filter(Boolean).length / 200;
    };
    // Lost on the way there or back.
    expect(told(1 - 0.9 ** 2)).toBeGreaterThan(0.95);
    expect(told(0)).toBe(0);
  });
});
