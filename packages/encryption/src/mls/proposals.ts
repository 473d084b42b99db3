import type { KeyPackage, LeafNode, Proposal, PublicMessage } from 'ts-mls';
import { equalBytes } from '../bytes.ts';
import type { GroupFacts, MessageRefusal } from './facts.ts';
import { SUITE_NAME } from './suiteName.ts';

/** Of one epoch. More: work for who commits; fewer: a large call that forms needs more epochs. */
export const MAX_PENDING = 128;

/** Why a proposal is refused; null where it is taken. */
export function findProposalFault(
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
export function findAddFault(
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

/** Whether a proposal removes this leaf. */
export const isRemoveOf = (proposal: Proposal, leaf: number): boolean =>
  proposal.proposalType === 'remove' && proposal.remove.removed === leaf;

function deviceOf({ leafNode }: KeyPackage, group: GroupFacts): string | null {
  const { credential } = leafNode;
  if (credential.credentialType !== 'basic') return null;
  return group.deviceOf(credential.identity, leafNode.signaturePublicKey)?.deviceId ?? null;
}

/** One leaf that says it cannot do what calls use would keep everybody else from being added (RFC 9420 §7.3). */
export const isPlainLeaf = ({
  capabilities,
  extensions,
}: Pick<LeafNode, 'capabilities' | 'extensions'>): boolean =>
  extensions.length === 0 &&
  capabilities.versions.includes('mls10') &&
  capabilities.ciphersuites.includes(SUITE_NAME) &&
  capabilities.credentials.includes('basic');
