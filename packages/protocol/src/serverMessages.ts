import * as z from 'zod/mini';
import {
  EndReason,
  Id,
  JoinedParticipant,
  MediaState,
  Presence,
  RingProgress,
  Time,
  UserSummary,
} from './entities.ts';
import { ErrorCode } from './errors.ts';
import { ApprovalStep } from './identity.ts';
import { CallData, MediaReadiness } from './groups.ts';
import { CommittedKeys, JoinedKeys, KeyGeneration, ProposedKeys, WelcomedKeys } from './keys.ts';
import { OwnCall } from './moves.ts';
import { IceParameters, MediaId, OpenedMedia, PublishedTrack, ReceivedTrack } from './media.ts';
import { AnswerDescription, Candidate, Description, Signal } from './signals.ts';
import { CallSnapshot } from './snapshot.ts';

const Seq = z.int().check(z.positive());

const event = <Type extends string, Payload extends z.ZodMiniType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), seq: Seq, callId: Id, payload });

/** SES1: the session, whether it goes on where it was, and every live call this device is part of. */
export const Registered = z.strictObject({
  type: z.literal('registered'),
  id: z.string(),
  payload: z.strictObject({
    sessionId: Id,
    resumed: z.boolean(),
    /** The server's time, to show durations right on a device whose clock is wrong. */
    serverTime: Time,
    calls: z.array(CallSnapshot),
  }),
});

/** The answer to a request that was done. `call` where the request was about one and the device is part of it. */
export const Ok = z.strictObject({
  type: z.literal('ok'),
  id: z.string(),
  payload: z.strictObject({
    call: z.optional(CallSnapshot),
    /** With the answer to `initiate_call`, also when the call is over already (busy). */
    callId: z.optional(Id),
    /** With the answer to `answer_call`, and to an `initiate_call` that met the other's (RING7): what the caller has sent while it rang (NEG2, NEG3). */
    signals: z.optional(z.array(Signal)),
    /** With the answer to `open_media`. */
    media: z.optional(OpenedMedia),
    /** With the answer to `publish_track`. */
    trackId: z.optional(MediaId),
    /** With the answer to `receive_tracks`: those of the asked that there are. With that to `open_media`: what is ready already. */
    received: z.optional(z.array(ReceivedTrack)),
    /** With the answer to `list_tracks`: what the others publish. */
    tracks: z.optional(z.array(PublishedTrack)),
    /** With the answer to `restart_media`. */
    iceParameters: z.optional(IceParameters),
    /** With the answer to `offer_move`. */
    offer: z.optional(z.strictObject({ token: Id, expiresAt: Time })),
    /** With the answer to `join_keys`. */
    keys: z.optional(JoinedKeys),
  }),
});

/** The answer to a request that was not done, or (without id) to a message that was none. Nothing has changed. */
export const ErrorMessage = z.strictObject({
  type: z.literal('error'),
  id: z.optional(z.string()),
  payload: z.strictObject({ code: ErrorCode, message: z.string(), retryAfterMs: z.optional(z.int()) }),
});

/** RING2: ring. */
export const Ring = event('ring', z.strictObject({ call: CallSnapshot }));
/** RING3: how far it got, for the caller. The whole list each time. */
export const CallProgress = event(
  'call_progress',
  z.strictObject({ progress: z.array(RingProgress), ringDeadlineAt: Time }),
);
/** RING4: the caller learns who answered. */
export const CallAnswered = event(
  'call_answered',
  z.strictObject({ connectedAt: Time, remote: JoinedParticipant }),
);
/** Over, for this device: ring no more, send no more. `by` names the device that took or declined it, if one did. */
export const CallEnded = event(
  'call_ended',
  z.strictObject({
    reason: EndReason,
    endedAt: Time,
    connectedAt: z.nullable(Time),
    by: z.nullable(z.string()),
  }),
);
/** GRP2: a group call as it is now, for this device. Comes whenever people, host, lock or anybody's media state change. */
export const GroupChanged = event('group_changed', z.strictObject({ call: CallSnapshot }));
/** CALL3: this direct call goes on as that group call, which this device has joined already. */
export const CallGrew = event('call_grew', z.strictObject({ call: CallSnapshot }));
/** GRP7: what another device of the call has said to its members. */
export const DataSent = event('call_data', CallData);
/** GRP5: the host (`by`, a user's id) asks this device to mute itself, or its person to unmute. Names of guests only devices know. */
export const MediaAsked = event('media_asked', z.strictObject({ ask: z.enum(['mute', 'unmute']), by: Id }));
/** CALL6. */
export const MediaChanged = event('media_changed', z.strictObject({ deviceId: Id, mediaState: MediaState }));
export const OfferEvent = event('offer', Description);
export const AnswerEvent = event('answer', AnswerDescription);
export const IceCandidateEvent = event('ice_candidate', Candidate);

/** KEY2: for every member. */
export const KeysProposed = event('keys_proposed', ProposedKeys);
/** KEY3: for everybody who was a member and is still in the call, also whoever was removed by it. */
export const KeysCommitted = event('keys_committed', CommittedKeys);
/** KEY3: for those who were added. */
export const KeysWelcomed = event('keys_welcome', WelcomedKeys);
/** KEY5: the group got stuck: everybody in the call joins its next one, with a fresh key package. */
export const KeysReset = event('keys_reset', z.strictObject({ generation: KeyGeneration }));

/** Events are numbered, kept until acknowledged, and arrive once each and in order (SES2). */
export const ServerEvent = z.discriminatedUnion('type', [
  Ring,
  CallProgress,
  CallAnswered,
  CallEnded,
  GroupChanged,
  CallGrew,
  DataSent,
  MediaAsked,
  MediaChanged,
  OfferEvent,
  AnswerEvent,
  IceCandidateEvent,
  KeysProposed,
  KeysCommitted,
  KeysWelcomed,
  KeysReset,
]);
export type ServerEvent = z.infer<typeof ServerEvent>;
type Unnumbered<Event> = Event extends ServerEvent ? Omit<Event, 'seq'> : never;
/** An event before the session numbers it. */
export type UnnumberedEvent = Unnumbered<ServerEvent>;

/** Notices are not kept: what they tell is fetched anew after every `registered`. */
export const PresenceNotice = z.strictObject({
  type: z.literal('presence'),
  payload: z.strictObject({ userId: Id, presence: Presence }),
});
/** HIST1: the history of this user has changed, on whatever device. */
export const HistoryNotice = z.strictObject({
  type: z.literal('history_changed'),
  payload: z.strictObject({ missedUnseen: z.int().check(z.nonnegative()) }),
});
/** Contacts, settings or devices of this user have changed; IDN1: `identityOf`, the identity key of that person, this one or a contact, is another one. */
export const ProfileNotice = z.strictObject({
  type: z.literal('profile_changed'),
  payload: z.strictObject({ identityOf: z.optional(Id) }),
});
const callNotice = <Type extends string, Payload extends z.ZodMiniType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), callId: Id, payload });

/** GRP4: everything that the others publish, each time; asked for by `list_tracks` after every `registered`. */
export const TracksNotice = callNotice('media_tracks', z.strictObject({ tracks: z.array(PublishedTrack) }));
/** GRP8: who speaks; null: nobody has for a while, and whoever did last stays large. */
export const SpeakerNotice = callNotice('media_speaker', z.strictObject({ deviceId: z.nullable(Id) }));
/** GRP4: the layer of a track that this device gets at present; null: none. */
export const LayersNotice = callNotice(
  'media_layers',
  z.strictObject({ trackId: MediaId, spatialLayer: z.nullable(z.int()) }),
);
/** GRP4: the highest layer of this device's own track that anybody watches; null: nobody watches. */
export const DemandNotice = callNotice(
  'media_demand',
  z.strictObject({ trackId: MediaId, maxSpatialLayer: z.nullable(z.int()) }),
);
/** GRP9: the media server of this call is gone: `open_media` anew. */
export const MediaLostNotice = callNotice('media_lost', z.strictObject({}));
/** MED4: the media server of this call is about to stop: `open_media` beside what there is, which goes on for a while. */
export const MediaMovingNotice = callNotice('media_moving', z.strictObject({}));
/** GRP9: whether group calls can be had has changed. */
export const ReadinessNotice = z.strictObject({ type: z.literal('group_calls'), payload: MediaReadiness });
/** GRP10: a saved group of this user, or a call of one, has changed. */
export const GroupsNotice = z.strictObject({
  type: z.literal('groups_changed'),
  payload: z.strictObject({}),
});
/** IDN4: from another device of this user. */
export const ApprovalNotice = z.strictObject({
  type: z.literal('approval'),
  payload: z.strictObject({ fromDeviceId: Id, attempt: Id, step: ApprovalStep }),
});
/** CALL4: calls of this user begin, end or go on at other devices of theirs: `GET /api/own-calls` says which. */
export const OwnCallsNotice = z.strictObject({
  type: z.literal('own_calls_changed'),
  payload: z.strictObject({}),
});
/** CALL4: somebody asks this device to take their place, or this user's other device does. `call.devices` is the one that asks. */
export const MoveOfferedNotice = z.strictObject({
  type: z.literal('move_offered'),
  payload: z.strictObject({ token: Id, expiresAt: Time, from: UserSummary, call: OwnCall }),
});
/** CALL4: for those who asked or were asked and did not do this themselves. */
export const MoveOverNotice = z.strictObject({
  type: z.literal('move_over'),
  payload: z.strictObject({ token: Id, outcome: z.enum(['accepted', 'declined', 'withdrawn']) }),
});
export const Pong = z.strictObject({ type: z.literal('pong'), payload: z.strictObject({}) });

/** Everything a server may say. */
export const ServerMessage = z.discriminatedUnion('type', [
  Registered,
  Ok,
  ErrorMessage,
  Ring,
  CallProgress,
  CallAnswered,
  CallEnded,
  GroupChanged,
  CallGrew,
  DataSent,
  MediaAsked,
  MediaChanged,
  OfferEvent,
  AnswerEvent,
  IceCandidateEvent,
  KeysProposed,
  KeysCommitted,
  KeysWelcomed,
  KeysReset,
  PresenceNotice,
  HistoryNotice,
  ProfileNotice,
  TracksNotice,
  SpeakerNotice,
  LayersNotice,
  DemandNotice,
  MediaLostNotice,
  MediaMovingNotice,
  ReadinessNotice,
  GroupsNotice,
  ApprovalNotice,
  OwnCallsNotice,
  MoveOfferedNotice,
  MoveOverNotice,
  Pong,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
export type ServerNotice =
  | z.infer<typeof PresenceNotice>
  | z.infer<typeof HistoryNotice>
  | z.infer<typeof ProfileNotice>
  | z.infer<typeof ReadinessNotice>
  | z.infer<typeof GroupsNotice>
  | z.infer<typeof ApprovalNotice>
  | z.infer<typeof OwnCallsNotice>
  | z.infer<typeof MoveOfferedNotice>
  | z.infer<typeof MoveOverNotice>
  | CallNotice;
/** A notice about one group call. */
export type CallNotice =
  | z.infer<typeof TracksNotice>
  | z.infer<typeof SpeakerNotice>
  | z.infer<typeof LayersNotice>
  | z.infer<typeof DemandNotice>
  | z.infer<typeof MediaLostNotice>
  | z.infer<typeof MediaMovingNotice>;
export const RequestAnswer = z.discriminatedUnion('type', [Ok, ErrorMessage]);
export type RequestAnswer = z.infer<typeof RequestAnswer>;
