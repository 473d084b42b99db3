import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRecoveryCode,
  readRecoveryCode,
  showRecoveryCode,
  unwrapIdentity,
  wrapIdentity,
} from '../../src/index.ts';
import { fromHex, random, SECRET_1, turnBit } from './fixtures.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 20_261_126);
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE = Uint8Array.from({ length: 20 }, (_, index) => index);
const SHOWN = '000G 40R4 0M30 E209 185G R38E 1W81 24GK RRE3';
const WRAPPED = fromHex(
  '01030303030303030303030303497679dcf90821eb0b692aeba89cdd53722491d547e03a1a51915786cface7f4' +
    'f234f0ec6a6c3a1b4e31895f951f2cd64669deeeca6b045fb607f321ea56dc76516bca0b672ea58a01e7ba09b8ca7304',
);

describe('recovery codes', () => {
  test('a fixed code has fixed letters', async () => {
    expect((await showRecoveryCode(CODE)).join(' ')).toBe(SHOWN);
    expect(await readRecoveryCode(SHOWN)).toEqual({ type: 'code', code: CODE });
  });

  test('small letters, other spaces and letters that look alike are read', async () => {
    const loose = SHOWN.toLowerCase().replaceAll(' ', '-').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await readRecoveryCode(` ${loose}\n`)).toEqual({ type: 'code', code: CODE });
  });

  test('whatever the code, what is shown is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 20, maxLength: 20 }), async (bytes) => {
        const code = new Uint8Array(bytes);
        const shown = await showRecoveryCode(code);
        expect(shown).toHaveLength(9);
        expect(await readRecoveryCode(shown.join(' '))).toEqual({ type: 'code', code });
      }),
      { seed: SEED },
    );
  });

  test('one wrong letter, wherever, is noticed in this code, and so are two that changed places', async () => {
    const letters = SHOWN.replaceAll(' ', '');
    for (let at = 0; at < letters.length; at += 1) {
      for (const letter of ALPHABET) {
        if (letter === letters[at]) continue;
        const typed = letters.slice(0, at) + letter + letters.slice(at + 1);
        expect(await readRecoveryCode(typed), typed).toEqual({ type: 'mistyped' });
      }
      const [one = '', two = ''] = letters.slice(at, at + 2);
      if (one === two || two === '') continue;
      const swapped = letters.slice(0, at) + two + one + letters.slice(at + 2);
      expect(await readRecoveryCode(swapped), swapped).toEqual({ type: 'mistyped' });
    }
  });

  test.each(['', 'hello', SHOWN.slice(0, -1), `${SHOWN}0`, SHOWN.replace('G', 'U'), SHOWN.replace('G', 'é')])(
    '"%s" is none',
    async (typed) => {
      expect(await readRecoveryCode(typed)).toEqual({ type: 'malformed' });
    },
  );

  test('a code of another length is not shown', async () => {
    await expect(showRecoveryCode(random(19))).rejects.toThrow(RangeError);
  });
});

describe('a wrapped identity', () => {
  test('made another way with node:crypto is unwrapped', async () => {
    expect(await unwrapIdentity(CODE, 'ana', WRAPPED)).toEqual(SECRET_1);
  });

  test('comes back by its code, and is other bytes each time', async () => {
    const code = createRecoveryCode();
    const [one, other] = [
      await wrapIdentity(code, 'ana', SECRET_1),
      await wrapIdentity(code, 'ana', SECRET_1),
    ];
    expect(one).not.toEqual(other);
    for (const each of [one, other]) expect(await unwrapIdentity(code, 'ana', each)).toEqual(SECRET_1);
  });

  test('by another code, for another user, changed, cut or longer it does not', async () => {
    expect(await unwrapIdentity(createRecoveryCode(), 'ana', WRAPPED)).toBeNull();
    expect(await unwrapIdentity(CODE, 'ben', WRAPPED)).toBeNull();
    for (let bit = 0; bit < WRAPPED.length * 8; bit += 1) {
      expect(await unwrapIdentity(CODE, 'ana', turnBit(WRAPPED, bit)), String(bit)).toBeNull();
    }
    expect(await unwrapIdentity(CODE, 'ana', WRAPPED.slice(0, -1))).toBeNull();
    expect(await unwrapIdentity(CODE, 'ana', new Uint8Array([...WRAPPED, 0]))).toBeNull();
  });

  test('that is no identity does not', async () => {
    const wrapped = await wrapIdentity(CODE, 'ana', random(64));
    expect(await unwrapIdentity(CODE, 'ana', wrapped)).toBeNull();
  });
});
