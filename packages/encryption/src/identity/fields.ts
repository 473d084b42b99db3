import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';

const LENGTH_BYTES = 2;
const MAX_FIELD = 0xffff;

/** Shortest and longest that a field may be, in bytes. */
export type FieldRange = readonly [least: number, most: number];

/** Of an id of a user, a device or a call, in bytes. */
export const ID_RANGE: FieldRange = [1, 128];

/**
 * Fields one after the other, each behind its length in two bytes, so that no other fields are the same bytes.
 *
 * @throws RangeError for a field of more than 65,535 bytes
 */
export function writeFields(...fields: readonly Uint8Array[]): Bytes {
  return concatBytes(
    ...fields.flatMap((field) => {
      if (field.length > MAX_FIELD) throw new RangeError('a field is too long');
      return [bigEndian(BigInt(field.length), LENGTH_BYTES), field];
    }),
  );
}

/** As many fields as there are ranges, or null where one is missing or of another length, or bytes follow the last. */
export function readFields(bytes: Uint8Array, ranges: readonly FieldRange[]): readonly Bytes[] | null {
  const fields: Bytes[] = [];
  let at = 0;
  for (const [least, most] of ranges) {
    const [high, low] = [bytes[at], bytes[at + 1]];
    if (high === undefined || low === undefined) return null;
    const length = high * 256 + low;
    at += LENGTH_BYTES;
    if (length < least || length > most || at + length > bytes.length) return null;
    fields.push(new Uint8Array(bytes.subarray(at, at + length)));
    at += length;
  }
  return at === bytes.length ? fields : null;
}

/**
 * What a signature, a hash or a key derivation is over: fields behind a label that says what they are, so that what was made for
 * one purpose never holds for another.
 */
export const labelled = (label: Label, ...fields: readonly Uint8Array[]): Bytes =>
  writeFields(utf8(`Visavis 1 ${label}`), ...fields);

/** Everything that identity keys, device keys and codes are used for. */
export type Label =
  | 'device certificate'
  | 'leaf credential'
  | 'transport'
  | 'link token'
  | 'link guests'
  | 'guest name'
  | 'guest proof'
  | 'safety number'
  | 'call code'
  | 'recovery'
  | 'recovery check'
  | 'approval commitment'
  | 'approval code'
  | 'approval by code'
  | 'approval by scan';

export const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));

/** The text, or null where the bytes are not well-formed UTF-8, or not the only spelling of their text. */
export function readUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    return null;
  }
}

export const isWithin = ({ length }: Uint8Array, [least, most]: FieldRange): boolean =>
  length >= least && length <= most;
