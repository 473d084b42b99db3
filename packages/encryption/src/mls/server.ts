import type { CiphersuiteImpl, GroupContext, KeyPackage, Proposal } from 'ts-mls';
import { protectExternalProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import type { Bytes } from '../bytes.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { SUITE_NAME, loadSuite } from './suite.ts';
import type { ExternalSenderKey } from './types.ts';

/** Where a proposal belongs: it is good in this epoch only. */
export interface ProposalPlace {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
}

/** The one who may propose members. It learns nothing of the group's keys. */
export interface ProposalSigner {
  readonly key: ExternalSenderKey;
  /** An MLSMessage that proposes to add who made this key package. Rejects with a `RangeError` what is no key package. */
  proposeAdd(place: ProposalPlace, keyPackage: Uint8Array): Promise<Bytes>;
  /** An MLSMessage that proposes to remove who has this leaf. */
  proposeRemove(place: ProposalPlace, leaf: number): Promise<Bytes>;
}

/** A signer with a fresh Ed25519 key (RFC 9420 §12.1.8). `identity` is its name, up to 16 kB. */
export async function createProposalSigner(identity: Uint8Array): Promise<ProposalSigner> {
  const suite = await loadSuite();
  const { publicKey, signKey } = await suite.signature.keygen();
  return {
    key: { signatureKey: new Uint8Array(publicKey), identity: new Uint8Array(identity) },
    proposeAdd: async (place, bytes) =>
      sign({ proposalType: 'add', add: { keyPackage: readKeyPackage(bytes) } }, place, signKey, suite),
    proposeRemove: (place, leaf) =>
      sign({ proposalType: 'remove', remove: { removed: leaf } }, place, signKey, suite),
  };
}

function readKeyPackage(bytes: Uint8Array): KeyPackage {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused' || decoded.message.wireformat !== 'mls_key_package') {
    throw new RangeError('not a key package');
  }
  return decoded.message.keyPackage;
}

async function sign(
  proposal: Proposal,
  place: ProposalPlace,
  signKey: Uint8Array,
  suite: CiphersuiteImpl,
): Promise<Bytes> {
  const sender = { senderType: 'external', senderIndex: 0 } as const;
  const context = contextOf(place);
  const { publicMessage } = await protectExternalProposalPublic(
    signKey,
    context,
    new Uint8Array(),
    proposal,
    sender,
    suite,
  );
  return encodeMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
}

/** What an external sender signs has no more of the context than this in it (RFC 9420 §6.1). */
const contextOf = ({ groupId, epoch }: ProposalPlace): GroupContext => ({
  version: 'mls10',
  cipherSuite: SUITE_NAME,
  groupId: new Uint8Array(groupId),
  epoch,
  treeHash: new Uint8Array(),
  confirmedTranscriptHash: new Uint8Array(),
  extensions: [],
});
