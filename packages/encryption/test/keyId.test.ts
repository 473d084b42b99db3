import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_LEAF, MAX_UINT64, SLOTS, packKeyId, unpackKeyId } from '../src/index.ts';

const parts = fc.record({
  slot: fc.constantFrom(...SLOTS),
  leaf: fc.nat({ max: MAX_LEAF }),
  epochBits: fc.nat({ max: 15 }),
});

test('what is packed comes back, and never needs more than two bytes', () => {
  fc.assert(
    fc.property(parts, (each) => {
      const keyId = packKeyId(each);
      expect(keyId).toBeLessThan(65_536n);
      expect(unpackKeyId(keyId)).toEqual(each);
    }),
  );
});

test('the two of a call between two need one byte', () => {
  for (const slot of SLOTS) {
    for (let epochBits = 0; epochBits < 16; epochBits += 1) {
      for (const leaf of [0, 1]) expect(packKeyId({ slot, leaf, epochBits })).toBeLessThan(256n);
    }
  }
});

test('every number of 16 bits is one set of parts, or none because it names no slot', () => {
  for (let number = 0; number < 65_536; number += 1) {
    const unpacked = unpackKeyId(BigInt(number));
    if (unpacked === null) expect(number & 7).toBe(7);
    else expect(packKeyId(unpacked)).toBe(BigInt(number));
  }
});

test('longer numbers are no key ids', () => {
  for (const keyId of [65_536n, 1n << 32n, MAX_UINT64, -1n]) expect(unpackKeyId(keyId)).toBeNull();
});

test.each([
  { leaf: -1, epochBits: 0 },
  { leaf: MAX_LEAF + 1, epochBits: 0 },
  { leaf: 0.5, epochBits: 0 },
  { leaf: 0, epochBits: -1 },
  { leaf: 0, epochBits: 16 },
])('leaf $leaf with epoch bits $epochBits cannot be packed', ({ leaf, epochBits }) => {
  expect(() => packKeyId({ slot: 'data', leaf, epochBits })).toThrow(RangeError);
});
