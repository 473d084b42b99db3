import type { Bytes } from '../bytes.ts';
import { importBaseKey } from '../sframe/index.ts';
import type { Codec, FrameKind } from './codecs.ts';
import { type KnownEpoch, createEpochStore } from './epochs.ts';
import { type Held, createHold } from './hold.ts';
import { type Slot, unpackKeyId } from './keyId.ts';
import { FRAME_LIMITS } from './limits.ts';
import { type OpenedFrame, type ParsedFrame, openFrame, parseFrame } from './protect.ts';

/** What the signed roster and the sender's announcement say of a track. */
export interface TrackBinding {
  readonly leaf: number;
  /** The first epoch in which the device has this leaf: earlier ones were somebody else's. */
  readonly firstEpoch: bigint;
  /** The announced slots: one, or the layers of one simulcast. */
  readonly slots: ReadonlySet<Slot>;
  readonly codec: Codec;
}

/** Why a frame was dropped, in the order in which it is looked at. */
export type DropReason =
  | 'closed'
  | 'no_track'
  | 'malformed'
  | 'wrong_leaf'
  | 'wrong_slot'
  | 'epoch_gone'
  | 'epoch_unknown'
  | 'hold_full'
  | 'hold_expired'
  | 'before_binding'
  | 'replayed'
  | 'not_authentic';

export type Received =
  | ({ readonly type: 'opened'; readonly epoch: bigint } & OpenedFrame)
  /** Waits for its epoch: comes out of `addEpoch`, or is dropped. */
  | { readonly type: 'held' }
  | { readonly type: 'dropped'; readonly reason: DropReason };

export interface Released {
  readonly track: string;
  /** What had been given to `receive`: the same object. */
  readonly held: Bytes;
  readonly result: Received;
}

export interface ReceivingEpoch {
  readonly epoch: bigint;
  /** 16 bytes from the MLS exporter. */
  readonly baseKey: Bytes;
}

/** Times are in ms of one clock that never goes back. */
export interface FrameReceiver {
  /** Binds a track, or binds it anew. */
  bindTrack(track: string, binding: TrackBinding): void;
  removeTrack(track: string): void;
  /**
   * Opens frames of this epoch from now on; gives what was held for it, in the order in which it came. Older epochs are dropped
   * after 5 s or 3 epochs. Rejects with a `RangeError` an epoch that is not newer than all before.
   */
  addEpoch(epoch: ReceivingEpoch, now: number): Promise<readonly Released[]>;
  receive(track: string, kind: FrameKind, frame: Bytes, now: number): Promise<Received>;
  /** Drops what has waited too long and epochs that are over. */
  tick(now: number): void;
  /** When `tick` has something to do; null while it has not. */
  nextDeadline(): number | null;
  /** How many frames were dropped, by reason. */
  dropped(): ReadonlyMap<DropReason, number>;
  /** Forgets all keys. */
  close(): void;
}

/**
 * A receiver that knows no epoch and no track: all it does at first is drop.
 *
 * @param handleDrop - told of each frame that is dropped, of those that waited too long as well
 */
export function createFrameReceiver(
  handleDrop: (track: string, reason: DropReason) => void = () => {},
): FrameReceiver {
  const tracks = new Map<string, TrackBinding>();
  const counts = new Map<DropReason, number>();
  const epochs = createEpochStore();
  const hold = createHold();
  let isClosed = false;

  function drop(track: string, reason: DropReason): Received {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    handleDrop(track, reason);
    return { type: 'dropped', reason };
  }

  function tick(now: number): void {
    epochs.dropExpired(now);
    for (const { track } of hold.takeExpired(now)) drop(track, 'hold_expired');
  }

  /** The steps of docs/encryption.md, in their order. */
  async function check(entry: Held): Promise<Received> {
    const binding = tracks.get(entry.track);
    if (binding === undefined) return drop(entry.track, 'no_track');
    const parsed = parseFrame(binding.codec, entry.kind, entry.frame);
    const parts = parsed === null ? null : unpackKeyId(parsed.header.keyId);
    if (parsed === null || parts === null || parsed.header.counter > FRAME_LIMITS.maxCounter)
      return drop(entry.track, 'malformed');
    if (parts.leaf !== binding.leaf) return drop(entry.track, 'wrong_leaf');
    if (!binding.slots.has(parts.slot)) return drop(entry.track, 'wrong_slot');

    const found = epochs.find(parts.epochBits);
    if (found.type === 'gone') return drop(entry.track, 'epoch_gone');
    if (found.type === 'unknown') return drop(entry.track, 'epoch_unknown');
    if (found.type === 'ahead') return hold.add(entry) ? { type: 'held' } : drop(entry.track, 'hold_full');
    if (found.epoch.number < binding.firstEpoch) return drop(entry.track, 'before_binding');
    return open(entry.track, binding, parts.slot, parsed, found.epoch);
  }

  async function open(
    track: string,
    binding: TrackBinding,
    slot: Slot,
    parsed: ParsedFrame,
    epoch: KnownEpoch,
  ): Promise<Received> {
    const { keyId, counter } = parsed.header;
    if (!epoch.isFresh(keyId, counter)) return drop(track, 'replayed');
    const opened = await openFrame(await epoch.keyOf(keyId), { slot, codec: binding.codec }, parsed);
    if (opened === null) return drop(track, 'not_authentic');
    // Things may have changed while it was decrypted.
    if (isClosed) return drop(track, 'closed');
    if (tracks.get(track) !== binding) return drop(track, 'no_track');
    return epoch.accept(keyId, counter)
      ? { type: 'opened', epoch: epoch.number, ...opened }
      : drop(track, 'replayed');
  }

  return {
    bindTrack(track, binding) {
      tracks.set(track, binding);
    },

    removeTrack(track) {
      tracks.delete(track);
      for (const entry of hold.takeTrack(track)) drop(entry.track, 'no_track');
    },

    async addEpoch({ epoch, baseKey }, now) {
      const base = await importBaseKey(baseKey);
      if (isClosed) return [];
      epochs.add(epoch, base, now);
      tick(now);
      const released: Released[] = [];
      for (const entry of hold.takeAll()) {
        const result = await check(entry);
        if (result.type !== 'held') released.push({ track: entry.track, held: entry.frame, result });
      }
      return released;
    },

    async receive(track, kind, frame, now) {
      if (isClosed) return drop(track, 'closed');
      tick(now);
      return check({ track, kind, frame, heldAt: now });
    },

    tick,
    nextDeadline: () => earliest(epochs.nextExpiry(), hold.nextExpiry()),
    dropped: () => counts,

    close() {
      isClosed = true;
      epochs.clear();
      hold.takeAll();
      tracks.clear();
    },
  };
}

const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
