import { type Bytes, concatBytes, equalBytes } from '../bytes.ts';
import { digitGroups } from './digits.ts';
import { ID_RANGE, isWithin, labelled, utf8 } from './fields.ts';
import { PUBLIC_KEY_BYTES } from './keys.ts';

const VERSION = 1;
const FINGERPRINT_BYTES = 32;
const GROUPS_OF_USER = 6;
const GROUPS_OF_CALL = 6;
/** Fewer: keys whose digits look alike are found sooner. More: showing a number takes longer (this is about 0.1 s). */
const ITERATIONS = 100_000;

export interface IdentifiedUser {
  readonly userId: string;
  /** Ed25519, 32 bytes. */
  readonly identityKey: Uint8Array;
}

/** What two people compare, out loud or by scanning. */
export interface SafetyNumber {
  /** 12 groups of 5 digits, the same for both and whatever devices they have. */
  readonly groups: readonly string[];
  /** For the QR code that the other one scans: version (1), own fingerprint (32), fingerprint of the other (32). */
  readonly qr: Bytes;
}

/** `mine`: the other one has another key of mine than I have; `theirs`: I have another key of theirs. `both`: also for codes of other people. */
export type ScanResult =
  | { readonly type: 'same' }
  | { readonly type: 'differs'; readonly whose: 'mine' | 'theirs' | 'both' }
  | { readonly type: 'unreadable' | 'other_version' };

/**
 * The fingerprint of a user's identity key: `PBKDF2-HMAC-SHA-512(password: labelled fields version, user id, identity key; salt: the
 * label alone; 100,000 iterations)`, 32 bytes. The iterations make it dear to look for a key whose digits are nearly the same.
 *
 * @throws RangeError for a key or an id of a length that there is not
 */
export async function fingerprintOf({ userId, identityKey }: IdentifiedUser): Promise<Bytes> {
  if (identityKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('no such key');
  if (!isWithin(utf8(userId), ID_RANGE)) throw new RangeError('no such id');
  const password = labelled('safety number', Uint8Array.of(VERSION), utf8(userId), identityKey);
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-512', salt: labelled('safety number'), iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, FINGERPRINT_BYTES * 8));
}

/** The safety number of two users: 30 digits of each one's fingerprint, the smaller number first. */
export async function safetyNumberOf(me: IdentifiedUser, other: IdentifiedUser): Promise<SafetyNumber> {
  const [mine, theirs] = await Promise.all([fingerprintOf(me), fingerprintOf(other)]);
  const halves = [mine, theirs].map((each) => digitGroups(each, GROUPS_OF_USER));
  const sorted = halves.toSorted((a, b) => (a.join('') < b.join('') ? -1 : 1));
  return { groups: sorted.flat(), qr: concatBytes(Uint8Array.of(VERSION), mine, theirs) };
}

/** Compares what was scanned from the other one's screen with what this device would show. Looks at both directions. */
export function compareScanned(scanned: Uint8Array, own: SafetyNumber): ScanResult {
  if (scanned.length === 0) return { type: 'unreadable' };
  if (scanned[0] !== VERSION) return { type: 'other_version' };
  if (scanned.length !== own.qr.length) return { type: 'unreadable' };
  const [theirOwn, theirOther] = halvesOf(scanned);
  const [mine, theirs] = halvesOf(own.qr);
  const [sameMine, sameTheirs] = [equalBytes(theirOther, mine), equalBytes(theirOwn, theirs)];
  if (sameMine && sameTheirs) return { type: 'same' };
  return { type: 'differs', whose: sameMine ? 'theirs' : sameTheirs ? 'mine' : 'both' };
}

/**
 * The code that everybody in a call sees as long as they are in the same group and epoch: 6 groups of 5 digits of `SHA-512(labelled
 * field epoch authenticator)`.
 *
 * @param epochAuthenticator - of the MLS group (RFC 9420 §8.7)
 */
export async function callCodeOf(epochAuthenticator: Uint8Array): Promise<readonly string[]> {
  const hash = await crypto.subtle.digest('SHA-512', labelled('call code', epochAuthenticator));
  return digitGroups(new Uint8Array(hash), GROUPS_OF_CALL);
}

const halvesOf = (qr: Uint8Array): readonly [Uint8Array, Uint8Array] => [
  qr.subarray(1, 1 + FINGERPRINT_BYTES),
  qr.subarray(1 + FINGERPRINT_BYTES),
];
