import { describe, expect, test } from 'vitest';

import { addressBytes, bits, element, integer, objectId, time } from '../../src/lan/der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test.each([
  [0x7f, '047f'],
  [0x80, '048180'],
  [0xff, '0481ff'],
  [0x1_00, '04820100'],
  [0xff_ff, '0482ffff'],
])('the length %i has its shortest form', (length, header) => {
  const encoded = hex(element(0x04, new Uint8Array(length)));
  expect(encoded.slice(0, header.length)).toBe(header);
  expect(encoded).toHaveLength(header.length + 2 * length);
});

test('what is longer than a certificate can be is refused', () => {
  expect(() => element(0x04, new Uint8Array(0x1_00_00))).toThrow(RangeError);
});

test.each([
  [[0], '020100'],
  [[0x7f], '02017f'],
  [[0x80], '02020080'],
  [[0, 0, 0x12, 0x34], '02021234'],
  [[0, 0x90], '02020090'],
])('the integer %j is never negative and has no leading zeros', (bytes, encoded) => {
  expect(hex(integer(Uint8Array.from(bytes)))).toBe(encoded);
});

test.each([
  ['2.5.29.17', '0603551d11'],
  ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
  ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
])('the object identifier %s', (dotted, encoded) => {
  expect(hex(objectId(dotted))).toBe(encoded);
});

test('bits say how many at the end are unused', () => {
  expect(hex(bits(Uint8Array.of(0b0000_0110), 1))).toBe('03020106');
});

describe('times', () => {
  test('have two digits for the year up to 2049', () => {
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59)).toString('latin1', 2)).toBe('491231235959Z');
    expect(time(Date.UTC(2026, 0, 2))[0]).toBe(0x17);
  });

  test('have four from 2050 on', () => {
    expect(time(Date.UTC(2050, 0, 1)).toString('latin1', 2)).toBe('20500101000000Z');
    expect(time(Date.UTC(2050, 0, 1))[0]).toBe(0x18);
  });
});

test.each([
  ['192.168.7.20', 'c0a80714'],
  ['::1', '00000000000000000000000000000001'],
  ['fd00::20', 'fd000000000000000000000000000020'],
  ['fe80::', 'fe800000000000000000000000000000'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
])('the bytes of %s', (address, bytes) => {
  expect(hex(addressBytes(address))).toBe(bytes);
});
