import type { Bytes } from '../bytes.ts';
import type { Confirmation } from '../identity/credential.ts';
import type { SigningKey } from '../identity/keys.ts';
import type { GuestPass } from '../identity/links.ts';
import type { CurrentKeys, HeardKeys, SaidKeys } from '../member/types.ts';
import { isBytes, isCount, isListOf, isName, isRecord } from './checks.ts';

/** Who the device is, and what it signs its leaves with. */
export interface OwnDevice {
  readonly userId: string;
  readonly deviceId: string;
  /** Null: a fresh one for this call. */
  readonly deviceKey: SigningKey | null;
  /** What the identity of its user says of that key; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** Of a guest who has the secret of its link. */
  readonly guest?: GuestPass | null;
}

/** Makes the worker a member of the keys of a call. Once in its life. */
export interface StartKeys {
  readonly callId: string;
  readonly device: OwnDevice;
}

/** As many as an epoch has at most; more are no event of the server. */
const MAX_PROPOSALS = 1_024;
const AUTHENTICATOR_BYTES = 32;
const KEY_BYTES = 32;

export function readStartKeys({ callId, device }: Readonly<Record<string, unknown>>): StartKeys | null {
  if (!isName(callId) || !isRecord(device)) return null;
  const { userId, deviceId, deviceKey, confirmation, guest = null } = device;
  if (!isName(userId) || !isName(deviceId)) return null;
  if (deviceKey !== null && !isSigningKey(deviceKey)) return null;
  if (confirmation !== null && !isConfirmation(confirmation)) return null;
  if (guest !== null && !isGuestPass(guest)) return null;
  return { callId, device: { userId, deviceId, deviceKey, confirmation, guest } };
}

/** What the page tells the member; null where it is none of that. */
export function readHeard(value: unknown): HeardKeys | null {
  if (!isRecord(value)) return null;
  const { type, request, generation, epoch, from, role, reason, senderKey, proposals, commit, welcome } =
    value;
  switch (type) {
    case 'joined':
      if (!isCount(request) || !isCount(generation) || !isBytes(senderKey)) return null;
      return role === 'create' || role === 'wait' ? { type, request, generation, role, senderKey } : null;
    case 'accepted':
      return isCount(request) ? { type, request } : null;
    case 'refused':
      if (!isCount(request)) return null;
      return reason === 'stale' || reason === 'failed' ? { type, request, reason } : null;
    case 'proposed':
      if (!isCount(generation) || !isCount(epoch) || !isCount(from) || !isProposals(proposals)) return null;
      return { type, generation, epoch, from, proposals };
    case 'committed':
      if (!isCount(generation) || !isCount(epoch) || !isBytes(commit)) return null;
      return { type, generation, epoch, commit };
    case 'welcome':
      if (!isCount(generation) || !isCount(epoch) || !isBytes(welcome)) return null;
      return { type, generation, epoch, welcome };
    case 'reset':
      return isCount(generation) ? { type, generation } : null;
    case 'fresh_session':
      return { type };
    default:
      return null;
  }
}

/** What the member wants the server to be asked; null where it is none of that. */
export function readSaid(value: unknown): SaidKeys | null {
  if (!isRecord(value)) return null;
  const { type, generation, epoch, keyPackage, commit, welcome } = value;
  switch (type) {
    case 'join_keys':
      return isBytes(keyPackage) ? { type, keyPackage } : null;
    case 'commit_keys':
      if (!isCount(generation) || !isCount(epoch) || !isBytes(commit)) return null;
      return welcome === null || isBytes(welcome) ? { type, generation, epoch, commit, welcome } : null;
    case 'refresh_keys':
      return isCount(generation) && isCount(epoch) ? { type, generation, epoch } : null;
    default:
      return null;
  }
}

export const isCurrentKeys = (value: unknown): value is CurrentKeys =>
  isRecord(value) &&
  isCount(value['generation']) &&
  isCount(value['epoch']) &&
  isBytes(value['authenticator']) &&
  value['authenticator'].length === AUTHENTICATOR_BYTES &&
  isListOf(
    value['members'],
    ({ userId, deviceId, leaf, credential, leafKey }) =>
      isName(userId) && isName(deviceId) && isCount(leaf) && isBytes(credential) && isBytes(leafKey),
  );

const isProposals = (value: unknown): value is readonly Bytes[] =>
  Array.isArray(value) && value.length > 0 && value.length <= MAX_PROPOSALS && value.every(isBytes);

const isSigningKey = (value: unknown): value is SigningKey => {
  if (!isRecord(value) || !isBytes(value['publicKey'])) return false;
  const { privateKey } = value;
  return (
    privateKey instanceof CryptoKey &&
    privateKey.type === 'private' &&
    privateKey.algorithm.name === 'Ed25519' &&
    value['publicKey'].length === KEY_BYTES
  );
};
const isGuestPass = (value: unknown): value is GuestPass =>
  isRecord(value) &&
  isName(value['name']) &&
  value['proofKey'] instanceof CryptoKey &&
  value['proofKey'].algorithm.name === 'HMAC' &&
  value['proofKey'].usages.includes('sign');
const isConfirmation = (value: unknown): value is Confirmation =>
  isRecord(value) && isBytes(value['identityKey']) && isBytes(value['certificate']);
