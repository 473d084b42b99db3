import type { Bytes } from '../bytes.ts';
import type { FrameKind } from './codecs.ts';
import { FRAME_LIMITS } from './limits.ts';

/** A frame that waits for the key of its epoch. */
export interface Held {
  readonly track: string;
  readonly kind: FrameKind;
  readonly frame: Bytes;
  readonly heldAt: number;
}

export interface Hold {
  /** False where the track has no room left. */
  add(entry: Held): boolean;
  /** Each takes them out, in the order in which they came. */
  takeAll(): readonly Held[];
  takeTrack(track: string): readonly Held[];
  takeExpired(now: number): readonly Held[];
  nextExpiry(): number | null;
}

export function createHold(): Hold {
  let entries: readonly Held[] = [];

  function take(isTaken: (entry: Held) => boolean): readonly Held[] {
    const taken = entries.filter(isTaken);
    if (taken.length > 0) entries = entries.filter((entry) => !isTaken(entry));
    return taken;
  }

  return {
    add(entry) {
      const ofTrack = entries.filter(({ track }) => track === entry.track).length;
      if (ofTrack >= FRAME_LIMITS.heldFrames) return false;
      entries = [...entries, entry];
      return true;
    },
    takeAll: () => take(() => true),
    takeTrack: (track) => take((entry) => entry.track === track),
    takeExpired: (now) => take(({ heldAt }) => now >= heldAt + FRAME_LIMITS.holdMs),
    nextExpiry: () =>
      entries.length === 0 ? null : Math.min(...entries.map(({ heldAt }) => heldAt)) + FRAME_LIMITS.holdMs,
  };
}
