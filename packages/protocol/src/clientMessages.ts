import * as z from 'zod/mini';
import { CallType, Id, MediaFlow, MediaState } from './entities.ts';
import { ApprovalStep } from './identity.ts';
import { LinkToken, SealedData, SealedName } from './groups.ts';
import { KeyCommit, KeyEpoch, KeyGeneration, KeyPackage } from './keys.ts';
import { LIMITS } from './limits.ts';
import {
  DtlsParameters,
  MediaId,
  MediaSource,
  RtpCapabilities,
  RtpParameters,
  TrackIds,
  TrackWish,
} from './media.ts';
import { AnswerDescription, Candidate, Description } from './signals.ts';

const Key = z.string().check(z.minLength(1), z.maxLength(LIMITS.keyLength), z.regex(/^[\w-]+$/));
const Seq = z.int().check(z.nonnegative());
const Empty = z.strictObject({});

const request = <Type extends string, Payload extends z.ZodMiniType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), id: Key, payload });

const callRequest = <Type extends string, Payload extends z.ZodMiniType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), id: Key, callId: Id, payload });

/**
 * SES1. `resume` names the session that the device had and the last event it has handled; `window` is one and the same on all
 * sockets of one window, and another one on those of any other; `openedAt` is when the socket was opened, in ms of the device's clock,
 * later on each socket of a window than on those before (SES3).
 */
export const Register = request(
  'register',
  z.strictObject({
    protocol: z.int(),
    deviceId: Id,
    resume: z.nullable(z.strictObject({ sessionId: Id, lastSeq: Seq })),
    window: z.optional(Key),
    openedAt: z.optional(z.int().check(z.nonnegative())),
  }),
);

/** RING1. */
export const InitiateCall = request(
  'initiate_call',
  z.strictObject({ idempotencyKey: Key, calleeId: Id, callType: CallType }),
);

/** RING3: this device rings now, or shows the call silently. */
export const ReportRinging = callRequest('report_ringing', z.strictObject({ silent: z.boolean() }));
/** RING4. `media` says whether the camera comes along. */
export const AnswerCall = callRequest('answer_call', z.strictObject({ media: CallType }));
export const DeclineCall = callRequest('decline_call', Empty);
export const CancelCall = callRequest('cancel_call', Empty);
/** CALL2. `media_failed`: this device gave up connecting (NEG4). */
export const EndCall = callRequest(
  'end_call',
  z.strictObject({ reason: z.enum(['hangup', 'media_failed']) }),
);
/** CALL6. */
export const UpdateMedia = callRequest('update_media', MediaState);
/** CALL2: whether this device gets the other's media. */
export const ReportMedia = callRequest('report_media', z.strictObject({ flow: MediaFlow }));

export const Offer = callRequest('offer', Description);
export const Answer = callRequest('answer', AnswerDescription);
export const IceCandidate = callRequest('ice_candidate', Candidate);

const People = z.array(Id).check(z.maxLength(LIMITS.groupPeople - 1));

/** GRP1: a group call with these people, whose devices ring. `savedGroupId`: it is a call of that group. */
export const StartGroup = request(
  'start_group',
  z.strictObject({
    idempotencyKey: Key,
    userIds: People.check(z.minLength(1)),
    callType: CallType,
    savedGroupId: z.nullable(Id),
  }),
);
/** CALL3: rings more people; of a direct call it makes a group call, also with nobody new (NEG4). */
export const AddPeople = callRequest('add_people', z.strictObject({ userIds: People }));
/** GRP3: back into, or into a group call that goes on, without being rung. */
export const JoinCall = callRequest('join_call', z.strictObject({ media: CallType }));
/**
 * CALL4: this device takes the place of another one. `token`: of an offer; null: of a device of the same person, of
 * `fromDeviceId` where there are several.
 */
export const MoveCall = callRequest(
  'move_call',
  z.strictObject({ fromDeviceId: z.nullable(Id), token: z.nullable(Id) }),
);
/** CALL4: what the device sends that takes the place of another has arrived here; of that device itself: it has its media. */
export const ConfirmMove = callRequest('confirm_move', z.strictObject({ toDeviceId: Id }));
/** CALL4: asks another device of this user, or somebody else (`deviceId` null), to take this device's place. */
export const OfferMove = callRequest('offer_move', z.strictObject({ userId: Id, deviceId: z.nullable(Id) }));
/** CALL4: declined by whoever was asked, or taken back by whoever asked. */
export const DropMove = request('drop_move', z.strictObject({ token: Id }));
/** GRP6: into the call of this link, or into its waiting room. `name`: a guest's. */
export const JoinByLink = request(
  'join_by_link',
  z.strictObject({ token: LinkToken, media: CallType, name: z.optional(SealedName) }),
);
/** GRP5, GRP6: what only the host may do. */
export const RemovePerson = callRequest('remove_person', z.strictObject({ userId: Id }));
export const AdmitPerson = callRequest('admit_person', z.strictObject({ userId: Id, admit: z.boolean() }));
export const LockCall = callRequest('lock_call', z.strictObject({ locked: z.boolean() }));
/** `userId` null: everybody else. */
export const AskMedia = callRequest(
  'ask_media',
  z.strictObject({ userId: z.nullable(Id), ask: z.enum(['mute', 'unmute']) }),
);
/** GRP7: for every member, whatever it is. */
export const SendData = callRequest('send_data', z.strictObject({ sealed: SealedData }));

/** KEY1: asks to be a member, also once more after something could not be processed, each time with a fresh key package. */
export const JoinKeys = callRequest('join_keys', z.strictObject({ keyPackage: KeyPackage }));
/** KEY3. */
export const CommitKeys = callRequest('commit_keys', KeyCommit);
/** KEY6: whether this is where the call is, after a session that began anew. */
export const RefreshKeys = callRequest(
  'refresh_keys',
  z.strictObject({ generation: KeyGeneration, epoch: KeyEpoch }),
);

/** GRP4: this device's way to the SFU. Opened anew, the former one is closed. */
export const OpenMedia = callRequest('open_media', z.strictObject({ rtpCapabilities: RtpCapabilities }));
export const ConnectMedia = callRequest(
  'connect_media',
  z.strictObject({ transportId: MediaId, dtlsParameters: DtlsParameters }),
);
/** NEG4: ICE anew over the same transport. */
export const RestartMedia = callRequest('restart_media', z.strictObject({ transportId: MediaId }));
export const PublishTrack = callRequest(
  'publish_track',
  z.strictObject({
    transportId: MediaId,
    source: MediaSource,
    kind: z.enum(['audio', 'video']),
    rtpParameters: RtpParameters,
    paused: z.boolean(),
  }),
);
export const UnpublishTrack = callRequest('unpublish_track', z.strictObject({ trackId: MediaId }));
export const PauseTrack = callRequest(
  'pause_track',
  z.strictObject({ trackId: MediaId, paused: z.boolean() }),
);
export const ListTracks = callRequest('list_tracks', Empty);
export const ReceiveTracks = callRequest('receive_tracks', z.strictObject({ trackIds: TrackIds }));
export const PreferTracks = callRequest(
  'prefer_tracks',
  z.strictObject({ wishes: z.array(TrackWish).check(z.maxLength(LIMITS.tracksAtOnce)) }),
);

/** IDN4: to another device of the same user. `attempt` is the new device's name for this approval. */
export const SendApproval = request(
  'send_approval',
  z.strictObject({ toDeviceId: Id, attempt: Id, step: ApprovalStep }),
);

/** SES2: every event up to this one is handled. Has no answer. */
export const Ack = z.strictObject({ type: z.literal('ack'), payload: z.strictObject({ seq: Seq }) });
/** SES4: answered by `pong`, for a client that doubts its socket. */
export const Ping = z.strictObject({ type: z.literal('ping'), payload: Empty });

/** Everything a client may say. */
export const ClientMessage = z.discriminatedUnion('type', [
  Register,
  InitiateCall,
  ReportRinging,
  AnswerCall,
  DeclineCall,
  CancelCall,
  EndCall,
  UpdateMedia,
  ReportMedia,
  Offer,
  Answer,
  IceCandidate,
  StartGroup,
  AddPeople,
  JoinCall,
  JoinByLink,
  MoveCall,
  ConfirmMove,
  OfferMove,
  DropMove,
  RemovePerson,
  AdmitPerson,
  LockCall,
  AskMedia,
  SendData,
  JoinKeys,
  CommitKeys,
  RefreshKeys,
  OpenMedia,
  ConnectMedia,
  RestartMedia,
  PublishTrack,
  UnpublishTrack,
  PauseTrack,
  ListTracks,
  ReceiveTracks,
  PreferTracks,
  SendApproval,
  Ack,
  Ping,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Everything that is answered by `ok` or `error` with the same id. */
export type ClientRequest = Extract<ClientMessage, { id: string }>;
/** Everything that is about one call. */
export type CallRequest = Extract<ClientMessage, { callId: string }>;
/** What is about the SFU: answered by the call's media, and kept nowhere. */
export type MediaRequest = Extract<
  CallRequest,
  {
    type:
      | 'open_media'
      | 'connect_media'
      | 'restart_media'
      | 'publish_track'
      | 'unpublish_track'
      | 'pause_track'
      | 'list_tracks'
      | 'receive_tracks'
      | 'prefer_tracks';
  }
>;
