import type { Bytes } from '@visavis/encryption';
import {
  checkCertificate,
  createCallIdentity,
  type DeviceCallIdentity,
  type DeviceIdentity,
  identityKeyOf,
  type IdentifiedDevice,
  importIdentitySecret,
  safetyNumberOf,
  type SafetyNumber,
  unsafeCreateIdentitySecret,
} from '@visavis/encryption/identity';
import { fromBase64, toBase64 } from '../base64.ts';
import { type ContactStatus, isSame, recallContact, seeContact } from './contacts.ts';
import type { KeyStore } from './keyStore.ts';
import { type IdentityApi, type OwnDevice, type OwnKeys, type OwnStatus, settleOwnKeys } from './ownKeys.ts';

export interface IdentityOptions {
  readonly api: IdentityApi;
  readonly store: KeyStore;
  readonly device: OwnDevice;
  /** ms since 1970. */
  readonly now: () => number;
}

/** Somebody's keys as the server hands them out, checked. */
export interface ContactKeys {
  readonly status: ContactStatus;
  /** Ed25519, 32 bytes; null where they have none. */
  readonly identityKey: Bytes | null;
  readonly devices: readonly { readonly deviceId: string; readonly confirmed: boolean }[];
}

export interface ComparedNumber extends SafetyNumber {
  /** The contact's key that the number is of, to be given to {@link Identity.verify}. */
  readonly identityKey: Bytes;
}

/** Who this device is in calls, and who others are to it. */
export interface Identity {
  readonly status: OwnStatus;
  /** What a crypto worker needs to make credentials; it can be posted there. */
  readonly device: DeviceIdentity;
  /** The same, on this side. */
  readonly calls: DeviceCallIdentity;
  /** Asks the server again, after `profile_changed` and after it could not be reached. */
  refresh(): Promise<void>;
  /**
   * Takes an identity that an approval or a recovery code gave (a passkey's PRF will be one more way). @returns false where it is not the
   * one that stands, or the server did not say
   */
  adopt(secret: Bytes): Promise<boolean>;
  /** A new identity instead of the one that stands. Everybody has to compare again, and each other device to be approved again. */
  replace(): Promise<boolean>;
  /** The identity secret, to approve a device or to wrap it for recovery; null where this device is not confirmed. Zero it after use. */
  unsafeReadSecret(): Promise<Bytes | null>;
  /** This user's devices, and whether the identity that stands has signed them; null where the server does not say. */
  readOwnDevices(): Promise<ContactKeys['devices'] | null>;
  /** What was known of each contact last, without asking anybody. */
  recallContacts(): Promise<ReadonlyMap<string, ContactStatus>>;
  /** Called after each `verify` and `accept`. @returns what ends that */
  watch(onDecided: (contactId: string) => void): () => void;
  /** Null where the server does not say. A key that is seen for the first time is remembered. */
  readContact(contactId: string): Promise<ContactKeys | null>;
  /** Null where one of the two has no identity, or the server does not say. */
  readSafetyNumber(contactId: string): Promise<ComparedNumber | null>;
  /** The person has compared the number of this key. */
  verify(contactId: string, identityKey: Bytes): Promise<void>;
  /** The person takes this key, compared or not: `changed` becomes `seen`, and so does `verified`. */
  accept(contactId: string, identityKey: Bytes): Promise<void>;
  /** What this person knows of the user that a device in a call belongs to; of one that is not confirmed nothing. */
  judge(device: IdentifiedDevice): Promise<ContactStatus>;
  /** Whether this person has compared a key of this contact, whichever it has now. */
  isVerified(contactId: string): Promise<boolean>;
}

export async function createIdentity({ api, store, device, now }: IdentityOptions): Promise<Identity> {
  const { userId, deviceId } = device;
  const deviceKey = await store.openDeviceKey(deviceId);
  const parts = { api, store, device, deviceKey, now };
  let own: OwnKeys = await settleOwnKeys(parts);

  const identityOf = (): DeviceIdentity => ({ userId, deviceId, deviceKey, confirmation: own.confirmation });
  const watchers = new Set<(contactId: string) => void>();
  const remember = async (contactId: string, identityKey: Bytes, verified: boolean): Promise<void> => {
    await store.putContact(userId, contactId, { identityKey, verified, changed: false });
    for (const onDecided of watchers) onDecided(contactId);
  };
  const refresh = async (): Promise<void> => {
    own = await settleOwnKeys(parts);
  };

  const readKeys = async (ofUserId: string): Promise<Omit<ContactKeys, 'status'> | null> => {
    const listed = await api.userKeys(ofUserId);
    if (!listed.ok || listed.value.userId !== ofUserId) return null;
    const identityKey = listed.value.identityKey === null ? null : fromBase64(listed.value.identityKey);
    const devices = await Promise.all(
      listed.value.devices.map(async ({ deviceId, deviceKey, certificate }) => ({
        deviceId,
        confirmed:
          identityKey !== null &&
          certificate !== null &&
          (await checkCertificate(fromBase64(certificate), identityKey, {
            userId: ofUserId,
            deviceId,
            deviceKey: fromBase64(deviceKey),
          })) !== null,
      })),
    );
    return { identityKey, devices };
  };
  const readContact = async (contactId: string): Promise<ContactKeys | null> => {
    const keys = await readKeys(contactId);
    if (keys === null) return null;
    return { ...keys, status: await seeContact(store, userId, contactId, keys.identityKey) };
  };

  return {
    get status() {
      return own.status;
    },
    get device() {
      return identityOf();
    },
    get calls() {
      return createCallIdentity(identityOf());
    },
    refresh,
    adopt: async (secret) => {
      const identity = await importIdentitySecret(secret);
      const listed = await api.userKeys(userId);
      if (device.isGuest || identity === null || !listed.ok) return false;
      if (listed.value.identityKey !== toBase64(identity.publicKey)) return false;
      await store.putIdentity(userId, secret);
      await refresh();
      return own.status === 'confirmed';
    },
    replace: async () => {
      const listed = await api.userKeys(userId);
      if (device.isGuest || !listed.ok) return false;
      const secret = await unsafeCreateIdentitySecret();
      const identityKey = toBase64(identityKeyOf(secret));
      const set = await api.setIdentityKey({ identityKey, replaces: listed.value.identityKey });
      if (set.ok) await store.putIdentity(userId, secret);
      secret.fill(0);
      await refresh();
      return set.ok;
    },
    unsafeReadSecret: async () => (own.status === 'confirmed' ? store.readIdentity(userId) : null),
    readOwnDevices: async () => (await readKeys(userId))?.devices ?? null,
    recallContacts: async () => {
      const remembered = await store.listContacts(userId);
      return new Map([...remembered].map(([contactId, contact]) => [contactId, recallContact(contact)]));
    },
    watch(onDecided) {
      watchers.add(onDecided);
      return () => watchers.delete(onDecided);
    },
    readContact,
    readSafetyNumber: async (contactId) => {
      const identityKey = (await readContact(contactId))?.identityKey ?? null;
      if (identityKey === null || own.confirmation === null) return null;
      const me = { userId, identityKey: own.confirmation.identityKey };
      return { ...(await safetyNumberOf(me, { userId: contactId, identityKey })), identityKey };
    },
    verify: async (contactId, identityKey) => remember(contactId, identityKey, true),
    accept: async (contactId, identityKey) => remember(contactId, identityKey, false),
    judge: async (seen) => {
      if (seen.identityKey === null) return 'unknown';
      if (seen.userId === userId && own.confirmation !== null)
        return isSame(own.confirmation.identityKey, seen.identityKey) ? 'verified' : 'changed';
      return seeContact(store, userId, seen.userId, seen.identityKey);
    },
    isVerified: async (contactId) => (await store.readContact(userId, contactId))?.verified ?? false,
  };
}
