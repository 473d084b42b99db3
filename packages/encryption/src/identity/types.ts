import type { Bytes } from '../bytes.ts';

/** Whose device it is. */
export interface KnownDevice {
  readonly userId: string;
  readonly deviceId: string;
}

/** What a device says of its leaf, and how it finds out whose the others are. `callId` is the UTF-8 of the call's id. */
export interface CallIdentity {
  /** The credential of this device for a leaf key of this call: the identity bytes of its leaf. */
  certify(leafKey: Bytes, callId: Bytes): Promise<Bytes>;
  /** Who a leaf belongs to; null where the credential does not hold for this leaf key and call. Never rejects. */
  verify(credential: Uint8Array, leafKey: Uint8Array, callId: Uint8Array): Promise<KnownDevice | null>;
}
