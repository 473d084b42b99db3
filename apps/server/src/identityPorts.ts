import type { DeviceKeyInput, RecoveryInput, UserKeys } from '@visavis/protocol';

export interface IdentityKeyChange {
  readonly userId: string;
  readonly identityKey: string;
  /** The key that has to stand until then; null: none. */
  readonly replaces: string | null;
  readonly now: number;
}

/** `same`: this key stands already. `other`: another one stands than was said. `no_user`: or a guest. */
export type IdentitySet = 'set' | 'replaced' | 'same' | 'other' | 'no_user';

export interface DeviceKeyChange extends DeviceKeyInput {
  readonly userId: string;
  readonly deviceId: string;
  readonly now: number;
}

export interface RecoveryChange extends RecoveryInput {
  readonly userId: string;
  readonly now: number;
}

export interface StoredRecovery {
  /** In base64. */
  readonly wrapped: string;
  readonly madeAt: number;
}

/** The public keys of people and their devices, in base64. Each method is atomic and survives a restart. */
export interface IdentityStore {
  /** IDN1: sets or replaces the identity key of a user. Replacing it removes the certificates of all their devices, and what IDN5 keeps. */
  setIdentity(change: IdentityKeyChange): Promise<IdentitySet>;
  /**
   * IDN2: keeps the key of a device and its certificate, instead of what was kept of it.
   * @returns false when the user has no such device, or another identity key than that of the certificate
   */
  putDeviceKey(change: DeviceKeyChange): Promise<boolean>;
  /** IDN3: null when there is no such user. */
  find(userId: string): Promise<UserKeys | null>;
  /** IDN5: keeps it instead of what was kept. @returns false when another identity key stands, or none */
  putRecovery(change: RecoveryChange): Promise<boolean>;
  /** IDN5: null when there is none of the identity key that stands. */
  findRecovery(userId: string): Promise<StoredRecovery | null>;
  /**
   * IDN3: whether `viewerId` may see the keys of `userId`: their own; those of a contact on either side who has not blocked
   * them; those of somebody who rings or has joined in a call in which they do.
   */
  maySee(viewerId: string, userId: string): Promise<boolean>;
}
