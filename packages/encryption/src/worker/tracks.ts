import type { Bytes } from '../bytes.ts';
import type { TrackBinding } from '../frames/receiver.ts';
import type { TrackOwner } from './messages.ts';
import type { Opening } from './opening.ts';

/** A device whose frames can be told by its leaf. */
export interface DeviceLeaf {
  readonly device: string;
  readonly leaf: number;
  /** The first epoch, as frames count them, in which this leaf is its. */
  readonly firstEpoch: bigint;
}

/** A device that is in the group now. */
export interface MemberLeaf extends DeviceLeaf {
  readonly credential: Bytes;
  readonly leafKey: Bytes;
  /** Whether it is this device. */
  readonly isOwn: boolean;
}

/** Keeps each track bound to the leaf that its device has. */
export interface Tracks {
  bind(track: string, owner: TrackOwner): void;
  remove(track: string): void;
  /** Who is in the group from now on: tracks of everybody else are bound to nobody. */
  setMembers(members: readonly DeviceLeaf[]): void;
}

interface Bound {
  readonly owner: TrackOwner;
  binding: TrackBinding | null;
}

export function createTracks(opening: Pick<Opening, 'bindTrack' | 'unbindTrack' | 'removeTrack'>): Tracks {
  const tracks = new Map<string, Bound>();
  let leaves = new Map<string, DeviceLeaf>();

  /** What is bound as it has to be stays as it is: frames that are being opened would be lost. */
  function update(track: string, bound: Bound): void {
    const { owner, binding } = bound;
    const member = leaves.get(owner.device);
    if (member === undefined) {
      bound.binding = null;
      return opening.unbindTrack(track);
    }
    const { leaf, firstEpoch } = member;
    if (binding?.leaf === leaf && binding.firstEpoch === firstEpoch) return;
    bound.binding = { leaf, firstEpoch, slots: new Set(owner.slots), codec: owner.codec };
    opening.bindTrack(track, bound.binding);
  }

  return {
    bind(track, owner) {
      const bound: Bound = { owner, binding: null };
      tracks.set(track, bound);
      update(track, bound);
    },
    remove(track) {
      tracks.delete(track);
      opening.removeTrack(track);
    },
    setMembers(members) {
      leaves = new Map(members.map((member) => [member.device, member]));
      for (const [track, bound] of tracks) update(track, bound);
    },
  };
}
