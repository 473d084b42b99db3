import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { CiphersuiteImpl } from 'ts-mls';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { makeKdfImpl } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js';
import { defaultRng } from 'ts-mls/crypto/implementation/default/rng.js';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import { concatBytes } from '../bytes.ts';
import { SUITE_NAME } from './suiteName.ts';

let loaded: Promise<CiphersuiteImpl> | null = null;

/**
 * The suite on WebCrypto, made once. Not by the library's own maker: that one names packages for every other suite, which are
 * not installed, and a bundler would look for them.
 */
export function loadSuite(): Promise<CiphersuiteImpl> {
  loaded ??= makeSuite();
  return loaded;
}

async function makeSuite(): Promise<CiphersuiteImpl> {
  const names = { kem: 'DHKEM-X25519-HKDF-SHA256', kdf: 'HKDF-SHA256', aead: 'AES128GCM' } as const;
  const parts = { kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() };
  return {
    name: SUITE_NAME,
    hash: makeHashImpl(crypto.subtle, 'SHA-256'),
    kdf: makeKdfImpl(new HkdfSha256()),
    hpke: await makeGenericHpke(
      names,
      { encrypt: aesGcm('encrypt'), decrypt: aesGcm('decrypt') },
      new CipherSuite(parts),
    ),
    signature: { sign, verify, keygen },
    rng: defaultRng,
  };
}

const aesGcm =
  (way: 'encrypt' | 'decrypt') =>
  async (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, data: Uint8Array): Promise<Uint8Array> => {
    const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, [way]);
    const params = { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData: new Uint8Array(aad) };
    return new Uint8Array(await crypto.subtle[way](params, imported, new Uint8Array(data)));
  };

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7): WebCrypto takes private keys in that form only. */
const PKCS8_PREFIX = new Uint8Array([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** A private key is its 32 bytes, as in the vectors, or PKCS #8, as WebCrypto gives it. */
async function sign(signKey: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const pkcs8 = signKey.length === 32 ? concatBytes(PKCS8_PREFIX, signKey) : new Uint8Array(signKey);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, new Uint8Array(message)));
}

async function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
}

async function keygen(): Promise<{ publicKey: Uint8Array; signKey: Uint8Array }> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 gave no pair of keys');
  const [publicKey, signKey] = await Promise.all([
    crypto.subtle.exportKey('raw', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: new Uint8Array(publicKey), signKey: new Uint8Array(signKey) };
}
