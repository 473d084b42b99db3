import type { FrameKind } from '../frames/codecs.ts';
import type { Slot } from '../frames/keyId.ts';
import type { CryptoCounters, ReceivedRefusal, SentRefusal } from './messages.ts';

/** Counts what passes and what does not. */
export interface Counting {
  /** `repeatedBytes`: of frames that came again with it. */
  sent(slot: Slot, kind: FrameKind, addedBytes: number, repeatedBytes?: number): void;
  refused(slot: Slot, reason: SentRefusal): void;
  /** `repaired`: how many lost frames it brought again. */
  received(track: string, kind: FrameKind, repaired?: number): void;
  dropped(track: string, reason: ReceivedRefusal): void;
  /** A message of the group was not taken. */
  ignored(reason: string): void;
  /** The track is gone, and what was counted of it. */
  forget(track: string): void;
  read(): CryptoCounters;
}

interface Sent {
  frames: number;
  keyFrames: number;
  addedBytes: number;
  mostAddedBytes: number;
  repeatedBytes: number;
  readonly refused: Partial<Record<SentRefusal, number>>;
}

interface Received {
  frames: number;
  keyFrames: number;
  repaired: number;
  readonly dropped: Partial<Record<ReceivedRefusal, number>>;
}

export function createCounting(): Counting {
  const slots = new Map<Slot, Sent>();
  const tracks = new Map<string, Received>();
  const messages = new Map<string, number>();

  function slotOf(slot: Slot): Sent {
    const counted = slots.get(slot) ?? {
      frames: 0,
      keyFrames: 0,
      addedBytes: 0,
      mostAddedBytes: 0,
      repeatedBytes: 0,
      refused: {},
    };
    slots.set(slot, counted);
    return counted;
  }
  function trackOf(track: string): Received {
    const counted = tracks.get(track) ?? { frames: 0, keyFrames: 0, repaired: 0, dropped: {} };
    tracks.set(track, counted);
    return counted;
  }

  return {
    sent(slot, kind, addedBytes, repeatedBytes = 0) {
      const counted = slotOf(slot);
      counted.frames += 1;
      if (kind === 'key') counted.keyFrames += 1;
      counted.addedBytes += addedBytes;
      counted.repeatedBytes += repeatedBytes;
      counted.mostAddedBytes = Math.max(counted.mostAddedBytes, addedBytes);
    },
    refused(slot, reason) {
      const { refused } = slotOf(slot);
      refused[reason] = (refused[reason] ?? 0) + 1;
    },
    received(track, kind, repaired = 0) {
      const counted = trackOf(track);
      counted.frames += 1;
      counted.repaired += repaired;
      if (kind === 'key') counted.keyFrames += 1;
    },
    dropped(track, reason) {
      const { dropped } = trackOf(track);
      dropped[reason] = (dropped[reason] ?? 0) + 1;
    },
    ignored: (reason) => void messages.set(reason, (messages.get(reason) ?? 0) + 1),
    forget: (track) => void tracks.delete(track),
    read: () => ({
      sent: [...slots].map(([slot, counted]) => ({ slot, ...counted, refused: { ...counted.refused } })),
      received: [...tracks].map(([track, counted]) => ({
        track,
        ...counted,
        dropped: { ...counted.dropped },
      })),
      messages: Object.fromEntries(messages),
    }),
  };
}
