import { type Bytes, equalBytes } from '../bytes.ts';
import { MAX_PENDING } from '../mls/proposals.ts';

interface Seen {
  readonly bytes: Bytes;
  readonly isTaken: boolean;
}

/** What the server has proposed in one epoch, each at its place. */
export interface EpochProposals {
  readonly count: number;
  /** Whether something that others may have taken was not taken here: then a commit of ours would be another than the server expects. */
  readonly isBroken: boolean;
  /**
   * `take`: new, or in the place of what was not taken. `known`: the same again. Everything else is a reason to leave it:
   * `missing` where others come before it, `changed_proposal` where another one was taken in this place.
   */
  place(
    index: number,
    bytes: Bytes,
  ): 'take' | 'known' | 'missing' | 'changed_proposal' | 'too_many_proposals';
  /** After `take`. */
  set(index: number, bytes: Bytes, isTaken: boolean): void;
}

export function createEpochProposals(): EpochProposals {
  const seen: Seen[] = [];
  return {
    get count() {
      return seen.length;
    },
    get isBroken() {
      return seen.some(({ isTaken }) => !isTaken);
    },
    place(index, bytes) {
      if (index > seen.length) return 'missing';
      const before = seen[index];
      if (before === undefined) return index < MAX_PENDING ? 'take' : 'too_many_proposals';
      if (equalBytes(before.bytes, bytes)) return 'known';
      return before.isTaken ? 'changed_proposal' : 'take';
    },
    set(index, bytes, isTaken) {
      seen[index] = { bytes, isTaken };
    },
  };
}
