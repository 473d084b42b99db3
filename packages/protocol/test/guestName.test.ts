import { expect, test } from 'vitest';
import { GuestName } from '../src/groups.ts';
import { LIMITS } from '../src/limits.ts';

const nameOf = (name: string) => GuestName.safeParse(name).data ?? null;

test('GRP6 what turns the text of a guest’s name around is taken out, and letters of every script stay', () => {
  expect(nameOf(' \u202eanA\u0007 ')).toBe('anA');
  expect(nameOf('\u2067\u200f')).toBeNull();
  expect(nameOf('دينا ☃ Ðora')).toBe('دينا ☃ Ðora');
  expect(nameOf('x'.repeat(LIMITS.deviceNameLength + 1))).toBeNull();
});
