import type { DeviceStanding, HoldReason } from '@visavis/client';

export interface SealView {
  /** `preparing`: nothing is sent yet. `held`: nothing is sent until the person has decided. `failed`: nothing is sent any more. */
  readonly phase: 'preparing' | 'sealed' | 'held' | 'failed';
  /** Devices that nothing is sent to and that are not played. */
  readonly held: readonly HeldView[];
  /** Six groups of five digits, the same on every device that has the keys; null while there are none. */
  readonly code: readonly string[] | null;
  /** Every device that has the keys. */
  readonly devices: readonly SealedDevice[];
}
export interface HeldView {
  readonly userId: string;
  readonly deviceId: string;
  /** Null: whoever it belongs to is not in the list of this call. */
  readonly person: string | null;
  readonly why: HoldReason;
  /** Whether the person may go on with it all the same. */
  readonly canContinue: boolean;
}
export interface SealedDevice {
  readonly userId: string;
  readonly deviceId: string;
  /** Null: whoever it belongs to is not in the list of this call. */
  readonly person: string | null;
  readonly device: string | null;
  readonly isThis: boolean;
  /** What is known of whose it is; null: this device, or not looked up yet. */
  readonly standing: DeviceStanding | null;
}
