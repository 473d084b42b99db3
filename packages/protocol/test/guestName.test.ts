import { expect, test } from 'vitest';
import { GuestSignIn } from '../src/http.ts';

const nameOf = (name: string) => GuestSignIn.safeParse({ name, deviceKind: 'desktop' }).data?.name ?? null;

test('GRP6 what turns the text of a guest’s name around is taken out, and letters of every script stay', () => {
  expect(nameOf(' \u202eanA\u0007 ')).toBe('anA');
  expect(nameOf('\u2067\u200f')).toBeNull();
  expect(nameOf('دينا ☃ Ðora')).toBe('دينا ☃ Ðora');
});
