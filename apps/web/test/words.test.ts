import { describe, expect, test } from 'vitest';
import { callWords } from '../src/words/call.ts';
import { captureWords } from '../src/words/capture.ts';
import { words } from '../src/words/index.ts';
import { firstName, initials, list } from '../src/words/names.ts';
import { formatDuration, lastSeen, relativeTime, speakDuration, weekdayTime } from '../src/words/time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const noon = new Date(2026, 2, 18, 12, 0, 0).getTime();
const at = (agoMs: number): string => relativeTime(noon - agoMs, noon, 'en-GB');

test('the end of a link says its day: a day from now has the same hour', () => {
  expect(weekdayTime(noon, 'en-GB')).toBe('Wednesday 12:00');
  expect(weekdayTime(noon + DAY_MS, 'en-GB')).toBe('Thursday 12:00');
});

describe('durations', () => {
  test.each([
    [0, '0:00'],
    [999, '0:00'],
    [59_999, '0:59'],
    [185_000, '3:05'],
    [3_729_000, '1:02:09'],
    [36_000_000, '10:00:00'],
    [-5, '0:00'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [185_000, '3 minutes 5 seconds'],
    [180_000, '3 minutes'],
    [3_729_000, '1 hour 2 minutes 9 seconds'],
  ])('%d ms is spoken %s', (ms, text) => {
    expect(speakDuration(ms, 'en-GB')).toBe(text);
  });
});

describe('relative times', () => {
  test.each([
    [0, 'Just now'],
    [-5_000, 'Just now'],
    [59_999, 'Just now'],
    [MINUTE_MS, '1 min ago'],
    [59 * MINUTE_MS, '59 min ago'],
    [HOUR_MS, '11:00'],
    [11 * HOUR_MS, '01:00'],
    [13 * HOUR_MS, 'Yesterday'],
    [DAY_MS, 'Yesterday'],
    [2 * DAY_MS, 'Monday'],
    [6 * DAY_MS, 'Thursday'],
    [7 * DAY_MS, '11 Mar'],
    [400 * DAY_MS, '11 Feb 2025'],
  ])('%d ms before a Wednesday noon is %s', (agoMs, text) => {
    expect(at(agoMs)).toBe(text);
  });

  test('midnight parts the days, not 24 hours', () => {
    const early = new Date(2026, 2, 18, 1, 30).getTime();
    const late = new Date(2026, 2, 17, 23, 50).getTime();
    expect(relativeTime(late, early, 'en-GB')).toBe('Yesterday');
  });

  test('days stay right over a change of the clocks', () => {
    const after = new Date(2026, 2, 30, 12).getTime();
    const before = new Date(2026, 2, 28, 12).getTime();
    expect(relativeTime(before, after, 'en-GB')).toBe('Saturday');
  });

  test('last seen reads as a sentence', () => {
    const seen = (agoMs: number): string | null => lastSeen(noon - agoMs, noon, 'en-GB');
    expect(seen(0)).toBe('Last seen just now');
    expect(seen(5 * MINUTE_MS)).toBe('Last seen 5 min ago');
    expect(seen(2 * HOUR_MS)).toBe('Last seen at 10:00');
    expect(seen(DAY_MS)).toBe('Last seen yesterday');
    expect(seen(3 * DAY_MS)).toBe('Last seen on Sunday');
    expect(lastSeen(null, noon)).toBeNull();
  });
});

describe('names', () => {
  test('initials take the first and the last name', () => {
    expect(initials('Ana Duarte')).toBe('AD');
    expect(initials('Maximiliane von Hohenstein')).toBe('MH');
    expect(initials('cher')).toBe('C');
    expect(initials('  ')).toBe('?');
    expect(initials('Åsa Öberg')).toBe('ÅÖ');
  });

  test('sentences use the first name', () => {
    expect(firstName(' Ben Whitaker')).toBe('Ben');
    expect(list(['Laptop', 'Phone', 'Tablet'])).toBe('Laptop, Phone and Tablet');
  });
});

const REASONS = [
  'hangup',
  'cancelled',
  'declined',
  'no_answer',
  'busy',
  'unavailable',
  'answered_elsewhere',
  'declined_elsewhere',
  'connection_lost',
  'media_failed',
  'failed_to_start',
  'device_in_other_window',
] as const;

const answeredOn = (by: string | null): string =>
  words.endings({
    direction: 'incoming',
    personName: 'Ben',
    reason: 'answered_elsewhere',
    durationMs: null,
    by,
  }).title;

describe('the end of a call', () => {
  for (const direction of ['outgoing', 'incoming'] as const) {
    test.each(REASONS)(`${direction} %s has calm words without a code`, (reason) => {
      const { title, detail } = words.endings({
        direction,
        personName: 'Ben Whitaker',
        reason,
        durationMs: null,
        by: null,
      });
      const text = `${title} ${detail ?? ''}`;
      expect(title.length).toBeGreaterThan(4);
      expect(text).not.toMatch(/_|error|fail/iu);
      expect(text).not.toContain('null');
    });
  }

  test('is said otherwise for each reason to whoever called', () => {
    const said = REASONS.map((reason) =>
      words.endings({ direction: 'outgoing', personName: 'Ben', reason, durationMs: null, by: null }),
    );
    expect(new Set(said.map(({ title, detail }) => `${title} ${detail ?? ''}`)).size).toBe(REASONS.length);
  });

  test('who took it is named', () => {
    expect(answeredOn('phone')).toBe('Answered on your phone');
    expect(answeredOn(null)).toBe('Answered on another device of yours');
  });

  test('a device that says whose it is is not called yours again', () => {
    expect(answeredOn('Ana’s phone')).toBe('Answered on Ana’s phone');
  });

  test('devices that share a name are counted', () => {
    expect(callWords.outgoing.ringingOn(['Mac (Safari)', 'iPhone'])).toBe(
      'Ringing on Mac (Safari) and iPhone',
    );
    expect(callWords.outgoing.ringingOn(['iPhone', 'iPhone'])).toBe('Ringing on 2 devices');
    expect(callWords.outgoing.ringingOn(['A', 'B', 'C', 'D'])).toBe('Ringing on 4 devices');
  });

  test('an unreachable person', () => {
    expect(
      words.endings({
        direction: 'outgoing',
        personName: 'Ben Whitaker',
        reason: 'unavailable',
        durationMs: null,
        by: null,
      }),
    ).toEqual({ title: 'Ben can’t be reached', detail: 'None of Ben’s devices is online right now.' });
  });
});

test('what is wrong with camera or microphone is said in words of its own, with what it means and what to do', () => {
  const said = Object.entries(captureWords);
  expect(said.length).toBeGreaterThan(8);
  expect(new Set(said.map(([, { title }]) => title)).size).toBe(said.length);
  for (const [problem, { title, body }] of said) {
    expect(`${title} ${body}`, problem).not.toMatch(/_|error|fail/iu);
    expect(body, problem).toMatch(/\b(?:allow|plug|close|open)\b/iu);
  }
});
