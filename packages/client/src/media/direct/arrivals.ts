import { loudnessOf } from '../levels/loudness.ts';
import type { Lines } from './lines.ts';

/** Without a new picture (or sound) for this long there is none: two missed looks, more than any stutter of a live camera. */
const SILENT_MS = 1_000;

interface Arrival {
  rtpTimestamp: number | null;
  lastAt: number | null;
}

export interface Arrivals {
  /** Looks once; a few times a second. */
  look(
    lines: Lines,
    now: number,
  ): {
    readonly audio: boolean;
    readonly video: boolean;
    /** Something has arrived since the last look. */
    readonly fresh: boolean;
  };
  /** How loud it was when last looked at by the browser, 0 to 1. */
  level(lines: Lines): number;
}

/** Tells from what the browser hands to the speaker and the screen whether anything arrives. */
export function createArrivals(): Arrivals {
  const audio: Arrival = { rtpTimestamp: null, lastAt: null };
  const video: Arrival = { rtpTimestamp: null, lastAt: null };
  const update = (arrival: Arrival, receiver: RTCRtpReceiver | undefined, now: number): boolean => {
    const rtpTimestamp = newest(receiver)?.rtpTimestamp ?? null;
    if (rtpTimestamp !== null && rtpTimestamp !== arrival.rtpTimestamp) arrival.lastAt = now;
    arrival.rtpTimestamp = rtpTimestamp;
    return arrival.lastAt !== null && now - arrival.lastAt < SILENT_MS;
  };
  return {
    look: (lines, now) => ({
      audio: update(audio, lines.audio?.receiver, now),
      video: update(video, lines.video?.receiver, now),
      fresh: audio.lastAt === now || video.lastAt === now,
    }),
    level: (lines) => loudnessOf(newest(lines.audio?.receiver)?.audioLevel ?? 0),
  };
}

function newest(receiver: RTCRtpReceiver | undefined): RTCRtpSynchronizationSource | undefined {
  return receiver?.getSynchronizationSources().toSorted((one, other) => other.timestamp - one.timestamp)[0];
}
