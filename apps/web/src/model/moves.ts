import type { OwnCall, UserSummary } from '@visavis/protocol';

/** CALL4: this device is asked to take another one's place. */
export interface MoveOfferView {
  readonly token: string;
  /** Who asks; this person themselves, with another device. */
  readonly from: UserSummary;
  /** `devices` is the one that asks. */
  readonly call: OwnCall;
}

/** CALL4: another device, or somebody else, was asked from here. */
export interface AskedMove {
  /** Of the call. */
  readonly key: string;
  /** Null until the server has said it. */
  readonly token: string | null;
  /** Of the device or the person. */
  readonly name: string;
  readonly isDevice: boolean;
  readonly state: 'asking' | 'waiting' | 'declined' | 'unanswered' | 'offline' | 'busy' | 'failed';
}

export interface MoveActions {
  /** A call that goes on at another device of this person. */
  readonly moveHere: (callId: string) => void;
  /** Which devices are online now. */
  readonly openMove: () => void;
  /** `deviceId` null: somebody else, whoever of their devices takes it. */
  readonly offerMove: (key: string, userId: string, deviceId: string | null, name: string) => void;
  /** Takes back what was asked, or puts away what came of it. */
  readonly closeAskedMove: () => void;
  readonly acceptMove: (token: string) => void;
  readonly declineMove: (token: string) => void;
}

export type { OwnCall };
