import type { Bytes } from '@visavis/encryption';
import type { SigningKey } from '@visavis/encryption/identity';

/** What this browser remembers of a contact's identity key. */
export interface RememberedContact {
  /** Ed25519, 32 bytes: as last seen and not objected to. */
  readonly identityKey: Bytes;
  /** Whether the person has compared the safety number of this key. */
  readonly verified: boolean;
  /** Whether another key, or none any more, was what was seen last. */
  readonly changed: boolean;
}

/** A call link that this browser made, or that its person came by as a guest. */
export interface RememberedLink {
  readonly linkId: string;
  /** Null: a guest's, who has one call alone. */
  readonly callId: string | null;
  /** 32 bytes. */
  readonly secret: Bytes;
  /** By which the guest came; null for who made it. */
  readonly name: string | null;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/**
 * The keys and memories of the devices (windows) of this browser. They share one store, so that each method is atomic among windows; all
 * reject where the browser gives no storage.
 */
export interface KeyStore {
  /** The key of this device, made on first use. Its private half cannot be read. */
  openDeviceKey(deviceId: string): Promise<SigningKey>;
  /** The identity secret of this user, 64 bytes; null where this browser has none or cannot read it any more. */
  readIdentity(userId: string): Promise<Bytes | null>;
  /** Keeps this identity secret unless there is one. @returns the one that is kept now */
  addIdentity(userId: string, secret: Bytes): Promise<Bytes>;
  /** Keeps this identity secret instead of any other. */
  putIdentity(userId: string, secret: Bytes): Promise<void>;
  removeIdentity(userId: string): Promise<void>;
  readContact(userId: string, contactId: string): Promise<RememberedContact | null>;
  /** All that this user has, by id. */
  listContacts(userId: string): Promise<ReadonlyMap<string, RememberedContact>>;
  /** Remembers this unless something is remembered. @returns what is remembered now */
  addContact(userId: string, contactId: string, contact: RememberedContact): Promise<RememberedContact>;
  putContact(userId: string, contactId: string, contact: RememberedContact): Promise<void>;
  putLink(userId: string, link: RememberedLink): Promise<void>;
  /** Those that hold. What has expired is forgotten, whoever it was of. */
  listLinks(userId: string, now: number): Promise<readonly RememberedLink[]>;
}
