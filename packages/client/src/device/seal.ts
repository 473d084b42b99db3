import type { Bytes } from '@visavis/encryption';
import type { CryptoCounters } from '@visavis/encryption/messages';
import type { ServerEvent } from '@visavis/protocol';
import type { PresentDevice } from './judging.ts';
import type { MediaSeal } from '../media/sealed/index.ts';
import type { Stay } from './staying.ts';
import type { Transports } from '../media/direct/transports.ts';

/**
 * What this person knows of who a device belongs to. `unknown`: nobody stands behind it, so that it may be anybody's. `seen`: the
 * identity of its user, the same as ever, not compared. `verified`: compared. `changed`: another identity than before. `guest`: came by
 * a link of the call, under the name that it is shown with.
 */
export type DeviceStanding = 'unknown' | 'seen' | 'verified' | 'changed' | 'guest';

export interface SealedDevice extends Stay {
  readonly userId: string;
  readonly deviceId: string;
  /** Null until it has been looked up. */
  readonly standing: DeviceStanding | null;
}

/**
 * Why this device neither sends to a device nor plays it. `changed`: another identity than this browser remembers. `unconfirmed`: it
 * says that it is of somebody who was verified, and they do not. `not_in_call`: it has the keys and is not in the call, or has left.
 * `connection`: somebody else than it signed the connection, or nobody. `invalid`: what it says of itself does not hold.
 */
export type HoldReason = 'changed' | 'unconfirmed' | 'not_in_call' | 'connection' | 'invalid';

export interface HeldDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly why: HoldReason;
}

/** Who has the keys of a call at this moment, as this device knows it. */
export interface SealState {
  /**
   * `preparing`: this device has no keys, or does not know yet whose they are, and nothing passes. `sealed`: it has. `held`: nothing is
   * sent, and nothing played of {@link held}. `failed`: what encrypts here has died, and nothing passes any more.
   */
  readonly phase: 'preparing' | 'sealed' | 'held' | 'failed';
  /** Empty but where it is `held`. */
  readonly held: readonly HeldDevice[];
  /** Every device that can decrypt what is sent now, this one among them. */
  readonly devices: readonly SealedDevice[];
  /** The call's code: six groups of five digits, the same for all of them and for nobody else; null while there is none. */
  readonly code: readonly string[] | null;
}

/** For the curious: what has gone through a seal so far. */
export interface SealFacts {
  /** Which group of the call and which epoch of it the keys are of; null while there are none. */
  readonly keys: { readonly generation: number; readonly epoch: number } | null;
  /** How often the keys of this device changed, its first ones included. */
  readonly keyChanges: number;
  readonly counters: CryptoCounters;
}

/** What the server says of keys. */
export type KeysEvent = Extract<ServerEvent, { type: `keys_${string}` }>;

/** What makes the media of one call readable to its devices only: its keys, and all that goes through them. */
export interface CallSeal extends MediaSeal {
  /** Makes ready what this device will take part in the keys with. Tells nobody. */
  prepare(callId: string): void;
  /** This device is in the call: it takes part in its keys. Does nothing the second time. */
  join(callId: string): void;
  /** Of the connection of a call between two. */
  readonly transports: Transports;
  /** Everybody else who is in the call, as the server tells it: nobody but them may have its keys. */
  setPresent(devices: readonly PresentDevice[]): void;
  /** The person goes on with this device, though its key has changed or nobody confirms it. */
  allow(deviceId: string): void;
  /** The connection of this call was somebody else's: nothing passes in what it has grown to, either. */
  refuseConnection(): void;
  handleEvent(event: KeysEvent): void;
  /** SES2: the session is a fresh one; events may have been lost. */
  refresh(): void;
  getState(): SealState;
  /** Null where what encrypts does not answer any more. */
  getFacts(): Promise<SealFacts | null>;
  /** Seals for everybody who has the keys; null where there are none at the moment. */
  sealData(content: Bytes): Promise<Bytes | null>;
  /** What this device of this user sealed, once; null where that is not so. In the order of the calls. */
  openData(userId: string, deviceId: string, sealed: Bytes): Promise<Bytes | null>;
  /** What is known of guests has changed. */
  reconsider(): void;
  /** No frame passes any more. */
  close(): void;
}

const KEYS_EVENTS: Readonly<Record<KeysEvent['type'], true>> = {
  keys_proposed: true,
  keys_committed: true,
  keys_welcome: true,
  keys_reset: true,
};

export const isKeysEvent = (event: ServerEvent): event is KeysEvent => event.type in KEYS_EVENTS;
