import type { Bytes } from '../bytes.ts';

export interface KnownDevice {
  readonly userId: string;
  readonly deviceId: string;
}

export interface CallIdentity {
  /** The credential of this device for a leaf key of this call; `callId` is the UTF-8 of the call's id. */
  certify(leafKey: Bytes, callId: Bytes): Promise<Bytes>;
  /** Who a leaf belongs to; null where the credential does not hold for this leaf key and call. */
  verify(credential: Uint8Array, leafKey: Uint8Array, callId: Uint8Array): Promise<KnownDevice | null>;
}
