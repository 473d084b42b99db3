import type { CalleePolicy, CallDevice } from '@visavis/call';
import type { DeviceKind, Settings, UserSummary } from '@visavis/protocol';

/** A device whose token was checked. */
export interface SignedInDevice extends CallDevice {
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** GRP6: of somebody without an account. */
  readonly isGuest: boolean;
}

export interface NewDevice {
  readonly deviceId: string;
  readonly userId: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly tokenHash: Uint8Array;
  readonly now: number;
}

export interface ContactRow {
  readonly user: UserSummary;
  readonly favourite: boolean;
  readonly blocked: boolean;
  /** Whether this contact lets the user see when it is there: it has the user as a contact too and has not blocked them. */
  readonly showsPresence: boolean;
  readonly lastSeenAt: number | null;
}

/** Who is called, and what they allow this caller (RING6, RING8). */
export interface Relation extends CalleePolicy {
  readonly callee: UserSummary;
}

export interface Registrant {
  readonly user: UserSummary;
  readonly deviceName: string;
}

/** People, their devices, contacts, blocks and settings. Each method is atomic and survives a restart. */
export interface Accounts {
  findUser(userId: string): Promise<UserSummary | null>;
  /** Who registers with this device of theirs, and what it is called now; null when they have no such device. */
  findRegistrant(userId: string, deviceId: string): Promise<Registrant | null>;
  /** The users with these handles, in the order of the handles. */
  findByHandles(handles: readonly string[]): Promise<readonly UserSummary[]>;
  findAvatar(userId: string): Promise<{ readonly svg: string; readonly hash: string } | null>;

  createDevice(device: NewDevice): Promise<void>;
  /** The device that has this id and this token, or null. */
  authenticate(deviceId: string, tokenHash: Uint8Array): Promise<SignedInDevice | null>;
  listDevices(userId: string): Promise<readonly SignedInDevice[]>;
  /** @returns whether this user has such a device. */
  renameDevice(userId: string, deviceId: string, name: string): Promise<boolean>;
  /** @returns whether this user had such a device. */
  removeDevice(userId: string, deviceId: string): Promise<boolean>;
  touchDevice(deviceId: string, now: number): Promise<void>;

  readSettings(userId: string): Promise<Settings>;
  changeSettings(userId: string, change: Partial<Settings>): Promise<Settings>;

  listContacts(userId: string): Promise<readonly ContactRow[]>;
  /** Adds or changes. @returns false when there is no such user. */
  putContact(userId: string, contactId: string, favourite: boolean | null, now: number): Promise<boolean>;
  /** @returns whether there was such a contact. */
  removeContact(userId: string, contactId: string): Promise<boolean>;
  /** @returns false when there is no such user. */
  block(userId: string, blockedId: string, now: number): Promise<boolean>;
  unblock(userId: string, blockedId: string): Promise<void>;
  /** Everybody who sees when this user is there (see {@link ContactRow.showsPresence}). */
  listAudience(userId: string): Promise<readonly string[]>;
  /** @returns null when there is no such callee. */
  findRelation(callerId: string, calleeId: string): Promise<Relation | null>;
}
