import { type Bytes, bigEndian, concatBytes } from '../bytes.ts';
import { type AeadKey, importAeadKey } from './aead.ts';
import { MAX_UINT64 } from './header.ts';
import { NONCE_BYTES, SUITES, type SuiteId } from './suites.ts';

/** What one key id encrypts or decrypts with. The key cannot be read out; the salt is no secret to whoever has the key. */
export interface SframeKey {
  readonly suite: SuiteId;
  readonly keyId: bigint;
  readonly aead: AeadKey;
  /** 12 bytes. */
  readonly salt: Bytes;
}

/** A base key as HKDF input, which cannot be read out again. */
export type BaseKey = CryptoKey;

/** Takes the bytes of a base key into WebCrypto (RFC 9605 §4.4.1). The caller may overwrite them afterwards. */
export const importBaseKey = (bytes: Bytes): Promise<BaseKey> =>
  crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']);

/**
 * Key and salt of a key id, by HKDF from the base key (RFC 9605 §4.4.2). Throws a `RangeError` for a key id over 64 bits.
 */
export async function deriveKey(base: BaseKey, keyId: bigint, suite: SuiteId): Promise<SframeKey> {
  const [bits, salt] = await Promise.all([
    expand(base, keyLabel(keyId, suite), suite, SUITES[suite].aesBytes + SUITES[suite].macBytes),
    expand(base, saltLabel(keyId, suite), suite, NONCE_BYTES),
  ]);
  const aead = await importAeadKey(SUITES[suite], bits);
  bits.fill(0);
  return { suite, keyId, aead, salt };
}

export const keyLabel = (keyId: bigint, suite: SuiteId): Bytes =>
  label('SFrame 1.0 Secret key ', keyId, suite);
export const saltLabel = (keyId: bigint, suite: SuiteId): Bytes =>
  label('SFrame 1.0 Secret salt ', keyId, suite);

function label(text: string, keyId: bigint, suite: SuiteId): Bytes {
  if (keyId < 0n || keyId > MAX_UINT64) throw new RangeError('not a key id of 64 bits');
  return concatBytes(new TextEncoder().encode(text), bigEndian(keyId, 8), bigEndian(BigInt(suite), 2));
}

/** Extract with an empty salt and expand in one, as WebCrypto has it: that is what RFC 9605 asks for. */
export async function expand(base: BaseKey, info: Bytes, suite: SuiteId, length: number): Promise<Bytes> {
  const algorithm = { name: 'HKDF', hash: SUITES[suite].hash, salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, length * 8));
}
