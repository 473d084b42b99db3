import * as z from 'zod/mini';
import { CallType, Id, JoinedParticipant, MediaState, RingProgress, Time, UserSummary } from './entities.ts';
import { GroupView } from './groups.ts';

/** A live call as one device of it sees it: the server's word, which a client takes over as it is. */
export const CallSnapshot = z.strictObject({
  callId: Id,
  callType: CallType,
  state: z.enum(['ringing', 'connected']),
  direction: z.enum(['outgoing', 'incoming']),
  /** The person at the other end. */
  peer: UserSummary,
  createdAt: Time,
  ringDeadlineAt: Time,
  connectedAt: z.nullable(Time),
  /** For the caller while it rings: a line for each device of the callee (RING3). */
  progress: z.array(RingProgress),
  /** For a ringing callee: ring without sound (RING3, RING8). */
  silent: z.boolean(),
  /** Whether this device has joined. */
  joined: z.boolean(),
  /** What this device is known to send, so that a reload neither unmutes nor starts a camera; null before it joins. */
  mediaState: z.nullable(MediaState),
  /** The other side's joined device, once there is one. Null in a group call. */
  remote: z.nullable(JoinedParticipant),
  /** Of a group call. `peer` is then whoever called this user, or the first whom this user called. */
  group: z.optional(GroupView),
});
export type CallSnapshot = z.infer<typeof CallSnapshot>;
