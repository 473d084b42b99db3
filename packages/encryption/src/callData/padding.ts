import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';

const LENGTH_BYTES = 2;
/**
 * In bytes. Smaller: a reaction, a short line and a key have lengths that tell them apart; larger: everything that is said costs
 * more.
 */
const LEAST = 256;
const MOST = 8_192;

/** Of what can be sent at once, in bytes. */
export const MAX_CONTENT = MOST - LENGTH_BYTES;

/**
 * The content behind its length, in two bytes, and before zeros, so that there are six lengths in all: 256 bytes to 8,192, each
 * twice the one before.
 *
 * @throws RangeError for more than {@link MAX_CONTENT} bytes
 */
export function pad(content: Uint8Array): Bytes {
  if (content.length > MAX_CONTENT) throw new RangeError('the content is too long');
  const used = LENGTH_BYTES + content.length;
  let size = LEAST;
  while (size < used) size *= 2;
  return concatBytes(bigEndian(BigInt(content.length), LENGTH_BYTES), content, new Uint8Array(size - used));
}

/** The content; null where {@link pad} would not have made these bytes. */
export function unpad(padded: Uint8Array): Bytes | null {
  const [high, low] = padded;
  if (high === undefined || low === undefined) return null;
  const length = high * 256 + low;
  const content = new Uint8Array(padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (content.length !== length || length > MAX_CONTENT) return null;
  const again = pad(content);
  return again.length === padded.length && again.every((byte, index) => byte === padded[index])
    ? content
    : null;
}
