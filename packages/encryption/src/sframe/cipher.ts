import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';
import { open, seal } from './aead.ts';
import { type ReadHeader, encodeHeader } from './header.ts';
import type { SframeKey } from './keys.ts';
import { NONCE_BYTES } from './suites.ts';

/**
 * An SFrame ciphertext: header, ciphertext, tag (RFC 9605 §4.4.3). `metadata` is authenticated and not sent.
 * The caller never gives a counter twice with one key: that would lay open both frames.
 * Throws a `RangeError` for a counter over 64 bits.
 */
export async function encryptSframe(
  key: SframeKey,
  counter: bigint,
  metadata: Uint8Array,
  plaintext: Bytes,
): Promise<Bytes> {
  const header = encodeHeader({ keyId: key.keyId, counter });
  const sealed = await seal(key.aead, nonceOf(key, counter), concatBytes(header, metadata), plaintext);
  return concatBytes(header, sealed);
}

/**
 * The plaintext of an SFrame ciphertext whose header has been read; null where key id, header, metadata, ciphertext or tag are
 * not those of the sender (RFC 9605 §4.4.4). Replays are not noticed here.
 */
export async function decryptSframe(
  key: SframeKey,
  header: ReadHeader,
  metadata: Uint8Array,
  frame: Bytes,
): Promise<Bytes | null> {
  if (header.keyId !== key.keyId) return null;
  const aad = concatBytes(frame.subarray(0, header.length), metadata);
  return open(key.aead, nonceOf(key, header.counter), aad, frame.slice(header.length));
}

export function nonceOf({ salt }: SframeKey, counter: bigint): Bytes {
  const nonce = bigEndian(counter, NONCE_BYTES);
  for (const [index, byte] of salt.entries()) nonce[index] = (nonce[index] ?? 0) ^ byte;
  return nonce;
}
