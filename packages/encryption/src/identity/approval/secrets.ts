import { type Bytes, concatBytes } from '../../bytes.ts';
import { labelled, utf8 } from '../fields.ts';
import { PUBLIC_KEY_BYTES } from '../keys.ts';
import { factFields, type NewDeviceFacts, NONCE_BYTES } from './messages.ts';

/** X25519 (RFC 7748), for one approval. */
export interface ExchangeKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: Bytes;
}

/** Everything that the two have said before they compare. */
export interface Exchanged {
  readonly userId: string;
  readonly newDevice: NewDeviceFacts;
  readonly newNonce: Bytes;
  /** Of the old device. */
  readonly exchangeKey: Bytes;
  readonly nonce: Bytes;
}

export async function createExchangeKey(): Promise<ExchangeKey> {
  const pair = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  if (!('privateKey' in pair)) throw new TypeError('this browser makes no X25519 keys');
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

export const createNonce = (): Bytes => crypto.getRandomValues(new Uint8Array(NONCE_BYTES));

/** What the new device binds itself to before it knows what the old one says: SHA-256 of labelled fields user id, facts, nonce. */
export async function commitmentOf(userId: string, facts: NewDeviceFacts, nonce: Bytes): Promise<Bytes> {
  const text = labelled('approval commitment', utf8(userId), ...factFields(facts), nonce);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', text));
}

/** The 8 digits that are shown and typed: the first 8 bytes of SHA-512 of everything said, modulo 10⁸. */
export async function approvalCodeOf(exchanged: Exchanged): Promise<string> {
  const text = labelled('approval code', ...fieldsOf(exchanged));
  const hash = await crypto.subtle.digest('SHA-512', text);
  return String(new DataView(hash).getBigUint64(0) % 100_000_000n).padStart(8, '0');
}

/** The key of a grant to somebody with whom a code was compared. */
export const keyOfCode = async (own: CryptoKey, theirs: Bytes, exchanged: Exchanged, use: KeyUse) =>
  deriveGrantKey(own, theirs, new Uint8Array(), labelled('approval by code', ...fieldsOf(exchanged)), use);

/** The key of a grant to somebody whose code was scanned: only who saw the screen has its nonce. */
export const keyOfScan = async (
  own: CryptoKey,
  theirs: Bytes,
  { userId, newDevice, newNonce, exchangeKey }: Omit<Exchanged, 'nonce'>,
  use: KeyUse,
) => {
  const info = labelled('approval by scan', utf8(userId), ...factFields(newDevice), exchangeKey);
  return deriveGrantKey(own, theirs, newNonce, info, use);
};

type KeyUse = 'encrypt' | 'decrypt';

/**
 * `HKDF-SHA-256(X25519 ‖ extra; no salt; info)`, an AES-256-GCM key; null where the other key is none.
 * Both ends' exchange keys are fresh, so that each key encrypts one message and the nonce of it can be zero.
 */
async function deriveGrantKey(
  privateKey: CryptoKey,
  theirs: Bytes,
  extra: Bytes,
  info: Bytes,
  use: KeyUse,
): Promise<CryptoKey | null> {
  if (theirs.length !== PUBLIC_KEY_BYTES) return null;
  try {
    const other = await crypto.subtle.importKey('raw', theirs, 'X25519', false, []);
    // Rejects where the result is zero, that is, for a key of small order (RFC 7748 §6.1).
    const shared = await crypto.subtle.deriveBits({ name: 'X25519', public: other }, privateKey, 256);
    const input = concatBytes(new Uint8Array(shared), extra);
    const from = await crypto.subtle.importKey('raw', input, 'HKDF', false, ['deriveKey']);
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
    return await crypto.subtle.deriveKey(how, from, { name: 'AES-GCM', length: 256 }, false, [use]);
  } catch {
    return null;
  }
}

export const ONLY_NONCE = { name: 'AES-GCM', iv: new Uint8Array(12) };

const fieldsOf = ({ userId, newDevice, newNonce, exchangeKey, nonce }: Exchanged): readonly Uint8Array[] => [
  utf8(userId),
  ...factFields(newDevice),
  newNonce,
  exchangeKey,
  nonce,
];
