import type {
  CallNotice,
  CallType,
  EndReason,
  ErrorCode,
  GroupStatus,
  MediaFlow,
  MediaState,
  UnnumberedEvent,
  UserSummary,
} from '@visavis/protocol';
import type { KeyEffect, KeyEvent, KeyGroup } from '../keys/index.ts';
import type { CallDevice, CalleePolicy, Participation } from '../server/index.ts';

/**
 * What became of one person of a group call.
 *
 *   ringing ──answers, joins──▶ joined ──leaves, is lost──▶ left
 *      ├── declines ──▶ declined        left, declined, missed ──joins by themselves──▶ joined
 *      └── nobody answers ──▶ missed    left, declined, missed ──added anew──▶ ringing
 *   waiting ──is let in──▶ joined       any ──by the host──▶ removed
 */
export interface GroupMember {
  readonly user: UserSummary;
  readonly guest: boolean;
  readonly status: GroupStatus;
  /** When they were last called or came. */
  readonly invitedAt: number;
  /** Who called them last; null for whoever came by themselves. */
  readonly invitedBy: string | null;
  /** While it rings for them: until when. While they wait and are not heard of: until when. */
  readonly deadlineAt: number | null;
  /** The latest time until which it may ring for them (RING5). */
  readonly ringLimitAt: number;
  /** RING3, RING8: ring without sound. */
  readonly silent: boolean;
  /** RING8: this person has blocked whoever called, or takes no strangers: nothing rings, and they hear nothing of it. */
  readonly concealed: boolean;
  /** Of the first time; null: never was in it. */
  readonly joinedAt: number | null;
  /** Of the last time; null while they are in it, and for whoever never was. */
  readonly leftAt: number | null;
  /** GRP6: what they come with once they are let in. */
  readonly comesWith: CallType;
  /** GRP6: a guest's name, which the server cannot read; gone with the call. */
  readonly sealedName?: string | undefined;
}

/** One device. Of somebody who waits it is `invited`. */
export interface GroupParticipant {
  readonly device: CallDevice;
  readonly invitedAt: number;
  readonly part: Participation;
}

/** A link by which people come into the call (GRP6), as far as the call has to know of it. */
export interface GroupLink {
  readonly linkId: string;
  readonly expiresAt: number;
}

/**
 * CALL4: one device takes the place of another one, of the same person or of somebody else.
 *
 *   both are in it ──the new one has media──▶ the others have those, or 10 s have passed ──▶ the old one has left
 *        └── the new one has none for 20 s ──▶ it has left again
 */
export interface GroupMove {
  readonly fromDeviceId: string;
  readonly toDeviceId: string;
  readonly startedAt: number;
  /** Since when the new device has its media; null: it has not. */
  readonly readyAt: number | null;
  /** Those at which the media of the new device have arrived. */
  readonly confirmedBy: readonly string[];
  /** CALL5: the new device was in the call before, and stays if nothing comes of it. */
  readonly wasIn: boolean;
}

interface GroupBase {
  readonly callId: string;
  readonly callType: CallType;
  /** The name of the saved group. */
  readonly title: string | null;
  readonly savedGroupId: string | null;
  /** The direct call that it was (CALL3). */
  readonly grewFrom: string | null;
  readonly initiatorId: string;
  readonly hostId: string;
  readonly locked: boolean;
  /** How long it rings for whoever is added. */
  readonly ringMs: number;
  readonly createdAt: number;
  /** When the second person joined. */
  readonly connectedAt: number | null;
  /** In the order in which they came. */
  readonly people: readonly GroupMember[];
  /** In the order in which they were rung or joined. */
  readonly participants: readonly GroupParticipant[];
}

/** A call of up to 32 people (GRP1). */
export type GroupCall = LiveGroup | EndedGroup;

export interface LiveGroup extends GroupBase {
  readonly state: 'live';
  /** GRP9: since when one person is alone and nobody rings or waits; anew when a link is made, or the last one revoked. */
  readonly aloneSinceAt: number | null;
  /** Those that are not revoked. */
  readonly links: readonly GroupLink[];
  /** Null: no device has asked for any. */
  readonly keys: KeyGroup | null;
  /** Those that go on. */
  readonly moves: readonly GroupMove[];
}

export interface EndedGroup extends GroupBase {
  readonly state: 'ended';
  readonly endedAt: number;
  readonly endReason: EndReason;
}

/** Somebody who is to be rung, and what they say to that (RING6, RING8). */
export interface Invitee {
  readonly user: UserSummary;
  /** Those that are online now. */
  readonly devices: readonly CallDevice[];
  readonly policy: CalleePolicy;
}

/** On what ground somebody joins who is not rung. */
export type Entrance =
  /** GRP3. */
  | { readonly type: 'own'; readonly isGroupMember: boolean }
  /** GRP6: by a link that holds. */
  | { readonly type: 'link'; readonly guest: boolean; readonly sealedName?: string | undefined };

/** What can happen to a group call. `deviceId` is always the acting device, established by its session. */
export type GroupEvent =
  | { readonly type: 'device_online'; readonly device: CallDevice }
  | {
      readonly type: 'device_silent';
      readonly deviceId: string;
      readonly lastSeenAt: number;
      /** After a start of the server, in ms: time to come back beyond what every silent device has (CALL2). */
      readonly graceMs?: number;
    }
  | { readonly type: 'device_removed'; readonly deviceId: string }
  | { readonly type: 'deadline_passed' }
  /** CALL3: the direct call ended before it could grow. */
  | { readonly type: 'abandoned' }
  /** GRP6, GRP9: by somebody who may. */
  | { readonly type: 'link_made'; readonly linkId: string; readonly expiresAt: number }
  | { readonly type: 'link_revoked'; readonly linkId: string }
  /** GRP10: kept as a group by somebody in the call. */
  | {
      readonly type: 'group_saved';
      readonly userId: string;
      readonly savedGroupId: string;
      readonly title: string;
    }
  | {
      readonly type: 'joined';
      readonly device: CallDevice;
      readonly user: UserSummary;
      readonly media: CallType;
      readonly entrance: Entrance;
    }
  /** CALL4: by `device`, which may: it is of the same person, or was asked by `fromDeviceId`. */
  | {
      readonly type: 'move_started';
      readonly fromDeviceId: string;
      readonly device: CallDevice;
      readonly user: UserSummary;
    }
  | GroupActorEvent;

export type GroupActorEvent =
  | KeyEvent
  | { readonly type: 'ringing_reported'; readonly deviceId: string; readonly silent: boolean }
  | { readonly type: 'answered'; readonly deviceId: string; readonly media: CallType }
  | { readonly type: 'declined'; readonly deviceId: string }
  | { readonly type: 'left'; readonly deviceId: string; readonly reason: 'hangup' | 'media_failed' }
  | { readonly type: 'media_updated'; readonly deviceId: string; readonly mediaState: MediaState }
  | { readonly type: 'media_reported'; readonly deviceId: string; readonly flow: MediaFlow }
  /** Of a direct call: group calls have no signals between devices. */
  | { readonly type: 'signalled'; readonly deviceId: string }
  | { readonly type: 'move_confirmed'; readonly deviceId: string; readonly toDeviceId: string }
  | { readonly type: 'people_added'; readonly deviceId: string; readonly invitees: readonly Invitee[] }
  | { readonly type: 'person_removed'; readonly deviceId: string; readonly userId: string }
  | {
      readonly type: 'person_admitted';
      readonly deviceId: string;
      readonly userId: string;
      readonly admit: boolean;
    }
  | { readonly type: 'locked'; readonly deviceId: string; readonly locked: boolean }
  | {
      readonly type: 'media_asked';
      readonly deviceId: string;
      readonly userId: string | null;
      readonly ask: 'mute' | 'unmute';
    }
  | {
      readonly type: 'data_sent';
      readonly deviceId: string;
      readonly messageId: string;
      /** Whatever it is: the server cannot tell. */
      readonly sealed: string;
    };

/** What has to be done after the new call is stored. Where the call is the same, it is only passed on. */
export type GroupEffect =
  | KeyEffect
  | { readonly type: 'send'; readonly deviceId: string; readonly event: UnnumberedEvent }
  /** HIST1. */
  | { readonly type: 'history_changed'; readonly userIds: readonly string[] }
  /** Not kept for whoever is away. */
  | { readonly type: 'notice'; readonly deviceId: string; readonly notice: CallNotice };

/** `refusal` set means: `call` is the very same value and there are no effects. */
export interface GroupStep {
  readonly call: GroupCall;
  readonly effects: readonly GroupEffect[];
  readonly refusal: ErrorCode | null;
}
