import type { GroupContext, KeyPackage, Proposal } from 'ts-mls';
import { encodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import { varLenDataEncoder } from 'ts-mls/codec/variableLength.js';
import { encodeKeyPackageTBS } from 'ts-mls/keyPackage.js';
import { encodeLeafNodeTBS } from 'ts-mls/leafNode.js';
import { encodeFramedContentTBS, toTbs } from 'ts-mls/framedContent.js';
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts';
import { verifyCredential } from '../identity/credential.ts';
import { verifySignature } from '../identity/keys.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { isPlainLeaf } from './proposals.ts';
import { SUITE_NAME } from './suiteName.ts';

/** Where a proposal belongs: it is good in this epoch only. */
export interface ProposalPlace {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
}

/** Ed25519 and SHA-256 as the server has them: at once, so that what is sent keeps its order. */
export interface ServerCrypto {
  /** With the one key of the external sender; 64 bytes, the same each time (RFC 8032 §5.1.6). */
  sign(message: Uint8Array): Uint8Array;
  sha256(message: Uint8Array): Uint8Array;
}

export interface SignedProposal {
  /** An MLSMessage. */
  readonly message: Bytes;
  /** By which commits refer to it: 32 bytes (RFC 9420 §5.2). */
  readonly reference: Bytes;
}

/**
 * The one who may propose members (RFC 9420 §12.1.8). It learns nothing of the group's keys. Whoever has its key signs the same
 * proposal to the same bytes.
 */
export interface ProposalSigner {
  /** Proposes to add who made this key package. Throws a `RangeError` at what is no key package. */
  proposeAdd(place: ProposalPlace, keyPackage: Uint8Array): SignedProposal;
  /** Proposes to remove who has this leaf. */
  proposeRemove(place: ProposalPlace, leaf: number): SignedProposal;
}

export function createProposalSigner(crypto: ServerCrypto): ProposalSigner {
  return {
    proposeAdd: (place, bytes) => {
      const keyPackage = readKeyPackage(bytes);
      if (keyPackage === null) throw new RangeError('not a key package');
      return signProposal({ proposalType: 'add', add: { keyPackage } }, place, crypto);
    },
    proposeRemove: (place, leaf) =>
      signProposal({ proposalType: 'remove', remove: { removed: leaf } }, place, crypto),
  };
}

/** Who brings a key package, and to which call. */
export interface KeyPackagePlace {
  readonly callId: string;
  readonly deviceId: string;
}

/**
 * Whether members can take it: its form, both of its signatures (RFC 9420 §10.1, §7.3), and the credential of this device for this call.
 * One that they refuse would keep all others from being added. What its user id is worth only members can tell, and whether others
 * have one of its keys.
 */
export async function isGoodKeyPackage(bytes: Uint8Array, place: KeyPackagePlace): Promise<boolean> {
  const keyPackage = readKeyPackage(bytes);
  if (keyPackage?.cipherSuite !== SUITE_NAME || keyPackage.extensions.length > 0) return false;
  const { leafNode, signature, initKey } = keyPackage;
  const { credential, signaturePublicKey } = leafNode;
  if (credential.credentialType !== 'basic' || !isPlainLeaf(leafNode)) return false;
  if (equalBytes(initKey, leafNode.hpkePublicKey)) return false;
  const holds = await Promise.all([
    verifySignature(
      signaturePublicKey,
      signature,
      labelled('MLS 1.0 KeyPackageTBS', encodeKeyPackageTBS(keyPackage)),
    ),
    verifySignature(
      signaturePublicKey,
      leafNode.signature,
      labelled('MLS 1.0 LeafNodeTBS', encodeLeafNodeTBS(leafNode)),
    ),
  ]);
  if (holds.includes(false)) return false;
  const callId = new TextEncoder().encode(place.callId);
  const device = await verifyCredential(credential.identity, signaturePublicKey, callId);
  return device?.deviceId === place.deviceId;
}

export type ReadCommit =
  | {
      readonly type: 'commit';
      readonly groupId: Uint8Array;
      readonly epoch: bigint;
      /** Whose it says it is: only members can see whether that is so. */
      readonly leaf: number;
      /** What it refers to, in its order. */
      readonly references: readonly Uint8Array[];
      /** Whether it makes new keys; without that it removes nobody. */
      readonly hasPath: boolean;
    }
  | { readonly type: 'refused' };

/** A member's commit in a public message that refers to proposals and brings none of its own; all else is refused. */
export function readCommit(bytes: Uint8Array): ReadCommit {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused' || decoded.message.wireformat !== 'mls_public_message') return REFUSED;
  const { content } = decoded.message.publicMessage;
  if (content.contentType !== 'commit' || content.sender.senderType !== 'member') return REFUSED;
  const references: Uint8Array[] = [];
  for (const each of content.commit.proposals) {
    if (each.proposalOrRefType === 'proposal') return REFUSED;
    references.push(each.reference);
  }
  const { groupId, epoch, sender } = content;
  return {
    type: 'commit',
    groupId,
    epoch,
    leaf: sender.leafIndex,
    references,
    hasPath: content.commit.path !== undefined,
  };
}

const REFUSED: ReadCommit = { type: 'refused' };

/** Whether this is an MLSMessage with a Welcome in it. */
export function isWelcome(bytes: Uint8Array): boolean {
  const decoded = decodeMessage(bytes);
  return decoded.type === 'message' && decoded.message.wireformat === 'mls_welcome';
}

function readKeyPackage(bytes: Uint8Array): KeyPackage | null {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused' || decoded.message.wireformat !== 'mls_key_package') return null;
  return decoded.message.keyPackage;
}

function signProposal(proposal: Proposal, place: ProposalPlace, crypto: ServerCrypto): SignedProposal {
  const senderType = 'external';
  const content = {
    groupId: new Uint8Array(place.groupId),
    epoch: place.epoch,
    sender: { senderType, senderIndex: 0 },
    contentType: 'proposal',
    authenticatedData: new Uint8Array(),
    proposal,
  } as const;
  const wireformat = 'mls_public_message';
  const signed = encodeFramedContentTBS(toTbs(content, wireformat, contextOf(place)));
  // SignWithLabel (RFC 9420 §5.1.2).
  const signature = crypto.sign(labelled('MLS 1.0 FramedContentTBS', signed));
  const auth = { contentType: 'proposal', signature } as const;
  const publicMessage = { content, auth, senderType } as const;
  return {
    message: encodeMessage({ version: 'mls10', wireformat, publicMessage }),
    // RefHash (RFC 9420 §5.2).
    reference: new Uint8Array(
      crypto.sha256(
        labelled('MLS 1.0 Proposal Reference', encodeAuthenticatedContent({ wireformat, content, auth })),
      ),
    ),
  };
}

const encodeBytes = encode(varLenDataEncoder);

const labelled = (label: string, value: Uint8Array): Bytes =>
  concatBytes(encodeBytes(new TextEncoder().encode(label)), encodeBytes(value));

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
