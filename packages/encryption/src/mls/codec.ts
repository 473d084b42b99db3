import type { MLSMessage } from 'ts-mls';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import { type Bytes, equalBytes } from '../bytes.ts';

/** In bytes. Larger: more work before anything is known of the sender; smaller: a Welcome to 512 leaves does not fit. */
export const MAX_MESSAGE_BYTES = 65_536;

export type Decoded =
  | { readonly type: 'message'; readonly message: MLSMessage }
  | { readonly type: 'refused'; readonly reason: 'too_large' | 'malformed' | 'not_canonical' };

/**
 * An MLS message (RFC 9420 §6) in the only spelling that it has. The library takes length prefixes that are longer than they need
 * to be (forbidden by §2.1.2) and bytes behind the end: what is not, byte for byte, what would be written again is refused.
 */
export function decodeMessage(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_MESSAGE_BYTES) return { type: 'refused', reason: 'too_large' };
  const message = readSafely(() => decodeMlsMessage(bytes, 0)?.[0]);
  if (message === undefined) return { type: 'refused', reason: 'malformed' };
  const again = readSafely(() => encodeMlsMessage(message));
  if (again === undefined || !equalBytes(again, bytes)) return { type: 'refused', reason: 'not_canonical' };
  return { type: 'message', message };
}

/** The message in bytes that nothing else holds on to. */
export const encodeMessage = (message: MLSMessage): Bytes => new Uint8Array(encodeMlsMessage(message));

/** The library's decoders throw for some bad input, of several kinds, and return undefined for other. */
export function readSafely<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
