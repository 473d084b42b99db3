import type {
  CallRequest,
  CallSnapshot,
  CallType,
  ClientRequest,
  EndReason,
  ErrorCode,
  GroupView,
  JoinedParticipant,
  MediaFlow,
  MediaState,
  RingProgress,
  ServerEvent,
  Signal,
  UserSummary,
} from '@visavis/protocol';

interface ClientCallBase {
  /** Made by this device: the idempotency key of a dialed call, the id of one that came in. Stable for the call's life here. */
  readonly key: string;
  readonly peer: UserSummary;
  readonly callType: CallType;
  readonly direction: 'outgoing' | 'incoming';
  /** What this device sends, or will once it joins (CALL6). */
  readonly mediaState: MediaState;
  /**
   * The group call as the server has it; null in a call between two. Until the server has named a call that is started here, it
   * holds those who are called and an empty `hostId`; until it has told of one that is joined, nobody.
   */
  readonly group: GroupView | null;
}

/**
 * A call as one device goes through it. It mirrors the server's and never guesses: what only the server can know, it waits for.
 *
 *   dialing ──ok──▶ calling ──call_answered──▶ joined ──┐
 *                              group_changed     ▲      │
 *   incoming ──person answers──▶ answering ──ok──┤      ├──▶ ended
 *      │              │                          │      │
 *   joining ──ok──────┼──────────────────────────┤      │
 *      └────ok──▶ waiting ──group_changed────────┘      │
 *      └──────────────┴──────────── call_ended ─────────┘
 *
 * `joining` and `waiting` are of group calls only. A direct call that grows becomes a group call where it stands (CALL3).
 */
export type ClientCall = Dialing | Calling | Incoming | Answering | Joining | Waiting | Joined | Ended;

/** Pressed; the server has not named the call yet. */
export interface Dialing extends ClientCallBase {
  readonly phase: 'dialing';
}
/** The server tries to reach the other person. */
export interface Calling extends ClientCallBase {
  readonly phase: 'calling';
  readonly callId: string;
  readonly progress: readonly RingProgress[];
  readonly ringDeadlineAt: number;
}
export interface Incoming extends ClientCallBase {
  readonly phase: 'incoming';
  readonly callId: string;
  readonly silent: boolean;
  readonly ringDeadlineAt: number;
}
/** The person has answered; whether this device was first, the server says. */
export interface Answering extends ClientCallBase {
  readonly phase: 'answering';
  readonly callId: string;
  readonly ringDeadlineAt: number;
  /** Signals that came before the server's word. */
  readonly waiting: readonly Signal[];
  /** What the other side has changed before the server's word: that is as old as the answer, however late it comes. */
  readonly remoteMedia: MediaState | null;
}
/** GRP3, GRP6: asked to be let into a group call that goes on. */
export interface Joining extends ClientCallBase {
  readonly phase: 'joining';
  /** Null where only a link names it. */
  readonly callId: string | null;
  /** CALL4: in the place of another device, whose mute and camera come along. */
  readonly isMove: boolean;
}
/** GRP6: came by a link, and somebody has to let this person in. */
export interface Waiting extends ClientCallBase {
  readonly phase: 'waiting';
  readonly callId: string;
}
export interface Joined extends ClientCallBase {
  readonly phase: 'joined';
  readonly callId: string;
  readonly connectedAt: number;
  /** Null while the server has not said who is at the other end, and in a group call, unless it grew here: whose media were direct. */
  readonly remote: JoinedParticipant | null;
  readonly flow: MediaFlow;
  /** Since when `flow` is what it is. */
  readonly flowSinceAt: number;
  /** NEG4: whether this device has asked that a direct call that does not connect goes through the SFU. */
  readonly askedToForward: boolean;
  /** GRP5: the id of the user who asks this person to unmute; null: nobody, or it is answered. */
  readonly askedToUnmuteBy: string | null;
}
export interface Ended extends ClientCallBase {
  readonly phase: 'ended';
  readonly reason: EndReason | 'failed_to_start';
  /** Why it failed to start. */
  readonly code: ErrorCode | null;
  readonly durationMs: number | null;
  readonly by: string | null;
}

/** A call that is over for the person here while the server may not know yet. */
export interface Closing {
  readonly key: string;
  /** Null: not a dial to one person. */
  readonly peerId: string | null;
  /** Null until the server has named the call. */
  readonly callId: string | null;
}

/** All calls of one device. */
export interface DeviceCalls {
  /** Oldest first. */
  readonly calls: readonly ClientCall[];
  readonly closing: readonly Closing[];
  /** Events about calls that this device is just dialing and cannot name yet. */
  readonly early: readonly ServerEvent[];
  /** Calls that the server named after a new socket and that may be the ones being dialed: the answer to the dial says. */
  readonly unplaced: readonly CallSnapshot[];
  /** Signals dropped because nobody had accepted (NEG3); only ever counted. */
  readonly refusedSignals: number;
}

/** How somebody who waits to be let in wants to come in: told to the server when they are. */
export interface ChosenMedia {
  readonly callId: string;
  readonly muted: boolean;
  readonly camera: boolean;
}

/** What people do, what the server says, and what becomes of media. */
export type DeviceInput =
  | { readonly type: 'dial'; readonly key: string; readonly peer: UserSummary; readonly callType: CallType }
  | {
      readonly type: 'answer';
      readonly key: string;
      readonly media: CallType;
      readonly others: 'hold' | 'end';
    }
  | { readonly type: 'hang_up' | 'hold' | 'resume' | 'dismiss'; readonly key: string }
  | { readonly type: 'set_media'; readonly key: string; readonly change: Partial<MediaState> }
  | {
      readonly type: 'registered';
      readonly resumed: boolean;
      readonly calls: readonly CallSnapshot[];
      /** GRP6: from before a reload. */
      readonly chosen?: ChosenMedia | null;
    }
  | { readonly type: 'event'; readonly event: ServerEvent }
  | {
      readonly type: 'dialed';
      readonly key: string;
      readonly callId: string;
      readonly call: CallSnapshot | null;
      readonly signals: readonly Signal[];
    }
  | { readonly type: 'dial_refused'; readonly key: string; readonly code: ErrorCode }
  | {
      readonly type: 'answer_accepted';
      readonly key: string;
      readonly call: CallSnapshot;
      readonly signals: readonly Signal[];
    }
  | { readonly type: 'answer_refused'; readonly key: string; readonly code: ErrorCode }
  /** GRP1. `people`: those whose devices are to ring; one at least. */
  | {
      readonly type: 'start_group';
      readonly key: string;
      readonly people: readonly UserSummary[];
      readonly callType: CallType;
      readonly savedGroupId: string | null;
    }
  /** GRP3. `peer`: who stands for the call until the server has told who is in it. */
  | {
      readonly type: 'join_group';
      readonly key: string;
      readonly callId: string;
      readonly callType: CallType;
      readonly peer: UserSummary;
    }
  /** GRP6. */
  | {
      readonly type: 'join_link';
      readonly key: string;
      readonly token: string;
      readonly callType: CallType;
      readonly peer: UserSummary;
      readonly muted: boolean;
      /** Of a guest; null: somebody with an account. */
      readonly sealedName: string | null;
    }
  /**
   * CALL4: this device takes the place of another one. `mediaState`: what that one sends, as far as it is known.
   * `token`: of an offer; null: of a device of the same person.
   */
  | {
      readonly type: 'move_here';
      readonly key: string;
      readonly callId: string;
      readonly callType: CallType;
      readonly peer: UserSummary;
      readonly mediaState: MediaState | null;
      readonly token: string | null;
    }
  /** The answer to `move_call`, `start_group`, `join_call` or `join_by_link`. */
  | {
      readonly type: 'entered';
      readonly key: string;
      readonly callId: string;
      readonly call: CallSnapshot | null;
    }
  | { readonly type: 'enter_refused'; readonly key: string; readonly code: ErrorCode }
  /** CALL3. */
  | { readonly type: 'add_people'; readonly key: string; readonly userIds: readonly string[] }
  /** GRP5: what this person makes of being asked to unmute. */
  | { readonly type: 'answer_unmute'; readonly key: string; readonly unmute: boolean }
  | { readonly type: 'flow_changed'; readonly key: string; readonly flow: MediaFlow }
  | { readonly type: 'media_gave_up'; readonly key: string }
  /** The answer to `ask_end`: what the server has recorded. */
  | {
      readonly type: 'end_told';
      readonly key: string;
      readonly reason: EndReason;
      readonly durationMs: number | null;
    }
  | { readonly type: 'deadline_passed' };

type WithoutId<Request> = Request extends ClientRequest ? Omit<Request, 'id'> : never;
/** A request before the session gives it an id. */
export type DeviceRequest = WithoutId<Exclude<ClientRequest, { type: 'register' }>>;
export type DeviceCallRequest = WithoutId<CallRequest>;

/** What the edge has to do, in this order. `key` names the call. */
export type DeviceEffect =
  | { readonly type: 'request'; readonly key: string; readonly request: DeviceRequest }
  /** Make ready whatever needs nothing from the other side (NEG3). */
  | { readonly type: 'media_prepare'; readonly key: string; readonly polite: boolean }
  /** Caller: send the first offer; the server keeps it until somebody answers. */
  | { readonly type: 'media_offer'; readonly key: string }
  /** The call is accepted: from here on signals may be processed; these came first. */
  | { readonly type: 'media_accept'; readonly key: string; readonly signals: readonly Signal[] }
  | { readonly type: 'media_signal'; readonly key: string; readonly signal: Signal }
  /** Signals may have been lost: make a new connection and offer it. */
  | { readonly type: 'media_rejoin'; readonly key: string; readonly polite: boolean }
  /** CALL3: the direct call is a group call now: open forwarded media, and close the direct ones when those flow. */
  | { readonly type: 'media_grow'; readonly key: string }
  | { readonly type: 'media_close'; readonly key: string }
  /** It ended while this device was away: ask the server how, and bring back `end_told`. */
  | { readonly type: 'ask_end'; readonly key: string; readonly callId: string };

/** Effects that the media of a call carries out. */
export type MediaEffect = Exclude<DeviceEffect, { readonly type: 'request' | 'ask_end' }>;

export interface DeviceStep {
  readonly state: DeviceCalls;
  readonly effects: readonly DeviceEffect[];
}
