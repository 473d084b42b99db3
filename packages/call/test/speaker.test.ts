import { describe, expect, test } from 'vitest';
import { HOLD_MS, NOBODY_AFTER_MS, OVER_MS } from '../src/group/speaker.ts';
import { NOBODY_SPEAKS, forgetSpeaker, stepSpeaker, type SpeakerState } from '../src/index.ts';

const TICK_MS = 250;
const LOUD = -30;
const SILENT = -127;
type Levels = Readonly<Record<string, number>>;

/** What is shown at each level that comes. */
function run(levels: readonly Levels[], begin: SpeakerState = NOBODY_SPEAKS) {
  let state = begin;
  return levels.map((level, index) => {
    const volumes = Object.entries(level).map(([deviceId, volume]) => ({ deviceId, volume }));
    state = stepSpeaker(state, volumes, index * TICK_MS);
    return state;
  });
}
const shownIn = (states: readonly SpeakerState[]) => states.map(({ shown }) => shown);
const times = (count: number, levels: Levels): Levels[] => Array.from({ length: count }, () => levels);

/**
 * The levels of somebody who begins at `beginMs` and stops at `endMs`: each is the mean of the 250 ms before it.
 *
 * @param phase - when the first level comes, in ms
 */
function levelsOf(beginMs: number, endMs: number, phase: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const to = phase + index * TICK_MS;
    const spoken = Math.max(0, Math.min(to, endMs) - Math.max(to - TICK_MS, beginMs));
    return SILENT + ((LOUD - SILENT) * spoken) / TICK_MS;
  });
}

describe('who begins to speak', () => {
  test('is shown at once where nobody is', () => {
    expect(shownIn(run([{}, { ana: LOUD }]))).toEqual([null, 'ana']);
  });

  test('is shown within 500 ms, wherever between two levels it begins', () => {
    for (let phase = 1; phase <= TICK_MS; phase += 1) {
      const levels = levelsOf(0, Infinity, phase, 3).map((ana) => ({ ana }));
      const shownAt = shownIn(run(levels)).indexOf('ana') * TICK_MS + phase;
      expect(shownAt).toBeGreaterThan(0);
      expect(shownAt).toBeLessThanOrEqual(500);
    }
  });

  test('is shown within 500 ms when another has just stopped', () => {
    const stopsAt = 2_000;
    for (let phase = 1; phase <= TICK_MS; phase += 1) {
      const ana = levelsOf(0, stopsAt, phase, 12);
      const ben = levelsOf(stopsAt, Infinity, phase, 12);
      const states = run(ana.map((level, index) => ({ ana: level, ben: ben[index] ?? SILENT })));
      const shownAt = shownIn(states).indexOf('ben') * TICK_MS + phase;
      expect(shownAt).toBeGreaterThanOrEqual(stopsAt);
      expect(shownAt - stopsAt).toBeLessThanOrEqual(500);
    }
  });

  test('is not shown for what is no speech', () => {
    expect(shownIn(run(times(8, { ana: -55 })))).toEqual(times(8, {}).map(() => null));
  });
});

describe('it does not flicker', () => {
  test('while two speak as loud as each other', () => {
    const levels = Array.from({ length: 80 }, (_, index) =>
      index % 2 === 0 ? { ana: LOUD, ben: LOUD - 3 } : { ana: LOUD - 3, ben: LOUD },
    );
    expect(new Set(shownIn(run(levels)))).toEqual(new Set(['ana']));
  });

  test('when somebody says a word in a pause: everybody is shown for a second at least', () => {
    const pattern = [{ ana: LOUD }, { ana: LOUD }, {}, { ben: LOUD }];
    const states = run(Array.from({ length: 60 }, (_, index) => pattern[index % 4] ?? {}));
    let since = 0;
    shownIn(states).forEach((shown, index, all) => {
      if (index === 0 || shown === all[index - 1]) return;
      if (since > 0) expect((index - since) * TICK_MS).toBeGreaterThanOrEqual(HOLD_MS);
      since = index;
    });
    expect(since).toBeGreaterThan(0);
  });

  test('in the pauses between words', () => {
    const levels = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? { ana: LOUD } : {}));
    expect(new Set(shownIn(run(levels)))).toEqual(new Set(['ana']));
  });
});

test('whoever talks much louder over another is shown after a while', () => {
  const states = run([...times(8, { ana: LOUD }), ...times(8, { ana: LOUD, ben: LOUD + 10 })]);
  const shown = shownIn(states);
  expect(shown.slice(0, 8 + OVER_MS / TICK_MS)).not.toContain('ben');
  expect(shown.at(-1)).toBe('ben');
});

test('nobody is shown after 1.5 s of silence, and the state says when to look', () => {
  const [spoken] = run([{ ana: LOUD }]);
  expect(spoken?.deadline).toBe(NOBODY_AFTER_MS);
  const state = spoken ?? NOBODY_SPEAKS;
  expect(stepSpeaker(state, [], NOBODY_AFTER_MS - 1).shown).toBe('ana');
  expect(stepSpeaker(state, [], NOBODY_AFTER_MS)).toEqual(NOBODY_SPEAKS);
});

test('who leaves is shown no more, and takes over from nobody', () => {
  const states = run([...times(8, { ana: LOUD }), { ana: LOUD, ben: LOUD + 10 }]);
  const last = states.at(-1) ?? NOBODY_SPEAKS;
  expect(last.challenger?.deviceId).toBe('ben');
  expect(forgetSpeaker(last, 'ben')).toMatchObject({ shown: 'ana', challenger: null });
  expect(forgetSpeaker(last, 'ana')).toEqual(NOBODY_SPEAKS);
  expect(forgetSpeaker(last, 'cem')).toEqual(last);
});
