import { describe, expect, test } from 'vitest';
import type { ChatLine, GroupCallView } from '../src/model/groups.ts';
import { showsGroup } from '../src/screens/call/phase.ts';
import { announcementsFor } from '../src/screens/effects/announcements.ts';
import { groupNews } from '../src/screens/effects/groupAnnouncements.ts';
import { shortcutFor, type KeyPress } from '../src/screens/effects/shortcuts.ts';
import { titleFor } from '../src/screens/effects/title.ts';
import { soundFor } from '../src/screens/effects/useSounds.ts';
import { callTitle, takenPlaces } from '../src/screens/group/names.ts';
import { chatBlocks } from '../src/screens/group/panels/chatBlocks.ts';
import { membersToKeep, peopleSections } from '../src/screens/group/panels/sections.ts';
import { words } from '../src/words/index.ts';
import { call, connected, ended, rings } from './calls.ts';
import { group, member, person, tile } from './groups.ts';

const me = member('me', { isMe: true });
const people = (...others: readonly ReturnType<typeof member>[]): GroupCallView =>
  group({ people: [me, ...others] });
const crowd = (count: number): ReturnType<typeof member>[] =>
  Array.from({ length: count }, (_, index) => member(`p${index}`));

const line = (id: string, userId: string, at: number): ChatLine => ({
  id,
  userId,
  name: userId,
  isMe: false,
  text: id,
  at,
  state: 'sent',
  missedBy: [],
});

const press = (key: string): KeyPress => ({
  key,
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  inField: false,
  repeat: false,
});

const titled = (view: GroupCallView): string => callTitle(call('a', connected, { group: view }));
const named = (id: string, name: string) => member(id, { user: person(id, name) });

const shows = (phase: Parameters<typeof call>[1]): boolean =>
  showsGroup(call('a', phase, { group: group() }));
const names = (list: readonly { readonly user: { readonly userId: string } }[]): string[] =>
  list.map(({ user }) => user.userId);

describe('what a group call is called', () => {
  test('its own name, else its people, at most three', () => {
    expect(titled(group({ title: 'Choir' }))).toBe('Choir');
    expect(titled(people(named('b', 'Ben W'), named('c', 'Cleo X')))).toBe('Ben and Cleo');
    expect(titled(people(...['Ben', 'Cleo', 'Dan', 'Eva', 'Fay'].map((name) => named(name, name))))).toBe(
      'Ben, Cleo and 3 others',
    );
  });

  test('those who are gone are named when nobody else is left', () => {
    expect(titled(people(member('Ben', { status: 'left' }), member('Cleo')))).toBe('Cleo');
    expect(titled(people(member('Ben', { status: 'left' })))).toBe('Ben');
    expect(titled(people())).toBe('Ben');
  });

  test('a call between two keeps the name of the other', () => {
    expect(callTitle(call('a', connected))).toBe('Ben Whitaker');
  });

  test('stands in the title of the tab', () => {
    const service = { name: 'Visavis', demo: true, hasRelay: true };
    const calls = [call('a', connected, { group: group({ title: 'Choir' }) })];
    expect(titleFor({ service, calls, missedUnseen: 0 })).toBe('Choir · Visavis');
  });
});

test('GRP1 who rings and who is in it takes a place, nobody else', () => {
  const statuses = ['joined', 'ringing', 'left', 'declined', 'missed', 'removed', 'waiting'] as const;
  expect(takenPlaces(statuses.map((status) => member(status, { status })))).toBe(2);
});

test('it is shown as a group from the first moment that one is in it until it ends', () => {
  expect(shows({ name: 'dialing' })).toBe(true);
  expect(shows(connected)).toBe(true);
  for (const phase of [rings, { name: 'waiting' } as const, ended('hangup', 1)]) {
    expect(shows(phase)).toBe(false);
  }
  expect(showsGroup(call('a', connected))).toBe(false);
});

test('the list of people: the door first, then hands, then the others in their order', () => {
  const sections = peopleSections([
    me,
    member('b'),
    member('c', { hand: true }),
    member('d', { status: 'ringing' }),
    member('e', { status: 'left' }),
    member('f', { status: 'waiting' }),
    member('g', { hand: true }),
    member('h', { status: 'removed' }),
  ]);
  expect(names(sections.waiting)).toEqual(['f']);
  expect(names(sections.joined)).toEqual(['c', 'g', 'me', 'b']);
  expect(names(sections.ringing)).toEqual(['d']);
  expect(names(sections.gone)).toEqual(['e', 'h']);
});

test('GRP10 a group of a call has whoever is, was or is wanted in it, but no guests, nobody removed and no more than fit', () => {
  const members = membersToKeep([
    me,
    member('b', { status: 'missed' }),
    member('c'),
    member('d', { status: 'ringing' }),
    member('e', { guest: true }),
    member('f', { status: 'waiting' }),
    member('h', { status: 'removed' }),
  ]);
  expect(members).toEqual(['c', 'd', 'b']);
  const crowd = Array.from({ length: 40 }, (_, n) => member(`p${n}`, { status: n < 10 ? 'left' : 'joined' }));
  expect(membersToKeep([me, ...crowd])).toHaveLength(31);
  expect(membersToKeep([me, ...crowd]).slice(0, 30)).toEqual(crowd.slice(10).map(({ user }) => user.userId));
});

describe('chat', () => {
  test('lines that one person writes in one go stand together', () => {
    const blocks = chatBlocks(
      [line('1', 'b', 0), line('2', 'b', 1_000), line('3', 'c', 2_000), line('4', 'c', 400_000)],
      null,
    );
    expect(blocks.map(({ lines }) => lines.map(({ id }) => id))).toEqual([['1', '2'], ['3'], ['4']]);
  });

  test('what had not been read begins anew, and is marked once', () => {
    const blocks = chatBlocks([line('1', 'b', 0), line('2', 'b', 1_000), line('3', 'b', 2_000)], '2');
    expect(blocks.map(({ fresh, lines }) => [fresh, lines.length])).toEqual([
      [false, 1],
      [true, 2],
    ]);
  });

  test('is read out when somebody else wrote it', () => {
    const mine: ChatLine = { ...line('2', 'me', 1), isMe: true };
    expect(groupNews(group(), group({ chat: [line('1', 'b', 0), mine] }))).toEqual(['b: 1']);
  });

  test('of before a reload is not read out again', () => {
    expect(groupNews(group(), group({ chat: [{ ...line('1', 'b', 0), isKept: true }] }))).toEqual([]);
  });
});

describe('who comes and goes', () => {
  test('is said and heard', () => {
    const [two, three] = [people(member('b')), people(member('b'), member('c'))];
    expect(groupNews(two, three)).toEqual(['c joined']);
    expect(groupNews(three, two)).toEqual(['c left']);
    expect(soundFor(two, three)).toBe('came');
    expect(soundFor(three, two)).toBe('went');
    expect(soundFor(two, two)).toBeNull();
    expect(soundFor(null, two)).toBeNull();
  });

  test('is neither said nor heard among more than eight, but hands are', () => {
    const [before, after] = [people(...crowd(8)), people(...crowd(9))];
    expect(groupNews(before, after)).toEqual([]);
    expect(soundFor(before, after)).toBeNull();
    const [first, ...rest] = crowd(9);
    expect(first).toBeDefined();
    expect(groupNews(after, people(member('p0', { hand: true }), ...rest))).toEqual(['p0 raised a hand']);
  });

  test('who waits at the door is told to the host alone', () => {
    const waits = people(member('b', { status: 'waiting' }));
    expect(groupNews({ ...people(), isHost: true }, { ...waits, isHost: true })).toEqual([
      'b waits to be let in',
    ]);
    expect(groupNews(people(), waits)).toEqual([]);
  });

  test('screens are told, one’s own not', () => {
    const screen = { id: 's', userId: 'b', name: 'Ben', stream: null, isMe: false };
    expect(groupNews(group(), group({ screens: [screen] }))).toEqual(['Ben is sharing a screen']);
    expect(groupNews(group(), group({ screens: [{ ...screen, isMe: true }] }))).toEqual([]);
  });

  test('a call between two that becomes a group is no news about the other', () => {
    const before = call('a', connected);
    const after = call('a', connected, {
      group: people(member('b')),
      remote: { ...before.remote, camera: false },
    });
    expect(announcementsFor([before], [after])).toEqual([]);
  });

  test('levels are no news', () => {
    const before = group({ tiles: [tile('b')] });
    expect(groupNews(before, { ...before, tiles: [tile('b', { level: 1 })] })).toEqual([]);
  });
});

test('keys of a group call mean nothing elsewhere', () => {
  const meanings = Object.entries({
    c: 'chat',
    p: 'people',
    r: 'hand',
    s: 'share',
    l: 'layout',
    k: 'pin',
    PageDown: 'next_page',
    PageUp: 'previous_page',
  });
  for (const [key, meaning] of meanings) {
    expect(shortcutFor(press(key), 'group')).toBe(meaning);
    expect(shortcutFor({ ...press(key), inField: true }, 'group')).toBeNull();
    for (const place of ['home', 'ringing', 'outgoing', 'call'] as const) {
      expect(shortcutFor(press(key), place)).toBeNull();
    }
  }
  for (const key of ['m', 'v', 'h', 'f', 'i']) expect(shortcutFor(press(key), 'group')).not.toBeNull();
});

test.each(['removed', 'not_admitted', 'grown'] as const)('the end %s is said kindly', (reason) => {
  const end = words.endings({
    direction: 'incoming',
    personName: 'Ben',
    reason,
    durationMs: null,
    by: null,
  });
  expect(end.title.length).toBeGreaterThan(10);
  expect(end.title).not.toMatch(/_|error/iu);
});

test('while group calls cannot be had, it is said why and what works', () => {
  expect(words.groups.preparing({ state: 'ready' })).toBeNull();
  expect(words.groups.preparing({ state: 'preparing', done: 1, total: 4 })?.body).toContain('between two');
  expect(words.groups.preparing({ state: 'unavailable', reason: 'no compiler' })?.body).toContain(
    'no compiler',
  );
});
