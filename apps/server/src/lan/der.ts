/**
 * Writing DER (X.690): the few kinds of element that a certificate is made of. What is written here is read and judged
 * by OpenSSL: in the tests, and on every start by `node:crypto`.
 */
import { isIPv4 } from 'node:net';

/** A tag, the length of the content, the content; up to 64 KiB. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length > 0xff_ff) throw new RangeError(`A DER element of ${length} bytes is not expected here.`);
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...lengthBytes), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts);
export const octets = (content: Uint8Array): Buffer => element(0x04, content);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const yes = (): Buffer => element(0x01, Uint8Array.of(0xff));

/** `[number]` in ASN.1: explicit, or implicit for a kind that is itself made of elements. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  element(0xa0 | number, ...parts);
/** `[number] IMPLICIT` in ASN.1, for a kind that holds plain bytes. */
export const taggedBytes = (number: number, content: Uint8Array): Buffer => element(0x80 | number, content);

/** A whole number that is not negative, most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const firstUsed = bytes.findIndex((byte) => byte !== 0);
  const digits = firstUsed === -1 ? Uint8Array.of(0) : bytes.subarray(firstUsed);
  // A first bit that is set would make it negative.
  return element(0x02, (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), digits);
}

/** Bits in whole bytes, except for those at the end that are said to be unused. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  element(0x03, Uint8Array.of(unused), content);

/** Seven bits to a byte, with the first bit set in all but the last. */
function toBase128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** An object identifier in dotted form (X.690, 8.19). */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return element(0x06, Uint8Array.from([first * 40 + second, ...others].flatMap(toBase128)));
}

/** A moment, to the second; the form changes with the year 2050 (RFC 5280, 4.1.2.5). */
export function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
  return new Date(at).getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** The 4 or 16 bytes of an IP address. */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0'));
  return Buffer.from(groups.join(''), 'hex');
}
