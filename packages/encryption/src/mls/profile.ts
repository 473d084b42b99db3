import type { Commit, KeyPackage, LeafNode, MlsPublicMessage, Proposal, PublicMessage } from 'ts-mls';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { equalBytes } from '../bytes.ts';
import { decodeMessage } from './codec.ts';
import { SUITE_NAME } from './suite.ts';
import type { DeviceOf } from './types.ts';

/** Why a message was refused, before any cryptography. One reason for each attack. */
export type MessageRefusal =
  | 'too_large'
  | 'malformed'
  | 'not_canonical'
  | 'wrong_wire_format'
  | 'other_group'
  | 'wrong_epoch'
  | 'unexpected_data'
  | 'proposal_not_from_server'
  | 'forbidden_proposal'
  | 'wrong_suite'
  | 'unsupported_leaf'
  | 'not_on_roster'
  | 'duplicate_device'
  | 'duplicate_key'
  | 'no_such_member'
  | 'repeated_proposal'
  | 'too_many_proposals'
  | 'external_commit'
  | 'own_commit'
  | 'inline_proposal'
  | 'unknown_proposal'
  | 'empty_commit'
  | 'committer_removed'
  | 'commit_without_path'
  | 'changed_identity';

/** A leaf of the group, as far as the rules ask. */
export interface LeafFacts {
  readonly device: string;
  readonly identity: Uint8Array;
  readonly leafKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
}

/** What the rules need to know of a group. */
export interface GroupFacts {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly leaves: ReadonlyMap<number, LeafFacts>;
  /** Proposals that were taken in this epoch, by their references in base64. */
  readonly pending: ReadonlyMap<string, Proposal>;
  readonly deviceOf: DeviceOf;
}

export type Checked =
  | { readonly type: 'proposal'; readonly message: MlsPublicMessage; readonly proposal: Proposal }
  | {
      readonly type: 'commit';
      readonly message: MlsPublicMessage;
      /** Whether the own leaf is among those that it removes. */
      readonly removesUs: boolean;
    }
  | { readonly type: 'refused'; readonly reason: MessageRefusal };

/** Of one epoch. More: work for who commits; fewer: a large call that forms needs more epochs. */
export const MAX_PENDING = 128;

/**
 * Whether a message from the delivery service has a form that calls take: an Add or Remove from the server, or a member's commit
 * that refers to such proposals and brings nothing of its own. Signatures are not looked at.
 */
export function checkIncoming(bytes: Uint8Array, group: GroupFacts): Checked {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused') return decoded;
  if (decoded.message.wireformat !== 'mls_public_message') return refused('wrong_wire_format');
  const { publicMessage } = decoded.message;
  const { content } = publicMessage;
  if (!equalBytes(content.groupId, group.groupId)) return refused('other_group');
  if (content.epoch !== group.epoch) return refused('wrong_epoch');
  if (content.authenticatedData.length > 0) return refused('unexpected_data');
  switch (content.contentType) {
    case 'application':
      return refused('wrong_wire_format');
    case 'proposal': {
      const reason = findProposalFault(content.proposal, publicMessage, group);
      if (reason !== null) return refused(reason);
      return { type: 'proposal', message: decoded.message, proposal: content.proposal };
    }
    case 'commit': {
      const committed = readCommitted(content.commit, group);
      const reason = findCommitFault(content.commit, committed, publicMessage, group);
      if (reason !== null) return refused(reason);
      const removesUs = committed.proposals.some((proposal) => isRemoveOf(proposal, group.ownLeaf));
      return { type: 'commit', message: decoded.message, removesUs };
    }
  }
}

const refused = (reason: MessageRefusal): Checked => ({ type: 'refused', reason });

function findProposalFault(
  proposal: Proposal,
  { content: { sender } }: PublicMessage,
  group: GroupFacts,
): MessageRefusal | null {
  if (sender.senderType !== 'external' || sender.senderIndex !== 0) return 'proposal_not_from_server';
  if (group.pending.size >= MAX_PENDING) return 'too_many_proposals';
  const pending = [...group.pending.values()];
  if (proposal.proposalType === 'remove') {
    const { removed } = proposal.remove;
    if (!group.leaves.has(removed)) return 'no_such_member';
    return pending.some((other) => isRemoveOf(other, removed)) ? 'repeated_proposal' : null;
  }
  if (proposal.proposalType !== 'add') return 'forbidden_proposal';
  return findAddFault(proposal.add.keyPackage, pending, group);
}

/** The newcomer is on the roster, stands for itself only, and brings keys that nobody has. */
function findAddFault(
  added: KeyPackage,
  others: readonly Proposal[],
  group: GroupFacts,
): MessageRefusal | null {
  const { leafNode } = added;
  if (added.cipherSuite !== SUITE_NAME) return 'wrong_suite';
  if (added.extensions.length > 0 || !isPlainLeaf(leafNode)) return 'unsupported_leaf';
  const device = deviceOf(added, group);
  if (device === null) return 'not_on_roster';
  const otherAdds = others.flatMap((other) => (other.proposalType === 'add' ? [other.add.keyPackage] : []));
  const isIn = [...group.leaves].some(
    ([leaf, facts]) => facts.device === device && !others.some((other) => isRemoveOf(other, leaf)),
  );
  if (isIn || otherAdds.some((other) => deviceOf(other, group) === device)) return 'duplicate_device';
  const taken = [
    ...[...group.leaves.values()].flatMap(({ leafKey, encryptionKey }) => [leafKey, encryptionKey]),
    ...otherAdds.flatMap(keysOf),
  ];
  const isTaken = keysOf(added).some((key) => taken.some((other) => equalBytes(key, other)));
  return isTaken || equalBytes(added.initKey, leafNode.hpkePublicKey) ? 'duplicate_key' : null;
}

const keysOf = ({ initKey, leafNode }: KeyPackage): Uint8Array[] => [
  initKey,
  leafNode.hpkePublicKey,
  leafNode.signaturePublicKey,
];

const isRemoveOf = (proposal: Proposal, leaf: number): boolean =>
  proposal.proposalType === 'remove' && proposal.remove.removed === leaf;

function deviceOf({ leafNode }: KeyPackage, group: GroupFacts): string | null {
  const { credential } = leafNode;
  if (credential.credentialType !== 'basic') return null;
  return group.deviceOf(credential.identity, leafNode.signaturePublicKey);
}

/** The proposals that a commit refers to, and what is wrong with how it does. */
interface Committed {
  readonly proposals: readonly Proposal[];
  readonly fault: MessageRefusal | null;
}

function readCommitted({ proposals }: Commit, { pending }: GroupFacts): Committed {
  const references = new Set<string>();
  const known: Proposal[] = [];
  const broken = (fault: MessageRefusal): Committed => ({ proposals: known, fault });
  if (proposals.length === 0) return broken('empty_commit');
  for (const each of proposals) {
    if (each.proposalOrRefType === 'proposal') return broken('inline_proposal');
    const reference = bytesToBase64(each.reference);
    const proposal = pending.get(reference);
    if (proposal === undefined) return broken('unknown_proposal');
    if (references.has(reference)) return broken('repeated_proposal');
    references.add(reference);
    known.push(proposal);
  }
  return { proposals: known, fault: null };
}

function findCommitFault(
  { path }: Commit,
  { proposals: committed, fault }: Committed,
  { content: { sender } }: PublicMessage,
  group: GroupFacts,
): MessageRefusal | null {
  if (sender.senderType !== 'member') return 'external_commit';
  if (sender.leafIndex === group.ownLeaf) return 'own_commit';
  const committer = group.leaves.get(sender.leafIndex);
  if (committer === undefined) return 'no_such_member';
  if (fault !== null) return fault;
  if (committed.some((proposal) => isRemoveOf(proposal, sender.leafIndex))) return 'committer_removed';
  if (path === undefined && committed.some(({ proposalType }) => proposalType === 'remove')) {
    return 'commit_without_path';
  }
  if (path !== undefined && !isSameMember(path.leafNode, committer)) return 'changed_identity';
  if (path !== undefined && !isPlainLeaf(path.leafNode)) return 'unsupported_leaf';
  // A device may be added again only together with the removal that the commit could have left out.
  for (const proposal of committed) {
    if (proposal.proposalType !== 'add') continue;
    const others = committed.filter((other) => other !== proposal);
    const reason = findAddFault(proposal.add.keyPackage, others, group);
    if (reason !== null) return reason;
  }
  return null;
}

/** One leaf that says it cannot do what calls use would keep everybody else from being added (RFC 9420 §7.3). */
const isPlainLeaf = ({ capabilities, extensions }: Pick<LeafNode, 'capabilities' | 'extensions'>): boolean =>
  extensions.length === 0 &&
  capabilities.versions.includes('mls10') &&
  capabilities.ciphersuites.includes(SUITE_NAME) &&
  capabilities.credentials.includes('basic');

/** A committer brings a new encryption key, and stays who it is. */
function isSameMember(
  leaf: Pick<LeafNode, 'credential' | 'signaturePublicKey' | 'hpkePublicKey'>,
  committer: LeafFacts,
): boolean {
  return (
    leaf.credential.credentialType === 'basic' &&
    equalBytes(leaf.credential.identity, committer.identity) &&
    equalBytes(leaf.signaturePublicKey, committer.leafKey) &&
    !equalBytes(leaf.hpkePublicKey, committer.encryptionKey)
  );
}
