import { describe, expect, test } from 'vitest';
import type { QualityPoint } from '../src/model/model.ts';
import { points } from '../src/gallery/statistics.ts';
import { plotOf } from '../src/screens/call/plot.ts';
import { qualityWords } from '../src/words/quality.ts';
import { words } from '../src/words/index.ts';

const SIZE = { width: 100, height: 52, most: 10, places: 11 };
const EMPTY = points()[0];
const withTrips = (...values: readonly (number | null)[]): QualityPoint[] =>
  values.flatMap((roundTripMs, index) =>
    EMPTY === undefined ? [] : [{ ...EMPTY, atMs: index * 1_000, roundTripMs }],
  );
const trip = (point: QualityPoint): number | null => point.roundTripMs;

const halfTrip = (point: QualityPoint): number | null => (point.roundTripMs ?? 0) / 2;

const budgetAt = (usedBytes: number, state: 'pictures' | 'sound' | 'spent') =>
  qualityWords.budget({ megabytes: 20, usedBytes, state });

describe('a plot', () => {
  test('ends at the right, and begins where there is something', () => {
    const { lines } = plotOf(withTrips(0, 5, 10), [trip], SIZE);
    expect(lines[0]?.path).toBe('M80.0 51.0L90.0 26.0L100.0 1.0');
    expect(lines[0]).toMatchObject({ least: 0, most: 10, last: 10 });
  });

  test('has a gap where nothing is known, or nothing that makes sense', () => {
    const { lines } = plotOf(withTrips(5, null, Number.NaN, -3, 5, 5), [trip], SIZE);
    expect(lines[0]?.path).toBe('M50.0 26.0M90.0 26.0L100.0 26.0');
  });

  test('grows its scale with what is drawn, for all lines of it alike', () => {
    const { top, lines } = plotOf(withTrips(40, 20), [trip, halfTrip], SIZE);
    expect(top).toBe(40);
    expect(lines.map(({ most }) => most)).toEqual([40, 20]);
  });

  test('draws the newest of more than fit', () => {
    const { lines } = plotOf(withTrips(...Array.from({ length: 30 }, (_, index) => index)), [trip], SIZE);
    expect(lines[0]?.least).toBe(19);
    expect(lines[0]?.path.startsWith('M0.0 ')).toBe(true);
  });

  test('of nothing is nothing', () => {
    expect(plotOf([], [trip], SIZE).lines[0]).toEqual({ path: '', least: null, most: null, last: null });
  });
});

const wasFor = (fairSeconds: number, poorSeconds: number, side?: 'own' | 'other' | 'server') =>
  words.quality.remembered({
    seconds: 100,
    fairSeconds,
    poorSeconds,
    ...(side === undefined ? {} : { side }),
  });

describe('how a call was, in its entry', () => {
  test('is not mentioned where it was well for most of the time', () => {
    expect(wasFor(9, 0, 'own')).toBeNull();
    expect(wasFor(4, 5, 'own')).toBeNull();
  });
  test('says whose side it was', () => {
    expect(wasFor(10, 0, 'own')).toBe('Your connection was weak');
    expect(wasFor(0, 10, 'other')).toBe('Their connection was very weak');
    expect(wasFor(50, 0, 'server')).toBe('The server was slow');
    expect(wasFor(50, 0)).toBe('The connection was weak');
  });
});

describe('the marks in words', () => {
  test('name whoever it is', () => {
    expect(qualityWords.mark({ level: 'poor', side: 'own' }, 'Ana Silva')).toBe(
      'Your connection is very weak',
    );
    expect(qualityWords.mark({ level: 'fair', side: 'other' }, 'Ana Silva')).toBe('Ana’s connection is weak');
    expect(qualityWords.mark({ level: 'fair', side: 'both' }, 'Ana Silva')).toBe('Both connections are weak');
    expect(qualityWords.mark({ level: 'fair', side: 'server' }, null)).toBe('The server is slow');
    expect(qualityWords.mark({ level: 'fair', side: null }, null)).toBe('The connection is weak');
  });
  test('say of a budget when it matters', () => {
    expect(budgetAt(1_000_000, 'pictures')).toBeNull();
    expect(budgetAt(17_000_000, 'sound')).toMatch(/20 MB .* sound only .* about 3 min/);
    expect(budgetAt(21_000_000, 'spent')).toMatch(/20 MB are used up\. Sound goes on/);
  });
});
