import * as z from 'zod/mini';
import { Id } from './entities.ts';
import { LIMITS } from './limits.ts';
import { isAcceptableSdp } from './sdp.ts';

const Sdp = z.string().check(
  z.minLength(1),
  z.maxLength(LIMITS.sdpLength),
  z.refine((sdp) => isAcceptableSdp(sdp), 'not a session description this server passes on'),
);

/** RFC 8839 §5.1; an empty line says that there are no more. Grammar is checked by prefix: the rest is the browser's. */
const CandidateLine = z
  .string()
  .check(z.maxLength(LIMITS.candidateLength), z.regex(/^(candidate:[\x20-\x7e]+)?$/));

/** In base64: an Ed25519 key and a signature of it. */
const KeyText = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/));
const SignatureText = z.string().check(z.regex(/^[A-Za-z0-9+/]{86}==$/));

/**
 * NEG6: by which device a description is, and its signature over the call, the kind of description, who says it, and the transport in
 * it. The server passes it on; whoever gets a description checks it, and takes none without.
 */
export const TransportProof = z.strictObject({ deviceKey: KeyText, signature: SignatureText });
export type TransportProof = z.infer<typeof TransportProof>;

/**
 * Every signal names the connection it is for: an id that the device chose which made that peer connection's first offer.
 * After a reload a device offers under a new id, and the other side makes a new peer connection for it.
 */
export const Description = z.strictObject({
  connectionId: Id,
  sdp: Sdp,
  proof: z.optional(TransportProof),
});
export type Description = z.infer<typeof Description>;

/**
 * `answers`: a user name fragment (RFC 8839 §5.4) of the offer that this answers. A device that came back must not take the
 * answer to an offer of its former life for one to its own.
 */
export const AnswerDescription = z.strictObject({
  connectionId: Id,
  sdp: Sdp,
  proof: z.optional(TransportProof),
  answers: z.optional(z.string().check(z.minLength(4), z.maxLength(256))),
});
export type AnswerDescription = z.infer<typeof AnswerDescription>;

export const Candidate = z.strictObject({
  connectionId: Id,
  candidate: CandidateLine,
  sdpMid: z.nullable(z.string().check(z.maxLength(32))),
  sdpMLineIndex: z.nullable(z.int().check(z.nonnegative(), z.lte(255))),
  usernameFragment: z.nullable(z.string().check(z.maxLength(256))),
});
export type Candidate = z.infer<typeof Candidate>;

/** What two joined devices tell each other to connect (NEG1, NEG2). */
export type Signal =
  | { readonly type: 'offer'; readonly payload: Description }
  | { readonly type: 'answer'; readonly payload: AnswerDescription }
  | { readonly type: 'ice_candidate'; readonly payload: Candidate };

export const Signal = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('offer'), payload: Description }),
  z.strictObject({ type: z.literal('answer'), payload: AnswerDescription }),
  z.strictObject({ type: z.literal('ice_candidate'), payload: Candidate }),
]);
