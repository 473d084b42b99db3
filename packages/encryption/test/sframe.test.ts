import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CALL_SUITE,
  MAX_UINT64,
  SUITES,
  decodeHeader,
  decryptSframe,
  deriveKey,
  encodeHeader,
  encryptSframe,
  importBaseKey,
} from '../src/index.ts';
import { fromHex } from './vectors.ts';

const uint64 = fc.bigInt({ min: 0n, max: MAX_UINT64 });

describe('the header', () => {
  test('comes back as it was, and its length is that of what was read', () => {
    fc.assert(
      fc.property(uint64, uint64, fc.uint8Array({ maxLength: 8 }), (keyId, counter, rest) => {
        const header = encodeHeader({ keyId, counter });
        const frame = new Uint8Array([...header, ...rest]);
        expect(decodeHeader(frame)).toEqual({ keyId, counter, length: header.length });
      }),
    );
  });

  test('whatever bytes are read as a header are the ones that would be written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const header = decodeHeader(bytes);
        if (header !== null)
          expect(encodeHeader(header)).toEqual(new Uint8Array(bytes.slice(0, header.length)));
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['a key id that is cut off', '90ff'],
    ['a counter that is cut off', '09ff'],
    ['a key id of 7 in a byte of its own', '8007'],
    ['a counter of 0 in a byte of its own', '0800'],
    ['a counter with a leading zero byte', '0900ff'],
    ['a key id with seven leading zero bytes', 'f000000000000000ff'],
  ])('is refused for %s', (_, hex) => {
    expect(decodeHeader(fromHex(hex))).toBeNull();
  });

  test.each([-1n, MAX_UINT64 + 1n])('cannot be made for %s', (value) => {
    expect(() => encodeHeader({ keyId: value, counter: 0n })).toThrow(RangeError);
    expect(() => encodeHeader({ keyId: 0n, counter: value })).toThrow(RangeError);
  });
});

describe.each(Object.values(SUITES))('suite $id', ({ id, tagBytes }) => {
  const metadata = new Uint8Array([1, 2, 3]);
  const plain = new Uint8Array(100).fill(7);
  const base = importBaseKey(new Uint8Array(16).fill(9));
  const make = async () => {
    const key = await deriveKey(await base, 300n, id);
    return { key, frame: await encryptSframe(key, 70_000n, metadata, plain) };
  };
  const decrypt = (key: Awaited<ReturnType<typeof make>>['key'], frame: Uint8Array<ArrayBuffer>) => {
    const header = decodeHeader(frame);
    return header === null ? null : decryptSframe(key, header, metadata, frame);
  };

  test('adds header and tag, and gives back what was encrypted', async () => {
    const { key, frame } = await make();
    expect(frame.length).toBe(1 + 2 + 3 + plain.length + tagBytes);
    expect(await decrypt(key, frame)).toEqual(plain);
  });

  test('gives nothing for a changed bit, other metadata, another key id, or a cut frame', async () => {
    const { key, frame } = await make();
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const changed = frame.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await decrypt(key, changed), `bit ${bit}`).toBeNull();
    }
    const header = decodeHeader(frame);
    if (header === null) return expect.fail();
    expect(await decryptSframe(key, header, new Uint8Array([1, 2, 4]), frame)).toBeNull();
    expect(await decrypt(await deriveKey(await base, 301n, id), frame)).toBeNull();
    for (const length of [header.length, header.length + tagBytes - 1, frame.length - 1]) {
      expect(await decrypt(key, frame.slice(0, length))).toBeNull();
    }
  });
});

test('the keys of calls cannot be read out', async () => {
  const base = await importBaseKey(new Uint8Array(16));
  const { aead } = await deriveKey(base, 1n, CALL_SUITE);
  expect([base.extractable, aead.key.extractable]).toEqual([false, false]);
  await expect(crypto.subtle.exportKey('raw', aead.key)).rejects.toThrow();
});
