import { type Bytes, concatBytes } from '../bytes.ts';
import type { CallIdentity, KnownDevice } from './types.ts';

/*
 * A credential without identity keys. It shows that a leaf and a device key belong together, and proves nothing about the person
 * yet: anybody can make a device key and write any user's name beside it.
 *
 *     1 │ user │ device │ device key, 32 bytes │ its signature, 64 bytes        texts with their length in one byte before them
 */

const VERSION = 1;
const LABEL = 'Visavis leaf of a call, without identity';
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_TEXT = 255;

export interface PlainDevice extends KnownDevice {
  /** Ed25519. */
  readonly deviceKey: CryptoKeyPair;
}

/** A device key of this call only. */
export async function createDeviceKey(): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 gave no pair of keys');
  return pair;
}

/** An identity that proves nothing about the person. `certify` rejects with a `RangeError` ids of over 255 bytes. */
export function createPlainIdentity({ userId, deviceId, deviceKey }: PlainDevice): CallIdentity {
  return {
    async certify(leafKey, callId) {
      const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', deviceKey.publicKey));
      const signed = signedText(userId, deviceId, leafKey, callId);
      const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', deviceKey.privateKey, signed));
      const names = [userId, deviceId].map(writeText);
      return concatBytes(new Uint8Array([VERSION]), ...names, publicKey, signature);
    },
    verify: (credential, leafKey, callId) => verify(credential, leafKey, callId).catch(() => null),
  };
}

async function verify(
  credential: Uint8Array,
  leafKey: Uint8Array,
  callId: Uint8Array,
): Promise<KnownDevice | null> {
  if (credential[0] !== VERSION) return null;
  const user = readText(credential, 1);
  const device = user === null ? null : readText(credential, user.end);
  if (user === null || device === null || credential.length !== device.end + KEY_BYTES + SIGNATURE_BYTES) {
    return null;
  }
  const publicKey = new Uint8Array(credential.slice(device.end, device.end + KEY_BYTES));
  const signature = new Uint8Array(credential.slice(device.end + KEY_BYTES));
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  const signed = signedText(user.text, device.text, leafKey, callId);
  const isSigned = await crypto.subtle.verify('Ed25519', key, signature, signed);
  return isSigned ? { userId: user.text, deviceId: device.text } : null;
}

/** Each part with its length before it, so that none can be read as another. */
const signedText = (userId: string, deviceId: string, leafKey: Uint8Array, callId: Uint8Array): Bytes =>
  concatBytes(
    ...[LABEL, userId, deviceId].map(writeText),
    ...[leafKey, callId].flatMap((part) => [new Uint8Array([part.length >> 8, part.length & 0xff]), part]),
  );

function writeText(text: string): Bytes {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > MAX_TEXT) throw new RangeError('an id of 1 to 255 bytes');
  return concatBytes(new Uint8Array([bytes.length]), bytes);
}

function readText(bytes: Uint8Array, at: number): { readonly text: string; readonly end: number } | null {
  const length = bytes[at] ?? 0;
  const end = at + 1 + length;
  if (length === 0 || end > bytes.length) return null;
  return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at + 1, end)), end };
}
