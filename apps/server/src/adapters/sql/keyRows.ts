import type { KeyEffect, KeyGroup } from '@visavis/call';
import { KeysCommitted, KeysReset, KeysWelcomed } from '@visavis/protocol';
import * as z from 'zod/mini';

const Count = z.int().check(z.nonnegative());
const Proposal = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add'), deviceId: z.string(), keyPackage: z.string() }),
  z.object({ type: z.literal('remove'), deviceId: z.string(), leaf: Count }),
]);

/** Who is in the MLS group of a call, as it is stored. */
export const KeyState: z.ZodMiniType<KeyGroup> = z.object({
  generation: Count,
  epoch: Count,
  leaves: z.array(z.object({ leaf: Count, deviceId: z.string() })),
  proposals: z.array(Proposal),
  wishes: z.array(z.object({ deviceId: z.string(), keyPackage: z.nullable(z.string()) })),
  waitingSinceAt: z.nullable(z.int()),
});

const Proposed = z.object({
  type: z.literal('keys_proposed'),
  callId: z.string(),
  payload: z.object({ generation: Count, epoch: Count, from: Count, proposals: z.array(Proposal) }),
});
/** Events get their numbers when they are handed over. */
const Message: z.ZodMiniType<KeyEffect['message']> = z.discriminatedUnion('type', [
  Proposed,
  z.omit(KeysCommitted, { seq: true }),
  z.omit(KeysWelcomed, { seq: true }),
  z.omit(KeysReset, { seq: true }),
]);

/** What members have still to be told. */
export const KeyEffectRow = z.object({
  type: z.literal('keys'),
  deviceIds: z.array(z.string()),
  message: Message,
});
