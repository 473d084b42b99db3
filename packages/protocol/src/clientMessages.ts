import * as z from 'zod/mini';
import { CallType, Id, MediaFlow, MediaState } from './entities.ts';
import { LIMITS } from './limits.ts';
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
 * sockets of one window, and another one on those of any other (SES3).
 */
export const Register = request(
  'register',
  z.strictObject({
    protocol: z.int(),
    deviceId: Id,
    resume: z.nullable(z.strictObject({ sessionId: Id, lastSeq: Seq })),
    window: z.optional(Key),
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
  Ack,
  Ping,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Everything that is answered by `ok` or `error` with the same id. */
export type ClientRequest = Extract<ClientMessage, { id: string }>;
/** Everything that is about one call. */
export type CallRequest = Extract<ClientMessage, { callId: string }>;
