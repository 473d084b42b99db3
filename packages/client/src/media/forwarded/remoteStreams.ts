import type { PublishedTrack } from '@visavis/protocol';
import type { Timers } from '../../timers.ts';
import type { SfuConsumer } from './sfuLibrary.ts';

/** How often it is looked whether what is to replace something has begun to arrive. Longer: a later change; shorter: more work. */
const LOOK_MS = 50;

const nothing = (): void => {};

interface Part {
  readonly consumer: SfuConsumer;
  isIn: boolean;
}

/**
 * One stream that plays on while what it holds is exchanged (CALL3): a track takes the place of the one before as soon as a
 * picture, or sound, of it has arrived, and in one go, so that nobody is heard twice.
 */
export interface RemoteStream {
  readonly stream: MediaStream;
  /** The consumer takes the place of whatever there is of its kind. */
  put(track: PublishedTrack, consumer: SfuConsumer): void;
  /** What its sender publishes now of it. */
  update(track: PublishedTrack): void;
  take(trackId: string): void;
  hasPart(trackId: string): boolean;
  /** Whether nothing waits to be exchanged. */
  isSettled(): boolean;
  consumerOf(kind: 'audio' | 'video'): SfuConsumer | null;
  close(): void;
}

export function createRemoteStream(stream: MediaStream, timers: Timers, onChange: () => void): RemoteStream {
  const parts = new Map<string, Part & { track: PublishedTrack }>();
  let cancelLook = nothing;
  let isLooking = false;
  let isClosed = false;

  const others = (kind: string, keep: MediaStreamTrack): MediaStreamTrack[] =>
    stream.getTracks().filter((track) => track.kind === kind && track !== keep);

  function bringIn(part: Part): void {
    const { track } = part.consumer;
    part.isIn = true;
    for (const former of others(track.kind, track)) stream.removeTrack(former);
    stream.addTrack(track);
  }

  /** CALL4: whoever took this place later has arrived first. */
  function isOvertaken(part: Part): boolean {
    const all = [...parts.values()];
    const later = all.slice(all.findIndex((each) => each === part) + 1);
    return later.some(({ consumer, isIn }) => isIn && consumer.track.kind === part.consumer.track.kind);
  }

  async function look(): Promise<void> {
    if (isLooking || isClosed) return;
    isLooking = true;
    for (const part of [...parts.values()].filter(({ isIn }) => !isIn)) {
      const { kind } = part.consumer.track;
      const isLive = others(kind, part.consumer.track).some(({ readyState }) => readyState === 'live');
      // Nothing to wait for, or nothing that will come: its sender pauses.
      const comesIn = !isLive || part.track.paused || (await part.consumer.hasArrived().catch(() => false));
      if (!comesIn || isClosed || parts.get(part.track.trackId) !== part) continue;
      if (isOvertaken(part)) part.isIn = true;
      else bringIn(part);
      onChange();
    }
    isLooking = false;
    cancelLook();
    if (isClosed || [...parts.values()].every(({ isIn }) => isIn)) return;
    cancelLook = timers.after(LOOK_MS, () => void look());
  }

  return {
    stream,
    put(track, consumer) {
      const part = { track, consumer, isIn: false };
      parts.set(track.trackId, part);
      if (others(track.kind, consumer.track).length === 0) bringIn(part);
      else void look();
    },
    update(track) {
      const part = parts.get(track.trackId);
      if (part !== undefined) part.track = track;
    },
    take(trackId) {
      const part = parts.get(trackId);
      parts.delete(trackId);
      if (part?.isIn !== true) return;
      const { track } = part.consumer;
      const wasShown = stream.getTracks().includes(track);
      stream.removeTrack(track);
      // CALL4: whoever had this place before is there still.
      const former = [...parts.values()].findLast(({ consumer }) => consumer.track.kind === track.kind);
      if (wasShown && former !== undefined) bringIn(former);
    },
    hasPart: (trackId) => parts.has(trackId),
    isSettled: () => [...parts.values()].every(({ isIn }) => isIn),
    consumerOf: (kind) => [...parts.values()].findLast(({ track }) => track.kind === kind)?.consumer ?? null,
    close() {
      isClosed = true;
      cancelLook();
      parts.clear();
    },
  };
}
