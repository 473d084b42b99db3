import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import type { KeyCommitFacts, KeyGroup, KeyMessage, KeyProposal } from '@visavis/call';
import {
  createProposalSigner,
  isWelcome,
  readCommit,
  type ProposalPlace,
  type SignedProposal,
} from '@visavis/encryption/server';
import type { KeyCommit, UnnumberedEvent } from '@visavis/protocol';
import type { Secret } from '../secret.ts';

/** The server as the external sender of the groups of calls (KEY2). Every node signs the same to the same bytes. */
export interface KeyServer {
  /** Ed25519, in base64. */
  readonly senderKey: string;
  /** What members are told, with the proposals signed. */
  toEvent(message: KeyMessage): UnnumberedEvent;
  /** KEY3. @returns null where it is no commit of this group and epoch, or not of the first proposals that there are */
  readCommit(callId: string, keys: KeyGroup | null, payload: KeyCommit): KeyCommitFacts | null;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** What the key is derived for (RFC 5869 §3.2); another use of the secret has another one. */
const PURPOSE = 'visavis key proposals Ed25519';

export function createKeyServer(secret: Secret): KeyServer {
  const seed = Buffer.from(hkdfSync('sha256', Buffer.from(secret.reveal(), 'base64'), '', PURPOSE, 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  // The key itself is the end of its own DER (RFC 8410 §4).
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const signer = createProposalSigner({
    sign: (message) => sign(null, message, key),
    sha256: (message) => createHash('sha256').update(message).digest(),
  });
  const signProposal = (place: ProposalPlace, proposal: KeyProposal): SignedProposal =>
    proposal.type === 'add'
      ? signer.proposeAdd(place, fromBase64(proposal.keyPackage))
      : signer.proposeRemove(place, proposal.leaf);

  return {
    senderKey: publicKey.toString('base64'),
    toEvent: (message) => {
      if (message.type !== 'keys_proposed') return message;
      const { callId, payload } = message;
      const place = placeOf(callId, payload);
      const proposals = payload.proposals.map((each) =>
        Buffer.from(signProposal(place, each).message).toString('base64'),
      );
      return { type: 'keys_proposed', callId, payload: { ...payload, proposals } };
    },
    readCommit: (callId, keys, { generation, epoch, commit, welcome }) => {
      if (keys?.generation !== generation || keys.epoch !== epoch) return null;
      const read = readCommit(fromBase64(commit));
      if (read.type === 'refused' || read.references.length > keys.proposals.length) return null;
      if (welcome !== null && !isWelcome(fromBase64(welcome))) return null;
      const place = placeOf(callId, keys);
      if (!Buffer.from(place.groupId).equals(read.groupId) || place.epoch !== read.epoch) return null;
      const isOfFirst = read.references.every((reference, n) => {
        const proposal = keys.proposals[n];
        return (
          proposal !== undefined && Buffer.from(reference).equals(signProposal(place, proposal).reference)
        );
      });
      return isOfFirst ? { leaf: read.leaf, covered: read.references.length, hasPath: read.hasPath } : null;
    },
  };
}

/** The name of the group of this generation, and its epoch. */
const placeOf = (callId: string, at: Pick<KeyGroup, 'generation' | 'epoch'>): ProposalPlace => ({
  groupId: new TextEncoder().encode(`${callId} ${String(at.generation)}`),
  epoch: BigInt(at.epoch),
});

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
