import * as z from 'zod/mini';
import { Id } from './entities.ts';
import { LIMITS } from './limits.ts';

/*
 * How the devices of a call agree on keys that the server never has: the server keeps who is in the group, orders what is said in
 * it, and hands it on (docs/encryption.md).
 */

const bytes = (most: number) =>
  z.string().check(z.minLength(1), z.maxLength(most), z.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/** An MLSMessage in base64: a key package. */
export const KeyPackage = bytes(LIMITS.keyPackageLength);
/** An MLSMessage in base64: a proposal, a commit or a Welcome. */
export const KeyMessage = bytes(LIMITS.keyMessageLength);
/** Of the group: one more each time that its members change. */
export const KeyEpoch = z.int().check(z.nonnegative());
/** Which group of the call it is: a call begins a new one where the former got stuck. */
export const KeyGeneration = z.int().check(z.nonnegative());

/** What a device is told that asks to be a member. */
export const JoinedKeys = z.strictObject({
  generation: KeyGeneration,
  /** `create`: it makes the group, of itself alone. `wait`: it will be added, and gets a `keys_welcome`. */
  role: z.enum(['create', 'wait']),
  /** Who alone proposes members in this group: an Ed25519 key in base64. */
  senderKey: bytes(64),
});
export type JoinedKeys = z.infer<typeof JoinedKeys>;

/** KEY2: what the server proposes, in the order in which it is proposed, all of this epoch so far unless `from` is more than 0. */
export const ProposedKeys = z.strictObject({
  generation: KeyGeneration,
  epoch: KeyEpoch,
  /** How many proposals of this epoch came before these. */
  from: z.int().check(z.nonnegative()),
  proposals: z.array(KeyMessage).check(z.minLength(1)),
});
export type ProposedKeys = z.infer<typeof ProposedKeys>;

/** KEY3: this commit of this epoch was the first, and leads into the next. Whoever made it gets it too. */
export const CommittedKeys = z.strictObject({
  generation: KeyGeneration,
  epoch: KeyEpoch,
  /** The device that made it. */
  by: Id,
  commit: KeyMessage,
});
export type CommittedKeys = z.infer<typeof CommittedKeys>;

/** KEY3: the same commit for those whom it added. */
export const WelcomedKeys = z.strictObject({
  generation: KeyGeneration,
  /** The epoch that begins with it. */
  epoch: KeyEpoch,
  welcome: KeyMessage,
});
export type WelcomedKeys = z.infer<typeof WelcomedKeys>;

/** What a member makes of all that was proposed. */
export const KeyCommit = z.strictObject({
  generation: KeyGeneration,
  epoch: KeyEpoch,
  commit: KeyMessage,
  /** Null where it adds nobody. */
  welcome: z.nullable(KeyMessage),
});
export type KeyCommit = z.infer<typeof KeyCommit>;
