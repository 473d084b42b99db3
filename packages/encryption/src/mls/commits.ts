import type { Commit, LeafNode, Proposal, PublicMessage } from 'ts-mls';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { equalBytes } from '../bytes.ts';
import type { GroupFacts, LeafFacts, MessageRefusal } from './facts.ts';
import { findAddFault, isPlainLeaf, isRemoveOf } from './proposals.ts';

/** The proposals that a commit refers to, and what is wrong with how it does. */
interface Committed {
  readonly proposals: readonly Proposal[];
  readonly fault: MessageRefusal | null;
}

/** Looks up what a commit refers to, in the order of the commit. */
export function readCommitted({ proposals }: Commit, { pending }: GroupFacts): Committed {
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

/** Why a commit is refused; null where it is taken. */
export function findCommitFault(
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
