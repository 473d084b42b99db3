import { type Bytes, concatBytes } from '../bytes.ts';
import { utf8 } from './fields.ts';

/** In bytes (RFC 8032 §5.1). */
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
/** Of what an identity is kept and handed over as: its seed, then its public key. */
export const IDENTITY_SECRET_BYTES = 64;
const SEED_BYTES = 32;

/** `CryptoKey` as browsers and servers both name it. */
export type WebCryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** An Ed25519 key of this device, whose private half WebCrypto keeps to itself. It can be posted to a worker. */
export interface SigningKey {
  readonly privateKey: WebCryptoKey;
  /** 32 bytes. */
  readonly publicKey: Bytes;
}

/** A new device key: nobody can read its private half, this page included. */
export async function createDeviceKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate(false);
  return { privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) };
}

/** @returns the secret of a new user identity, 64 bytes. Whoever has it is that user: wrap it, and zero it after use. */
export async function unsafeCreateIdentitySecret(): Promise<Bytes> {
  const { privateKey } = await generate(true);
  const { d, x } = await crypto.subtle.exportKey('jwk', privateKey);
  return concatBytes(fromBase64Url(d ?? ''), fromBase64Url(x ?? ''));
}

/** The public half of an identity secret, 32 bytes. */
export const identityKeyOf = (secret: Uint8Array): Bytes => new Uint8Array(secret.subarray(SEED_BYTES));

/** The key of an identity secret, not extractable; null where the secret is of a wrong form or its halves are of two keys. */
export async function importIdentitySecret(secret: Uint8Array): Promise<SigningKey | null> {
  if (secret.length !== IDENTITY_SECRET_BYTES) return null;
  const publicKey = identityKeyOf(secret);
  const [d, x] = [toBase64Url(secret.subarray(0, SEED_BYTES)), toBase64Url(publicKey)];
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', d, x };
    const privateKey = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign']);
    const key = { privateKey, publicKey };
    // Not every engine compares the halves, and a signature with another public half gives the seed away.
    const probe = utf8('Do the halves belong together?');
    return (await verifySignature(publicKey, await sign(key, probe), probe)) ? key : null;
  } catch {
    return null;
  }
}

/** Ed25519 (RFC 8032), 64 bytes. */
export const sign = async ({ privateKey }: SigningKey, text: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, text));

/** Whether the signature is by this key over this text; false for keys and signatures of a wrong form. */
export async function verifySignature(
  publicKey: Uint8Array,
  signature: Uint8Array,
  text: Bytes,
): Promise<boolean> {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), text);
  } catch {
    return false;
  }
}

async function generate(extractable: boolean) {
  const pair = await crypto.subtle.generateKey('Ed25519', extractable, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('this browser makes no Ed25519 keys');
  return pair;
}

function fromBase64Url(text: string): Bytes {
  const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(characters, (character) => character.codePointAt(0) ?? 0);
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
