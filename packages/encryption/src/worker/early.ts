import { type EncodedFrame, type FrameSink, kindOf } from './encodedFrames.ts';

/** How long they wait, in ms. Shorter: the first picture waits for another key frame; longer: it is a burst of what is long over. */
const WAIT_MS = 1_000;
/** Of one track: a second of pictures, as far as anybody sends that many before they are seen. */
const MOST = 32;

export interface EarlyFrame {
  readonly encoded: EncodedFrame;
  readonly sink: FrameSink;
}

/**
 * Pictures of a track that is not anybody's yet, from their newest key frame on: whoever is ready first begins to send, and the other
 * would wait half a second for the next key frame. Nothing is done with them before it is known whose they are.
 */
export interface EarlyFrames {
  /** False where it does not wait: sound, pictures without a key frame before them, too many. */
  add(track: string, frame: EarlyFrame, now: number): boolean;
  /** Those that still wait, in the order in which they came. */
  take(track: string, now: number): readonly EarlyFrame[];
  /** Takes out what has waited too long. */
  takeExpired(now: number): readonly { readonly track: string; readonly frames: readonly EarlyFrame[] }[];
  nextExpiry(): number | null;
}

interface Run {
  readonly since: number;
  readonly frames: EarlyFrame[];
}

const isOver = ({ since }: Run, now: number): boolean => now >= since + WAIT_MS;

export function createEarlyFrames(): EarlyFrames {
  const runs = new Map<string, Run>();
  return {
    add(track, frame, now) {
      if (kindOf(frame.encoded) === 'key') {
        runs.set(track, { since: now, frames: [frame] });
        return true;
      }
      const run = runs.get(track);
      if (run === undefined || isOver(run, now) || run.frames.length >= MOST) return false;
      run.frames.push(frame);
      return true;
    },
    take(track, now) {
      const run = runs.get(track);
      runs.delete(track);
      return run === undefined || isOver(run, now) ? [] : run.frames;
    },
    takeExpired(now) {
      const over = [...runs].filter(([, run]) => isOver(run, now));
      for (const [track] of over) runs.delete(track);
      return over.map(([track, { frames }]) => ({ track, frames }));
    },
    nextExpiry: () =>
      runs.size === 0 ? null : Math.min(...[...runs.values()].map(({ since }) => since)) + WAIT_MS,
  };
}
