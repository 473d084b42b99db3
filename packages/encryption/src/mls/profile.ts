import type { MlsPublicMessage, Proposal } from 'ts-mls';
import { equalBytes } from '../bytes.ts';
import { decodeMessage } from './codec.ts';
import { findCommitFault, readCommitted } from './commits.ts';
import type { GroupFacts, MessageRefusal } from './facts.ts';
import { findProposalFault, isRemoveOf } from './proposals.ts';

export type Checked =
  | { readonly type: 'proposal'; readonly message: MlsPublicMessage; readonly proposal: Proposal }
  | {
      readonly type: 'commit';
      readonly message: MlsPublicMessage;
      /** Whether the own leaf is among those that it removes. */
      readonly removesUs: boolean;
    }
  | { readonly type: 'refused'; readonly reason: MessageRefusal };

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
