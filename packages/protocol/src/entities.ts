import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';

/** An id the server made. */
export const Id = z.uuid();
/** A wall time in ms since 1970 UTC. */
export const Time = z.int().check(z.nonnegative());

export const DeviceKind = z.enum(['desktop', 'phone', 'tablet', 'browser']);
export type DeviceKind = z.infer<typeof DeviceKind>;

export const CallType = z.enum(['video', 'audio']);
export type CallType = z.infer<typeof CallType>;

export const CallState = z.enum([
  'ringing',
  'connected',
  'ended',
  'missed',
  'declined',
  'cancelled',
  'busy',
  'failed',
]);
export type CallState = z.infer<typeof CallState>;

/** Why a call ended, as the device that is told so sees it. */
export const EndReason = z.enum([
  'hangup',
  'cancelled',
  'declined',
  'no_answer',
  'busy',
  'unavailable',
  'answered_elsewhere',
  'declined_elsewhere',
  'connection_lost',
  'media_failed',
  /** GRP5: by the host of a group call. */
  'removed',
  /** GRP6: came by a link and was not let in. */
  'not_admitted',
  /** CALL3: it goes on as a group call. */
  'grown',
  /** CALL4: this device's place was taken by another device of its user, or by somebody else. */
  'moved',
  'passed',
  /** CALL4: the call stays where it was. */
  'move_failed',
]);
export type EndReason = z.infer<typeof EndReason>;

/** What others see of a person. `busy` means in a call. */
export const Presence = z.enum(['online', 'busy', 'offline']);
export type Presence = z.infer<typeof Presence>;

export const UserSummary = z.strictObject({
  userId: Id,
  handle: z.string(),
  name: z.string(),
  /** Path on this server, or null: the interface draws initials then. */
  avatarUrl: z.nullable(z.string()),
});
export type UserSummary = z.infer<typeof UserSummary>;

export const DeviceSummary = z.strictObject({
  deviceId: Id,
  name: z.string().check(z.minLength(1), z.maxLength(LIMITS.deviceNameLength)),
  kind: DeviceKind,
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

/** How a connection, or a call, is for the people in it. */
export const QualityLevel = z.enum(['good', 'fair', 'poor']);
export type QualityLevel = z.infer<typeof QualityLevel>;

/** What a participant sends, visible to all in the call (CALL6). */
export const MediaState = z.strictObject({
  muted: z.boolean(),
  camera: z.boolean(),
  screen: z.boolean(),
  hand: z.boolean(),
  held: z.boolean(),
  /** The camera is on, and what it sees is not sent: this device's connection is too weak for it. Left out: false. */
  paused: z.optional(z.boolean()),
  /** Asks the other of a direct call to send little. Left out: false. */
  lowData: z.optional(z.boolean()),
  /** How this device's own connection is, as it finds itself. Left out: good. */
  line: z.optional(QualityLevel),
  /** Nothing is sent: somebody's key is not what it should be, and this person has to look at it first. Left out: false. */
  checking: z.optional(z.boolean()),
  /** Bits per second of the picture that this device wants from the other of a direct call; 0: none. Left out: any. */
  pictures: z.optional(z.int().check(z.gte(0), z.lte(LIMITS.pictureBitrate))),
});
export type MediaState = z.infer<typeof MediaState>;

/** Whether a participant gets the other's media: what tells a lost signaling socket from a lost device (CALL2). */
export const MediaFlow = z.enum(['connecting', 'flowing', 'lost']);
export type MediaFlow = z.infer<typeof MediaFlow>;

/** How far ringing got on one device (RING3). */
export const Reach = z.enum(['reached', 'ringing', 'silent', 'unreachable']);
export type Reach = z.infer<typeof Reach>;

export const RingProgress = z.strictObject({ name: z.string(), kind: DeviceKind, reach: Reach });
export type RingProgress = z.infer<typeof RingProgress>;

export const ParticipantState = z.enum([
  'invited',
  'ringing',
  'joined',
  'left',
  'declined',
  'missed',
  'busy',
  'elsewhere',
]);
export type ParticipantState = z.infer<typeof ParticipantState>;

/** One joined device of a call, as the others see it. */
export const JoinedParticipant = z.strictObject({
  userId: Id,
  deviceId: Id,
  deviceName: z.string(),
  mediaState: MediaState,
});
export type JoinedParticipant = z.infer<typeof JoinedParticipant>;
