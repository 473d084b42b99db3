import type { MlsGroup } from '../mls/types.ts';
import type { CallKeys } from '../worker/cryptoWorker.ts';
import type { WorkerTimers } from '../worker/timers.ts';

/** In ms: what a newcomer's welcome may take longer than a commit. Shorter: it misses frames; longer: it hears late. */
const ADDED_MS = 100;
/** Members up to which nobody is waited for. */
const FEW = 2;

const GENERATION_SHIFT = 32n;

/**
 * An epoch as frames count them: never the same twice in a call, and every one of a generation above all of those before. A new group
 * begins at epoch 0 again, while counters and replay windows belong to an epoch that is newer than all before.
 */
export const frameEpochOf = (generation: number, epoch: bigint): bigint =>
  (BigInt(generation) << GENERATION_SHIFT) | epoch;

/** Brings the keys of each epoch to the frames, in time. */
export interface Giving {
  /** `before`: the epoch that this device comes from; null where it is its first. Rejects what is not newer than all before. */
  enter(group: MlsGroup, generation: number, before: MlsGroup | null): Promise<void>;
  /** This device is no member any more: what it sends now others would send under newer keys. */
  leave(): void;
}

export function createGiving(keys: CallKeys, timers: WorkerTimers): Giving {
  /** The first epoch of each leaf key, in frame epochs. */
  let firstEpochs = new Map<string, bigint>();
  let waiting: (() => void)[] = [];

  function cancelWaiting(): void {
    for (const cancel of waiting) cancel();
    waiting = [];
  }

  return {
    async enter(group, generation, before) {
      const epoch = frameEpochOf(generation, group.epoch);
      const { members, leaf } = group;
      firstEpochs = new Map(
        members.map(({ leafKey }) => [leafKey.join(), firstEpochs.get(leafKey.join()) ?? epoch]),
      );
      const baseKey = await group.exportBaseKey();
      keys.knowMembers(
        members.map((member) => ({
          device: member.device,
          leaf: member.leaf,
          firstEpoch: firstEpochs.get(member.leafKey.join()) ?? epoch,
          credential: member.identity,
          leafKey: member.leafKey,
          isOwn: member.leaf === leaf,
        })),
      );
      await keys.openWith({ epoch, baseKey });
      await keys.talkWith({ epoch, leaf, baseKey });
      const send = (): Promise<void> => keys.sendWith({ epoch, leaf, baseKey });
      if (before === null || members.length <= FEW || hasRemoval(before, group)) {
        cancelWaiting();
        return send();
      }
      const cancel = timers.after(ADDED_MS, () => {
        waiting = waiting.filter((other) => other !== cancel);
        // One that is older than what is sent with by then is refused there, and not needed.
        void send().catch(() => {});
      });
      waiting.push(cancel);
    },

    leave() {
      cancelWaiting();
      keys.stopSending();
    },
  };
}

const hasRemoval = (before: MlsGroup, after: MlsGroup): boolean => findRemoved(before, after).length > 0;

/** The leaf keys that are in the one and not in the other. */
export function findRemoved(before: MlsGroup, after: MlsGroup): Uint8Array[] {
  const kept = new Set(after.members.map(({ leafKey }) => leafKey.join()));
  return before.members.flatMap(({ leafKey }) => (kept.has(leafKey.join()) ? [] : [leafKey]));
}
