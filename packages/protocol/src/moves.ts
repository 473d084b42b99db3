import * as z from 'zod/mini';
import { CallType, DeviceSummary, Id, MediaState, Time, UserSummary } from './entities.ts';

/** CALL4: a call that a user is in with other devices than the one that asks. */
export const OwnCall = z.strictObject({
  callId: Id,
  callType: CallType,
  /** The person at the other end; of a group call who stands for it. */
  peer: UserSummary,
  /** The name of the saved group. */
  title: z.nullable(z.string()),
  /** The others who are in it. */
  people: z.array(UserSummary),
  connectedAt: z.nullable(Time),
  /** Those of this user that are in it, in the order in which they joined. */
  devices: z.array(z.strictObject({ ...DeviceSummary.shape, mediaState: MediaState })),
});
export type OwnCall = z.infer<typeof OwnCall>;
export const OwnCalls = z.strictObject({ calls: z.array(OwnCall) });
