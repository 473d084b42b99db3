import { type Bytes, concatBytes } from '../bytes.ts';
import { MOST_FRAME_BYTES, MOST_SAMPLES, SHORTEST_SAMPLES } from './opus.ts';

/*
 * What is encrypted of a frame of sound: how many earlier frames come with it, for each of them its age and length, the earlier frames,
 * oldest first, and the frame. docs/encryption.md has it as a table.
 */

/** More: each costs as many bits as the sound itself; fewer: two packets lost in a row are a gap. */
export const MOST_REPEATS = 2;
/** In bytes. With the rest of a packet it goes through any network whole; more than that and the oldest stay out. */
const MOST_BYTES = 1_100;
const ENTRY_BYTES = 3;

/** A frame that was sent before. */
export interface Repeat {
  /** How much earlier than the frame that it comes with it began, in samples of 48 kHz: 120 to 5,760 in steps of 120. */
  readonly age: number;
  readonly frame: Bytes;
}

/** Frames as the encoder gave them. */
export interface Sound {
  readonly frame: Bytes;
  /** Oldest first. */
  readonly repeats: readonly Repeat[];
}

const canRepeat = ({ age, frame }: Repeat): boolean =>
  age >= SHORTEST_SAMPLES &&
  age <= MOST_SAMPLES &&
  age % SHORTEST_SAMPLES === 0 &&
  frame.length > 0 &&
  frame.length <= MOST_FRAME_BYTES + 1;

/**
 * The bytes to be encrypted. Repeats that cannot be said, are more than {@link MOST_REPEATS} or make it too large stay out, the oldest
 * first.
 */
export function packSound({ frame, repeats }: Sound): Bytes {
  let taken = repeats.filter(canRepeat).slice(-MOST_REPEATS);
  const sizeOf = (some: readonly Repeat[]): number =>
    some.reduce((sum, repeat) => sum + ENTRY_BYTES + repeat.frame.length, 1 + frame.length);
  while (taken.length > 0 && sizeOf(taken) > MOST_BYTES) taken = taken.slice(1);
  const entries = taken.flatMap(({ age, frame: { length } }) => [
    age / SHORTEST_SAMPLES,
    length >> 8,
    length & 0xff,
  ]);
  return concatBytes(
    new Uint8Array([taken.length, ...entries]),
    ...taken.map((repeat) => repeat.frame),
    frame,
  );
}

/** What was packed; null where it is not of that form: what is authentic may still be of a member that means no good. */
export function unpackSound(bytes: Bytes): Sound | null {
  const [count] = bytes;
  if (count === undefined || count > MOST_REPEATS) return null;
  let at = 1 + count * ENTRY_BYTES;
  const repeats: Repeat[] = [];
  for (let index = 0; index < count; index += 1) {
    const [steps = 0, high = 0, low = 0] = bytes.subarray(1 + index * ENTRY_BYTES);
    const end = at + high * 256 + low;
    const repeat = { age: steps * SHORTEST_SAMPLES, frame: bytes.slice(at, end) };
    const isLater = repeat.age >= (repeats.at(-1)?.age ?? Infinity);
    if (end >= bytes.length || isLater || !canRepeat(repeat)) return null;
    repeats.push(repeat);
    at = end;
  }
  return at < bytes.length ? { frame: bytes.slice(at), repeats } : null;
}
