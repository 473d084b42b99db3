import type { Bytes } from '../bytes.ts';
import { joinOpus, type OpusFrame, readOpus } from './opus.ts';
import type { Sound } from './payload.ts';

/** Frames whose times are remembered: two seconds of what browsers send. Fewer: a late packet is played a second time. */
const REMEMBERED = 100;
/**
 * In ms, how long a frame waits for the one that follows it. Shorter: no gap of two frames of 20 ms is filled; longer: the last frame before a
 * silence comes too late.
 */
export const WAIT_MS = 70;

/** What goes on to the decoder in the place of one frame that came. */
export interface Repaired<Frame> {
  readonly frame: Frame;
  readonly packet: Bytes;
  /** How many frames that were lost after it are in it. */
  readonly repaired: number;
}

/**
 * Puts lost frames of one receiver back where a later one brings them again. Browsers let a transform neither add a frame nor move one to
 * another time, so that what was lost goes along with the frame before it: while frames bring others, each waits for the one that
 * follows.
 */
export interface Repairing<Frame> {
  /** What goes on now, in its order; null where this sound has gone on before, with an earlier frame. */
  next(frame: Frame, timestamp: number, sound: Sound, now: number): readonly Repaired<Frame>[] | null;
  /** What has waited long enough. */
  takeDue(now: number): readonly Repaired<Frame>[];
  /** When `takeDue` has something to give; null while nothing waits. */
  nextDeadline(): number | null;
}

interface Waiting<Frame> {
  readonly frame: Frame;
  readonly timestamp: number;
  readonly packet: Bytes;
  readonly until: number;
}

/** How much later than another RTP time one is, in samples; negative: earlier. */
const since = (timestamp: number, earlier: number): number => (timestamp - earlier) | 0;

export function createRepairing<Frame>(): Repairing<Frame> {
  let heard: readonly number[] = [];
  let waiting: Waiting<Frame> | null = null;

  const remember = (timestamp: number): void => {
    heard = [...heard, timestamp >>> 0].slice(-REMEMBERED);
  };
  const whole = ({ frame, packet }: Pick<Waiting<Frame>, 'frame' | 'packet'>): Repaired<Frame> => ({
    frame,
    packet,
    repaired: 0,
  });

  /** The frame that waited, and what of the sound that came now was lost right behind it. */
  function fill(former: Waiting<Frame>, timestamp: number, { repeats }: Sound): Repaired<Frame> {
    const first = readOpus(former.packet);
    if (first === null) return whole(former);
    let frames: readonly OpusFrame[] = [first];
    let times: readonly number[] = [];
    let end = (former.timestamp + first.samples) >>> 0;
    for (const { age, frame } of repeats) {
      const at = (timestamp - age) >>> 0;
      if (since(at, end) < 0) continue;
      const read = readOpus(frame);
      // One after the other without a hole, which a decoder would not see within a packet.
      if (at !== end || read?.kind !== first.kind || heard.includes(at)) break;
      frames = [...frames, read];
      times = [...times, at];
      end = (at + read.samples) >>> 0;
    }
    const packet = frames.length > 1 ? joinOpus(frames) : null;
    if (packet === null) return whole(former);
    for (const at of times) remember(at);
    return { frame: former.frame, packet, repaired: times.length };
  }

  return {
    next(frame, timestamp, sound, now) {
      if (heard.includes(timestamp >>> 0)) return null;
      remember(timestamp);
      const arrived = { frame, timestamp, packet: sound.frame, until: now + WAIT_MS };
      // It is late itself, and nothing waits for it.
      if (waiting !== null && since(timestamp, waiting.timestamp) < 0) return [whole(arrived)];
      const former = waiting === null ? [] : [fill(waiting, timestamp, sound)];
      waiting = sound.repeats.length > 0 ? arrived : null;
      return waiting === null ? [...former, whole(arrived)] : former;
    },
    takeDue(now) {
      if (waiting === null || now < waiting.until) return [];
      const due = whole(waiting);
      waiting = null;
      return [due];
    },
    nextDeadline: () => waiting?.until ?? null,
  };
}
