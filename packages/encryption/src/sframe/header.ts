import { type Bytes, bigEndian } from '../bytes.ts';

/** What an SFrame header says (RFC 9605 §4.3). Both are unsigned, at most 2^64 − 1. */
export interface SframeHeader {
  readonly keyId: bigint;
  readonly counter: bigint;
}

export interface ReadHeader extends SframeHeader {
  /** Bytes that the header takes: 1 to 17. */
  readonly length: number;
}

export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/** Values up to this stand in the first byte itself. */
const MAX_INLINE = 7n;
const LONG = 0b1000;

/**
 * The shortest header for a key id and a counter: 1 to 17 bytes (RFC 9605 §4.3).
 * Throws a `RangeError` for what is no unsigned number of 64 bits.
 */
export function encodeHeader({ keyId, counter }: SframeHeader): Bytes {
  const key = bytesNeeded(keyId);
  const count = bytesNeeded(counter);
  const header = new Uint8Array(1 + key + count);
  header[0] = (fieldOf(keyId, key) << 4) | fieldOf(counter, count);
  header.set(bigEndian(keyId, key), 1);
  header.set(bigEndian(counter, count), 1 + key);
  return header;
}

/**
 * Reads the header at the start of `frame`; null where it is cut off, or is not the shortest form of its values, which
 * RFC 9605 §4.3 demands: one frame has one spelling.
 */
export function decodeHeader(frame: Uint8Array): ReadHeader | null {
  const first = frame[0];
  if (first === undefined) return null;
  const key = readField(frame, 1, first >> 4);
  if (key === null) return null;
  const count = readField(frame, 1 + key.length, first & 0xf);
  if (count === null) return null;
  return { keyId: key.value, counter: count.value, length: 1 + key.length + count.length };
}

function bytesNeeded(value: bigint): number {
  if (value < 0n || value > MAX_UINT64) throw new RangeError('not an unsigned number of 64 bits');
  if (value <= MAX_INLINE) return 0;
  return Math.ceil(value.toString(16).length / 2);
}

const fieldOf = (value: bigint, length: number): number =>
  length === 0 ? Number(value) : LONG | (length - 1);

/** `field` is four bits: a flag, and then the value or its length less one. */
function readField(frame: Uint8Array, at: number, field: number): { value: bigint; length: number } | null {
  if ((field & LONG) === 0) return { value: BigInt(field), length: 0 };
  const length = (field & 0b111) + 1;
  if (frame.length < at + length) return null;
  let value = 0n;
  for (const byte of frame.subarray(at, at + length)) value = (value << 8n) | BigInt(byte);
  return bytesNeeded(value) === length ? { value, length } : null;
}
