import { describe, expect, test } from 'vitest';
import { callCodeOf, compareScanned, fingerprintOf, identityKeyOf, safetyNumberOf } from '../../src/index.ts';
import { random, SECRET_1, SECRET_2, toHex, turnBit } from './fixtures.ts';

const ana = { userId: 'ana', identityKey: identityKeyOf(SECRET_1) };
const ben = { userId: 'ben', identityKey: identityKeyOf(SECRET_2) };
const mallory = { userId: 'ben', identityKey: random(32) };

describe('safety numbers', () => {
  test('fixed keys and ids give fixed digits, made another way with node:crypto', async () => {
    expect(toHex(await fingerprintOf(ana))).toBe(
      '072f8bbff717f5db7408883ffbc7391cd96397d65588799130a9a27382f263e3',
    );
    expect((await safetyNumberOf(ana, ben)).groups.join(' ')).toBe(
      '58871 47816 17401 67094 88560 52178 67910 00791 05190 12278 38056 69196',
    );
  });

  test('both see the same 12 groups of 5 digits', async () => {
    const [here, there] = [await safetyNumberOf(ana, ben), await safetyNumberOf(ben, ana)];
    expect(here.groups).toEqual(there.groups);
    expect(here.groups).toHaveLength(12);
    for (const group of here.groups) expect(group).toMatch(/^\d{5}$/);
  });

  test('another key or another user changes that half and leaves the other', async () => {
    const half = async (user: typeof ana) => (await safetyNumberOf(ana, user)).groups;
    const anas = new Set((await safetyNumberOf(ana, ana)).groups);
    const usual = await half(ben);
    for (const other of [mallory, { ...ben, userId: 'bea' }]) {
      const groups = await half(other);
      expect(groups).not.toEqual(usual);
      expect(groups.filter((group) => anas.has(group))).toHaveLength(6);
    }
  });

  test('keys and ids of a wrong length have none', async () => {
    await expect(fingerprintOf({ ...ana, identityKey: random(31) })).rejects.toThrow(RangeError);
    await expect(fingerprintOf({ ...ana, userId: '' })).rejects.toThrow(RangeError);
  });
});

describe('scanning', () => {
  test('the code of the other one compares both directions', async () => {
    const [here, there] = [await safetyNumberOf(ana, ben), await safetyNumberOf(ben, ana)];
    expect(here.qr).toHaveLength(65);
    expect(compareScanned(there.qr, here)).toEqual({ type: 'same' });
    expect(compareScanned(here.qr, there)).toEqual({ type: 'same' });
  });

  test('it says whose key differs', async () => {
    const theirs = await safetyNumberOf(ben, ana);
    expect(compareScanned(theirs.qr, await safetyNumberOf(ana, mallory))).toEqual({
      type: 'differs',
      whose: 'theirs',
    });
    const misled = await safetyNumberOf(ben, { ...mallory, userId: 'ana' });
    const here = await safetyNumberOf(ana, ben);
    expect(compareScanned(misled.qr, here)).toEqual({ type: 'differs', whose: 'mine' });
    // The own code, say from a mirror, is not the other one's.
    expect(compareScanned(here.qr, here)).toEqual({ type: 'differs', whose: 'both' });
  });

  test('with any bit turned, cut, longer or of another version it is not the same', async () => {
    const [here, { qr }] = [await safetyNumberOf(ana, ben), await safetyNumberOf(ben, ana)];
    for (let bit = 0; bit < qr.length * 8; bit += 1) {
      expect(compareScanned(turnBit(qr, bit), here).type, String(bit)).not.toBe('same');
    }
    expect(compareScanned(turnBit(qr, 0), here)).toEqual({ type: 'other_version' });
    for (const wrong of [new Uint8Array(), qr.subarray(0, 64), new Uint8Array([...qr, 0])]) {
      expect(compareScanned(wrong, here)).toEqual({ type: 'unreadable' });
    }
  });
});

describe('call codes', () => {
  test('a fixed authenticator gives 30 fixed digits', async () => {
    const code = await callCodeOf(new Uint8Array(32).fill(7));
    expect(code.join(' ')).toBe('73272 14857 37054 21305 60798 09100');
  });

  test('another authenticator gives others', async () => {
    expect(await callCodeOf(random(32))).not.toEqual(await callCodeOf(random(32)));
  });
});
