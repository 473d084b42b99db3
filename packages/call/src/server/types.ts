import type {
  CallSnapshot,
  CallType,
  DeviceKind,
  EndReason,
  ErrorCode,
  MediaFlow,
  MediaState,
  Signal,
  UnnumberedEvent,
  UserSummary,
} from '@visavis/protocol';
import type { KeyEffect, KeyEvent, KeyGroup } from '../keys/index.ts';

/** A device as a call knows it. */
export interface CallDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly name: string;
  readonly kind: DeviceKind;
}

/**
 * One device's part in a call.
 *
 *   invited ──reports──▶ ringing ──answers──▶ joined ──▶ left
 *      └─────────┬──────────┘
 *                ├─▶ declined    this device said no
 *                ├─▶ elsewhere   another device of the user answered or declined
 *                ├─▶ missed      nobody of the user answered in time, or the caller gave up
 *                └─▶ busy        the user is in another call and wants no second one
 */
export type Participation =
  | { readonly state: 'invited'; readonly online: boolean }
  | { readonly state: 'ringing'; readonly online: boolean; readonly silent: boolean }
  | {
      readonly state: 'joined';
      readonly joinedAt: number;
      readonly mediaState: MediaState;
      readonly flow: MediaFlow;
      /** When the device was last heard of, if its socket is lost; null while it is connected. */
      readonly silentSinceAt: number | null;
    }
  | { readonly state: 'left'; readonly joinedAt: number; readonly leftAt: number }
  | { readonly state: 'declined' | 'elsewhere' | 'missed' | 'busy'; readonly leftAt: number };

export interface Participant {
  readonly device: CallDevice;
  readonly role: 'caller' | 'callee';
  readonly invitedAt: number;
  readonly part: Participation;
}

interface CallBase {
  readonly callId: string;
  readonly callType: CallType;
  readonly caller: UserSummary;
  readonly callee: UserSummary;
  readonly createdAt: number;
  /** The latest time until which it may ring (RING5). */
  readonly ringLimitAt: number;
  /** The caller's device first, then the callee's in the order in which they were rung. */
  readonly participants: readonly Participant[];
  /** RING3, RING8: ring without sound, by the callee's settings. */
  readonly silent: boolean;
  /** RING8: the callee has blocked the caller or takes no strangers: nothing rings, and the callee's history stays empty. */
  readonly concealed: boolean;
}

/**
 *                 answer                    end · device gone · media failed
 *   ringing ───────────────────▶ connected ─────────────────────────────────▶ ended (also when it has grown, CALL3)
 *      ├── deadline ────────────▶ missed      (failed, when no device was ever online)
 *      ├── decline ─────────────▶ declined
 *      └── cancel · caller gone ▶ cancelled
 *   (dial, callee busy) ────────▶ busy
 */
export type Call = RingingCall | ConnectedCall | EndedCall;

export interface RingingCall extends CallBase {
  readonly state: 'ringing';
  /** Earlier than `ringLimitAt` while no device of the callee is online. */
  readonly ringDeadlineAt: number;
  /** NEG2, NEG3: what the caller has sent while it rings; nobody else sees it before the answer. */
  readonly held: readonly Signal[];
  /** Null: no device has asked for any. */
  readonly keys: KeyGroup | null;
}

export interface ConnectedCall extends CallBase {
  readonly state: 'connected';
  readonly connectedAt: number;
  readonly keys: KeyGroup | null;
}

export interface EndedCall extends CallBase {
  readonly state: 'ended' | 'missed' | 'declined' | 'cancelled' | 'busy' | 'failed';
  readonly connectedAt: number | null;
  readonly endedAt: number;
  readonly endReason: EndReason;
}

/** What can happen to a call. `deviceId` is always the acting device, established by its session. */
export type CallEvent =
  | KeyEvent
  | { readonly type: 'device_online'; readonly device: CallDevice }
  | { readonly type: 'ringing_reported'; readonly deviceId: string; readonly silent: boolean }
  | { readonly type: 'answered'; readonly deviceId: string; readonly media: CallType }
  | { readonly type: 'declined'; readonly deviceId: string }
  | { readonly type: 'cancelled'; readonly deviceId: string }
  | { readonly type: 'ended'; readonly deviceId: string; readonly reason: 'hangup' | 'media_failed' }
  | { readonly type: 'signalled'; readonly deviceId: string; readonly signal: Signal }
  | { readonly type: 'media_updated'; readonly deviceId: string; readonly mediaState: MediaState }
  | { readonly type: 'media_reported'; readonly deviceId: string; readonly flow: MediaFlow }
  /** CALL3: it goes on as a group call, which is there already: as each of the two devices sees that one. */
  | { readonly type: 'grown'; readonly deviceId: string; readonly views: readonly GrownView[] }
  /** The socket of a device is lost, or the device is signed out; `lastSeenAt` is when it was last heard of. */
  | {
      readonly type: 'device_silent';
      readonly deviceId: string;
      readonly lastSeenAt: number;
      /** After a start of the server, in ms: time to come back beyond what every silent device has (CALL2). */
      readonly graceMs?: number;
    }
  | { readonly type: 'device_removed'; readonly deviceId: string }
  | { readonly type: 'deadline_passed' };

export interface GrownView {
  readonly deviceId: string;
  readonly call: CallSnapshot;
}

/** What has to be done after the new call is stored. */
export type CallEffect =
  | KeyEffect
  | { readonly type: 'send'; readonly deviceId: string; readonly event: UnnumberedEvent }
  /** HIST1: these users' histories have changed. */
  | { readonly type: 'history_changed'; readonly userIds: readonly string[] };

/** `refusal` set means: `call` is the very same value and there are no effects. */
export interface CallStep {
  readonly call: Call;
  readonly effects: readonly CallEffect[];
  readonly refusal: ErrorCode | null;
}
