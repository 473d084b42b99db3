import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';
import type { Suite } from './suites.ts';

/** The keys of a suite in WebCrypto, not extractable. */
export type AeadKey =
  | { readonly mode: 'gcm'; readonly suite: Suite; readonly key: CryptoKey }
  | { readonly mode: 'ctr-hmac'; readonly suite: Suite; readonly key: CryptoKey; readonly mac: CryptoKey };

/** `bits` is the AES key, then the HMAC key where the suite has one. */
export async function importAeadKey(suite: Suite, bits: Bytes): Promise<AeadKey> {
  const aes = bits.slice(0, suite.aesBytes);
  try {
    if (suite.mode === 'gcm') {
      const key = await crypto.subtle.importKey('raw', aes, 'AES-GCM', false, ['encrypt', 'decrypt']);
      return { mode: 'gcm', suite, key };
    }
    const [key, mac] = await Promise.all([
      crypto.subtle.importKey('raw', aes, 'AES-CTR', false, ['encrypt', 'decrypt']),
      importMacKey(suite, bits.slice(suite.aesBytes)),
    ]);
    return { mode: 'ctr-hmac', suite, key, mac };
  } finally {
    aes.fill(0);
  }
}

const importMacKey = (suite: Suite, bits: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bits, { name: 'HMAC', hash: suite.hash }, false, ['sign', 'verify']);

/** Ciphertext with the tag behind it. A nonce must never be used twice with one key. */
export async function seal(key: AeadKey, nonce: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
  if (key.mode === 'gcm') {
    return new Uint8Array(await crypto.subtle.encrypt(gcm(key.suite, nonce, aad), key.key, plaintext));
  }
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(ctr(nonce), key.key, plaintext));
  const tag = await crypto.subtle.sign('HMAC', key.mac, authenticated(key.suite, nonce, aad, ciphertext));
  return concatBytes(ciphertext, new Uint8Array(tag, 0, key.suite.tagBytes));
}

/** The plaintext, or null where the tag does not fit. */
export async function open(key: AeadKey, nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | null> {
  const { tagBytes } = key.suite;
  if (sealed.length < tagBytes) return null;
  if (key.mode === 'gcm') {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(gcm(key.suite, nonce, aad), key.key, sealed));
    } catch {
      return null;
    }
  }
  const ciphertext = sealed.slice(0, -tagBytes);
  const expected = new Uint8Array(
    await crypto.subtle.sign('HMAC', key.mac, authenticated(key.suite, nonce, aad, ciphertext)),
  );
  if (!sameTag(expected, sealed.subarray(-tagBytes))) return null;
  return new Uint8Array(await crypto.subtle.decrypt(ctr(nonce), key.key, ciphertext));
}

const gcm = (suite: Suite, iv: Bytes, additionalData: Bytes): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData,
  tagLength: suite.tagBytes * 8,
});

/** The nonce, then a block counter of 32 bits that starts at 0 (RFC 9605 §4.5.1). */
const ctr = (nonce: Bytes): AesCtrParams => ({
  name: 'AES-CTR',
  counter: concatBytes(nonce, new Uint8Array(4)),
  length: 32,
});

/** What the HMAC is over (RFC 9605 §4.5.1). */
const authenticated = (suite: Suite, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Bytes =>
  concatBytes(
    bigEndian(BigInt(aad.length), 8),
    bigEndian(BigInt(ciphertext.length), 8),
    bigEndian(BigInt(suite.tagBytes), 8),
    nonce,
    aad,
    ciphertext,
  );

/** Whether a whole HMAC begins with a shortened tag, in the same time wherever they differ. */
function sameTag(whole: Bytes, tag: Bytes): boolean {
  let difference = 0;
  for (const [index, byte] of tag.entries()) difference |= byte ^ (whole[index] ?? 0x100);
  return difference === 0;
}
