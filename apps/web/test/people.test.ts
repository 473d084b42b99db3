import { expect, test } from 'vitest';
import { hueOf } from '../src/components/hue.ts';
import type { Contact } from '../src/model/model.ts';
import { groupPeople, matches } from '../src/screens/people/search.ts';
import { hashOf, routeOf } from '../src/screens/route.ts';

const contact = (name: string, change: Partial<Contact> = {}): Contact => ({
  user: { userId: name, handle: name.split(' ')[0]?.toLowerCase() ?? name, name, avatarUrl: null },
  presence: 'online',
  lastSeenAt: null,
  favourite: false,
  blocked: false,
  ...change,
});

const names = (people: readonly Contact[]): readonly string[] => people.map(({ user }) => user.name);

test('search finds beginnings of names, whatever the accents', () => {
  const zoe = contact('Zoë Åkesson-Lind');
  for (const query of ['', 'zoe', 'ZOË', 'ake', 'lind', 'z lind', '@zoe']) {
    expect(matches(zoe, query), query).toBe(true);
  }
  for (const query of ['oe', 'kesson', 'zoe b', 'zoel']) expect(matches(zoe, query), query).toBe(false);
});

test('favourites come first, blocked people last, each by name whatever their presence', () => {
  const groups = groupPeople(
    [
      contact('Cleo', { presence: 'offline' }),
      contact('Ben', { favourite: true }),
      contact('Dan', { blocked: true, favourite: true }),
      contact('Ana', { presence: 'busy' }),
    ],
    '',
  );
  expect(names(groups.favourites)).toEqual(['Ben']);
  expect(names(groups.others)).toEqual(['Ana', 'Cleo']);
  expect(names(groups.blocked)).toEqual(['Dan']);
});

test('a colour belongs to an id for good', () => {
  expect(hueOf('ana')).toBe(hueOf('ana'));
  const hues = new Set(Array.from({ length: 50 }, (_, index) => hueOf(`user-${index}`)));
  expect(hues.size).toBeGreaterThan(35);
  for (const hue of hues) expect(hue >= 0 && hue < 360).toBe(true);
});

test('an address leads back to its place', () => {
  for (const route of [
    { name: 'people' },
    { name: 'recents' },
    { name: 'settings' },
    { name: 'person', userId: 'x-1' },
  ] as const) {
    expect(routeOf(hashOf(route))).toEqual(route);
  }
  expect(routeOf('')).toEqual({ name: 'people' });
  expect(routeOf('#/nonsense')).toEqual({ name: 'people' });
  expect(routeOf('#/person')).toEqual({ name: 'people' });
});
