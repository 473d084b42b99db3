import type { Bytes } from '@visavis/encryption';
import {
  certifyDevice,
  checkCertificate,
  type Confirmation,
  identityKeyOf,
  importIdentitySecret,
  type SigningKey,
  unsafeCreateIdentitySecret,
} from '@visavis/encryption/identity';
import type { UserKeys } from '@visavis/protocol';
import type { Api } from '../http/api.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import type { KeyStore } from './keyStore.ts';

/**
 * Where this device stands. `guest`: it has no identity. `confirmed`: it has the identity, which signs its key. `not_confirmed`: the
 * user has an identity that this browser does not have. `replaced`: this browser has one, and the server hands out another. `unreachable`:
 * the server did not say.
 */
export type OwnStatus = 'guest' | 'confirmed' | 'not_confirmed' | 'replaced' | 'unreachable';

export interface OwnDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly isGuest: boolean;
}

export type IdentityApi = Pick<Api, 'userKeys' | 'setIdentityKey' | 'publishDeviceKey'>;

export interface OwnKeys {
  readonly status: OwnStatus;
  readonly confirmation: Confirmation | null;
}

interface Parts {
  readonly api: IdentityApi;
  readonly store: KeyStore;
  readonly device: OwnDevice;
  readonly deviceKey: SigningKey;
  readonly now: () => number;
}

/**
 * Brings the server and this browser together: the first device of a user makes the identity, one that has it certifies itself, and what
 * the server does not have yet is published. Without the server a device counts as not confirmed.
 */
export async function settleOwnKeys(parts: Parts): Promise<OwnKeys> {
  const { api, device } = parts;
  if (device.isGuest) return publish(parts, null, { status: 'guest', confirmation: null });
  const listed = await api.userKeys(device.userId);
  if (!listed.ok) return UNREACHABLE;
  const found = await findIdentity(parts, listed.value.identityKey);
  if (found === 'unreachable') return UNREACHABLE;
  if (found === 'none' || found === 'another') {
    const status = found === 'none' ? 'not_confirmed' : 'replaced';
    return publish(parts, listed.value, { status, confirmation: null });
  }
  const certificate = await certificateFor(parts, listed.value, found);
  const confirmation = { identityKey: found.publicKey, certificate };
  return publish(parts, listed.value, { status: 'confirmed', confirmation });
}

const UNREACHABLE: OwnKeys = { status: 'unreachable', confirmation: null };

/** The user's identity, if this browser has the one that stands; where none stands, the one that this browser sets. */
async function findIdentity(
  { api, store, device }: Parts,
  standing: string | null,
): Promise<SigningKey | 'none' | 'another' | 'unreachable'> {
  const kept = await store.readIdentity(device.userId);
  if (standing !== null) return compare(kept, standing);
  const secret = kept ?? (await store.addIdentity(device.userId, await unsafeCreateIdentitySecret()));
  const identityKey = toBase64(identityKeyOf(secret));
  const set = await api.setIdentityKey({ identityKey, replaces: null });
  if (set.ok) return compare(secret, identityKey);
  if (set.code !== 'WRONG_STATE') return 'unreachable';
  // Another browser was faster: an identity that has never stood anywhere is of no use.
  if (kept === null) await store.removeIdentity(device.userId);
  return kept === null ? 'none' : 'another';
}

async function compare(secret: Bytes | null, standing: string): Promise<SigningKey | 'none' | 'another'> {
  if (secret === null) return 'none';
  const identity = await importIdentitySecret(secret);
  secret.fill(0);
  if (identity === null) return 'none';
  return toBase64(identity.publicKey) === standing ? identity : 'another';
}

const findListed = ({ device }: Parts, keys: UserKeys | null) =>
  keys?.devices.find(({ deviceId }) => deviceId === device.deviceId);

/** The certificate that the server has of this device, if it holds; else a new one. */
async function certificateFor(parts: Parts, keys: UserKeys, identity: SigningKey): Promise<Bytes> {
  const { device, deviceKey, now } = parts;
  const certified = { ...device, deviceKey: deviceKey.publicKey };
  const listed = findListed(parts, keys)?.certificate;
  const kept = listed === undefined || listed === null ? null : fromBase64(listed);
  if (kept !== null && (await checkCertificate(kept, identity.publicKey, certified)) !== null) return kept;
  return certifyDevice(identity, certified, now());
}

/** Tells the server what it does not have yet. @returns `keys`, or that it could not be told */
async function publish(parts: Parts, listed: UserKeys | null, keys: OwnKeys): Promise<OwnKeys> {
  const { api, deviceKey } = parts;
  const { confirmation } = keys;
  const key = toBase64(deviceKey.publicKey);
  const certificate =
    confirmation === null
      ? null
      : { identityKey: toBase64(confirmation.identityKey), bytes: toBase64(confirmation.certificate) };
  const known = findListed(parts, listed);
  if (known?.deviceKey === key && known.certificate === (certificate?.bytes ?? null)) return keys;
  const published = await api.publishDeviceKey({ deviceKey: key, certificate });
  return published.ok ? keys : UNREACHABLE;
}
