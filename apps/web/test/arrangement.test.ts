import { describe, expect, test } from 'vitest';
import { arrange, largeOf, pageWith, SELF, type Cast } from '../src/screens/group/arrangement.ts';
import { castOf, sameCast, selfIsTile } from '../src/screens/group/cast.ts';
import { sameShown, shownTiles } from '../src/screens/group/shown.ts';
import { group, tile } from './groups.ts';

const stage = { width: 1416, height: 716 };
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);
const cast = (count: number, change: Partial<Cast> = {}): Cast => ({
  ...castOf(group({ tiles: ids(count).map((id) => tile(id)) }), true),
  ...change,
});
const shownIds = (of: Cast, page = 0): string[] => arrange(of, stage, page).placed.map(({ id }) => id);
const screen = (id: string, userId: string) => ({ id, userId });

const spot = (count: number, change: Partial<Cast> = {}): Cast =>
  cast(count, { layout: 'spotlight', ...change });

describe('the grid', () => {
  test('shows oneself last on the first page, and nobody moves when somebody comes', () => {
    expect(shownIds(cast(3))).toEqual(['p0', 'p1', 'p2', SELF]);
    expect(shownIds(cast(15))).toEqual([...ids(15), SELF]);
    expect(shownIds(cast(16))).toEqual([...ids(15), SELF]);
    expect(shownIds(cast(16), 1)).toEqual(['p15']);
  });

  test('has pages beyond 16, and stays on the last one when they become fewer', () => {
    expect(arrange(cast(31), stage, 0).pages).toBe(2);
    expect(arrange(cast(32), stage, 9)).toMatchObject({ pages: 3, page: 2 });
    expect(arrange(cast(3), stage, 2)).toMatchObject({ pages: 1, page: 0 });
  });

  test('puts screens first', () => {
    expect(shownIds(cast(2, { screens: [screen('s', 'p1')] }))).toEqual(['s', 'p0', 'p1', SELF]);
  });

  test('places nobody before the stage has a size', () => {
    expect(arrange(cast(4), { width: 0, height: 0 }, 0)).toEqual({ placed: [], pages: 1, page: 0 });
  });
});

describe('the spotlight', () => {
  test('is on what was pinned, else the newest screen, else the speaker', () => {
    const screens = [screen('s1', 'p0'), screen('s2', 'p1')];
    expect(largeOf(spot(3, { screens, speakerId: 'p1', pinnedId: 'p2' }))?.id).toBe('p2');
    expect(largeOf(spot(3, { screens, speakerId: 'p1', pinnedId: 's1' }))?.id).toBe('s1');
    expect(largeOf(spot(3, { screens, speakerId: 'p1' }))?.id).toBe('s2');
    expect(largeOf(spot(3, { speakerId: 'p1' }))?.id).toBe('p1');
    expect(largeOf(spot(3))?.id).toBe('p0');
    expect(largeOf(spot(3, { pinnedId: 'gone', speakerId: 'gone too' }))?.id).toBe('p0');
    expect(largeOf(spot(0))).toBeNull();
  });

  test('does not begin with somebody who still rings', () => {
    const tiles = [tile('a', { phase: 'ringing' }), tile('b')];
    expect(largeOf(castOf(group({ tiles }), true))?.id).toBe('b');
  });

  test('shows who shares small over their screen, and not a second time', () => {
    const { placed } = arrange(spot(3, { screens: [screen('s', 'p1')] }), stage, 0);
    expect(placed.filter(({ id }) => id === 'p1')).toHaveLength(1);
    const presenter = placed.find(({ id }) => id === 'p1');
    const large = placed.find((one) => one.large);
    expect(presenter?.presenter).toBe(true);
    expect(large?.id).toBe('s');
    expect(presenter?.box.x).toBeGreaterThan(large?.box.x ?? 0);
    expect((presenter?.box.y ?? 0) + (presenter?.box.height ?? 0)).toBeLessThan(
      (large?.box.y ?? 0) + (large?.box.height ?? 0),
    );
  });

  test('a pin makes one large in the grid too', () => {
    expect(arrange(cast(3, { pinnedId: 'p1' }), stage, 0).placed.find((one) => one.large)?.id).toBe('p1');
  });

  test('everybody is on some page', () => {
    const many = spot(31, { speakerId: 'p4' });
    const { pages } = arrange(many, stage, 0);
    const seen = new Set(Array.from({ length: pages }, (_, page) => shownIds(many, page)).flat());
    expect(seen).toEqual(new Set([...ids(31), SELF]));
  });
});

test('somebody out of sight is found on their page', () => {
  const many = cast(31);
  const first = arrange(many, stage, 0);
  expect(pageWith(many, stage, first, 'p3')).toBeNull();
  expect(pageWith(many, stage, first, 'p20')).toBe(1);
  expect(pageWith(many, stage, first, 'nobody')).toBeNull();
});

describe('what the others are told is seen of them', () => {
  const many = cast(20, { screens: [screen('s', 'p1')] });

  test('names everybody, with the size of those in sight', () => {
    const shown = shownTiles(many, arrange(many, stage, 0), true);
    expect(shown).toHaveLength(21);
    expect(shown.filter(({ visible }) => visible)).toHaveLength(15);
    for (const { visible, width, height } of shown) {
      expect(width > 0 && height > 0).toBe(visible);
      expect(Number.isInteger(width) && Number.isInteger(height)).toBe(true);
    }
    expect(shown.find(({ id }) => id === 'p19')).toEqual({
      id: 'p19',
      width: 0,
      height: 0,
      visible: false,
      large: false,
    });
  });

  test('says who is large', () => {
    const spot: Cast = { ...many, layout: 'spotlight' };
    const large = shownTiles(spot, arrange(spot, stage, 0), true).filter((one) => one.large);
    expect(large.map(({ id }) => id)).toEqual(['s']);
  });

  test('is nothing while nobody looks', () => {
    const shown = shownTiles(many, arrange(many, stage, 0), false);
    expect(shown.some(({ visible }) => visible)).toBe(false);
  });

  test('is told again only when it has changed', () => {
    const shown = shownTiles(many, arrange(many, stage, 0), true);
    expect(sameShown(shown, shownTiles(many, arrange(many, stage, 0), true))).toBe(true);
    expect(sameShown(shown, shownTiles(many, arrange(many, stage, 1), true))).toBe(false);
    expect(sameShown(shown, shown.slice(1))).toBe(false);
  });
});

test('levels and marks move nobody', () => {
  const quiet = castOf(group({ tiles: [tile('a'), tile('b')] }), true);
  const loud = castOf(group({ tiles: [tile('a', { level: 1, muted: true, hand: true }), tile('b')] }), true);
  expect(sameCast(quiet, loud)).toBe(true);
  expect(sameCast(quiet, castOf(group({ tiles: [tile('b'), tile('a')] }), true))).toBe(false);
  expect(sameCast(quiet, null)).toBe(false);
});

test('oneself floats beside one other, and is a tile among several, unless one wants it otherwise', () => {
  expect(selfIsTile(1, null)).toBe(false);
  expect(selfIsTile(2, null)).toBe(true);
  expect(selfIsTile(1, 'tile')).toBe(true);
  expect(selfIsTile(6, 'floating')).toBe(false);
  expect(selfIsTile(0, 'floating')).toBe(true);
});
