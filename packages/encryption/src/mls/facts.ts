import type { Proposal } from 'ts-mls';
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
  readonly userId: string;
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
