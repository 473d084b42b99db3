import { type Bytes, concatBytes } from '../bytes.ts';
import { pad, unpad } from '../callData/padding.ts';
import { labelled, readUtf8, utf8 } from './fields.ts';
import type { WebCryptoKey } from './keys.ts';

/*
 * A call link has a secret that the server never learns. Two things are derived from it: the token, by which the server lets guests
 * knock, and the guest key, by which members read the names of the guests and see that they came by the link. Neither leads back to
 * the secret, nor to the other one.
 */

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const SECRET_TEXT = /^[\w-]{43}$/;

/** The bytes of a guest key, and of a guest's proof. */
export const GUEST_KEY_BYTES = 32;
export const PROOF_BYTES = 32;

/** What a guest proves itself with: derived from the secret of its link, not extractable. It can be posted to a worker. */
export interface GuestPass {
  /** HMAC with SHA-256. */
  readonly proofKey: WebCryptoKey;
  /** As the others read it. */
  readonly name: string;
}

/** What a guest's proof is of. */
export interface GuestClaim {
  readonly callId: Uint8Array;
  readonly leafKey: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly userId: string;
  readonly deviceId: string;
  readonly name: string;
}

/** 256 random bits. Whoever has them may knock, and reads the names of those who came by the link. */
export const createLinkSecret = (): Bytes => crypto.getRandomValues(new Uint8Array(SECRET_BYTES));

/** As it is in the address of a link: base64url, 43 characters (RFC 4648 §5). */
export const showLinkSecret = (secret: Uint8Array): string => toBase64Url(secret);

/** The secret in the address of a link; null where it is none, or not the only spelling of it. */
export function readLinkSecret(text: string): Bytes | null {
  if (!SECRET_TEXT.test(text)) return null;
  const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const secret = Uint8Array.from(characters, (character) => character.codePointAt(0) ?? 0);
  return secret.length === SECRET_BYTES && toBase64Url(secret) === text ? secret : null;
}

/** What the server knows a link by: base64url of 32 bytes of `HKDF-SHA-256(secret; no salt; info: labelled 'link token')`. */
export const linkTokenOf = async (secret: Bytes): Promise<string> =>
  toBase64Url(await derive(secret, labelled('link token')));

/** What members of the call know of a link, 32 bytes: the same with `link guests`. */
export const guestKeyOf = async (secret: Bytes): Promise<Bytes> => derive(secret, labelled('link guests'));

/**
 * A guest's name for whoever has the guest key: `nonce (12) ‖ AES-256-GCM`, padded, so that all names are as long. Nothing in it
 * says whose name it is: {@link checkGuestProof} does.
 *
 * @throws RangeError for more than 8,190 bytes
 */
export async function sealGuestName(guestKey: Bytes, name: string): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await nameKey(guestKey, 'encrypt');
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, pad(utf8(name)));
  return concatBytes(iv, new Uint8Array(sealed));
}

/** The name, unchecked; null where it was sealed under another guest key, was changed, or is no text. */
export async function openGuestName(guestKey: Bytes, sealed: Uint8Array): Promise<string | null> {
  const iv = new Uint8Array(sealed.subarray(0, NONCE_BYTES));
  if (guestKey.length !== GUEST_KEY_BYTES || iv.length !== NONCE_BYTES) return null;
  try {
    const key = await nameKey(guestKey, 'decrypt');
    const body = new Uint8Array(sealed.subarray(NONCE_BYTES));
    const name = unpad(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, body)));
    return name === null ? null : readUtf8(name);
  } catch {
    return null;
  }
}

/** What a guest of this name has to prove itself with. */
export const createGuestPass = async (guestKey: Bytes, name: string): Promise<GuestPass> => ({
  proofKey: await proofKeyOf(guestKey),
  name,
});

/** 32 bytes: HMAC-SHA-256 over the labelled fields call id, leaf key, device key, user id, device id, name. */
export const proveGuest = async ({ proofKey }: GuestPass, claim: GuestClaim): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', proofKey, claimText(claim)));

/** Whether somebody who has the guest key vouches for all of this: a guest who came by the link, or a member of the call. */
export async function checkGuestProof(
  guestKey: Bytes,
  proof: Uint8Array,
  claim: GuestClaim,
): Promise<boolean> {
  if (guestKey.length !== GUEST_KEY_BYTES || proof.length !== PROOF_BYTES) return false;
  const key = await proofKeyOf(guestKey);
  return crypto.subtle.verify('HMAC', key, new Uint8Array(proof), claimText(claim));
}

const claimText = ({ callId, leafKey, deviceKey, userId, deviceId, name }: GuestClaim): Bytes =>
  labelled('guest proof', callId, leafKey, deviceKey, utf8(userId), utf8(deviceId), utf8(name));

async function derive(secret: Bytes, info: Bytes): Promise<Bytes> {
  const from = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), from, GUEST_KEY_BYTES * 8));
}

async function nameKey(guestKey: Bytes, use: 'encrypt' | 'decrypt'): Promise<WebCryptoKey> {
  const from = await crypto.subtle.importKey('raw', guestKey, 'HKDF', false, ['deriveKey']);
  const how = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf(labelled('guest name')), from, how, false, [use]);
}

async function proofKeyOf(guestKey: Bytes): Promise<WebCryptoKey> {
  const from = await crypto.subtle.importKey('raw', guestKey, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey(hkdf(labelled('guest proof')), from, how, false, ['sign', 'verify']);
}

const hkdf = (info: Bytes) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info });

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
