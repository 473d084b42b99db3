import type { CommittedKeys, ErrorCode, UnnumberedEvent } from '@visavis/protocol';

/** What the server proposes to the members of an epoch. Whoever hands it over signs it. */
export type KeyProposal =
  | { readonly type: 'add'; readonly deviceId: string; readonly keyPackage: string }
  | { readonly type: 'remove'; readonly deviceId: string; readonly leaf: number };

export interface KeyLeaf {
  readonly leaf: number;
  readonly deviceId: string;
}

/** What a device has asked for while its Add waited: it cannot be taken back, and something follows it. */
export interface KeyWish {
  readonly deviceId: string;
  /** To be added with this one instead; null: it is gone, and to be removed again. */
  readonly keyPackage: string | null;
}

/**
 * Who is in the MLS group of a call, as far as the server has to know of it.
 *
 *   no leaves ──the first joins──▶ epoch 0 ──commit──▶ epoch 1 … ──stuck, or nobody left who could commit──▶ no leaves,
 *                                                                                              one generation further
 */
export interface KeyGroup {
  readonly generation: number;
  readonly epoch: number;
  /** In their order. None: this generation has not begun. */
  readonly leaves: readonly KeyLeaf[];
  /** Of this epoch, in the order in which members have them. */
  readonly proposals: readonly KeyProposal[];
  readonly wishes: readonly KeyWish[];
  /** Since when the oldest proposal waits for a commit, in ms; null where there is none. */
  readonly waitingSinceAt: number | null;
}

/** What members are told; proposals as they stand in the state. */
export type KeyMessage =
  | {
      readonly type: 'keys_proposed';
      readonly callId: string;
      readonly payload: {
        readonly generation: number;
        readonly epoch: number;
        readonly from: number;
        readonly proposals: readonly KeyProposal[];
      };
    }
  | Extract<UnnumberedEvent, { type: 'keys_committed' | 'keys_welcome' | 'keys_reset' }>;

/** The same for each of these devices. */
export interface KeyEffect {
  readonly type: 'keys';
  readonly deviceIds: readonly string[];
  readonly message: KeyMessage;
}

/** What devices ask of the keys. `deviceId` is the acting device, established by its session. */
export type KeyEvent =
  /** `keyPackage` null: it has sent none that members could take. */
  | { readonly type: 'keys_joined'; readonly deviceId: string; readonly keyPackage: string | null }
  | {
      readonly type: 'keys_committed';
      readonly deviceId: string;
      readonly commit: Omit<CommittedKeys, 'by'>;
      readonly welcome: string | null;
      /** What was read of the commit; null where it is none, or refers to something else than the first proposals of its epoch. */
      readonly read: KeyCommitFacts | null;
    }
  | {
      readonly type: 'keys_refreshed';
      readonly deviceId: string;
      readonly generation: number;
      readonly epoch: number;
    };

export interface KeyCommitFacts {
  /** Of whoever made it. */
  readonly leaf: number;
  /** How many of the epoch's proposals, from the first. */
  readonly covered: number;
  /** Without new keys it removes nobody (RFC 9420 §12.4). */
  readonly hasPath: boolean;
}

/** `refusal` set means: `keys` is the very same value and there are no effects. */
export interface KeyStep {
  readonly keys: KeyGroup | null;
  readonly effects: readonly KeyEffect[];
  readonly refusal: ErrorCode | null;
}

/** The call around the keys. */
export interface KeyScene {
  readonly callId: string;
  /** The devices that are in the call. */
  readonly present: readonly string[];
  readonly now: number;
}
