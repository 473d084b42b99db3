import type { Bytes } from '../bytes.ts';
import type { CallIdentity } from '../identity/types.ts';
import type { CallKeys } from '../worker/cryptoWorker.ts';
import type { WorkerTimers } from '../worker/timers.ts';

/** A member of the call's group, as its credential says. */
export interface KeyMember {
  readonly userId: string;
  readonly deviceId: string;
  readonly leaf: number;
  /** What it says who it is with, for this key of its leaf: whether a user's identity stands behind it, can be looked up there. */
  readonly credential: Bytes;
  readonly leafKey: Bytes;
}

/** The epoch that a device is in. */
export interface CurrentKeys {
  /** Which group of the call, and which epoch of it. */
  readonly generation: number;
  readonly epoch: number;
  /** This device among them, in the order of their leaves. */
  readonly members: readonly KeyMember[];
  /** The same for everybody in this epoch and for nobody else (RFC 9420 §8.7); 32 bytes, safe to show a digest of. */
  readonly authenticator: Bytes;
}

/** What a member wants the server to be asked. Each is answered once, under its number. */
export type SaidKeys =
  | { readonly type: 'join_keys'; readonly keyPackage: Bytes }
  | {
      readonly type: 'commit_keys';
      readonly generation: number;
      readonly epoch: number;
      readonly commit: Bytes;
      readonly welcome: Bytes | null;
    }
  | { readonly type: 'refresh_keys'; readonly generation: number; readonly epoch: number };

/** What a member is told: answers under the number of what was said, and the server's events in their order. */
export type HeardKeys =
  | {
      readonly type: 'joined';
      readonly request: number;
      readonly generation: number;
      readonly role: 'create' | 'wait';
      /** Ed25519, 32 bytes: who alone proposes members. */
      readonly senderKey: Bytes;
    }
  /** To `commit_keys` and `refresh_keys`. */
  | { readonly type: 'accepted'; readonly request: number }
  /** `stale`: somebody was faster, or the server is further than this device. `failed`: anything else. */
  | { readonly type: 'refused'; readonly request: number; readonly reason: 'stale' | 'failed' }
  | {
      readonly type: 'proposed';
      readonly generation: number;
      readonly epoch: number;
      /** How many proposals of this epoch came before these. */
      readonly from: number;
      readonly proposals: readonly Bytes[];
    }
  | {
      readonly type: 'committed';
      readonly generation: number;
      readonly epoch: number;
      readonly commit: Bytes;
    }
  | {
      readonly type: 'welcome';
      readonly generation: number;
      readonly epoch: number;
      readonly welcome: Bytes;
    }
  | { readonly type: 'reset'; readonly generation: number }
  /** The signaling session is a fresh one (SES2): events may have been lost. */
  | { readonly type: 'fresh_session' };

export interface MemberOptions {
  readonly callId: string;
  readonly identity: CallIdentity;
  /** Where the keys of each epoch go. */
  readonly keys: CallKeys;
  readonly timers: WorkerTimers;
  readonly say: (request: number, said: SaidKeys) => void;
  /** Null while it is no member and has asked to be one again. */
  readonly report: (keys: CurrentKeys | null) => void;
  /** Something that the server sent was not taken, for this reason. */
  readonly ignored: (reason: string) => void;
}

export interface Member {
  /** In the order in which it came. */
  hear(heard: HeardKeys): void;
  /** Nothing is said or sent any more. */
  close(): void;
  /** When everything that was heard by now has been looked at. */
  settled(): Promise<void>;
}
