import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { weaknessOf } from '../src/weakSecret.ts';

test.each([
  ['', 'empty'],
  ['short', 'shorter than 16 characters'],
  ['x7Gk2pQ9vLm4Tz1', 'shorter than 16 characters'],
  ['passwordpassword', 'easily guessed'],
  ['password12345678', 'easily guessed'],
  ['Password-Password-Password', 'easily guessed'],
  ['changemechangemechangeme', 'easily guessed'],
  ['please-change-this-secret', 'easily guessed'],
  ['replace-with-your-own-secret', 'easily guessed'],
  ['<choose a long secret here>', 'easily guessed'],
  ['visavis-turn-secret-example', 'easily guessed'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'easily guessed'],
  ['abcabcabcabcabcabcabcabcabcabc', 'easily guessed'],
  ['0123456789012345678901234567890', 'easily guessed'],
  ['qwertyqwertyqwerty123456789', 'easily guessed'],
  ['sixteen letters!', 'easily guessed'],
])('%s: %s', (secret, why) => {
  expect(weaknessOf(secret)).toBe(why);
});

test('what was drawn at random is never refused, however it is written', () => {
  for (let count = 0; count < 2_000; count += 1) {
    const random = randomBytes(16);
    for (const secret of [random.toString('hex'), random.toString('base64'), randomUUID()])
      expect(weaknessOf(secret), secret).toBeNull();
  }
});
