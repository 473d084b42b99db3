import { type Bytes, concatBytes } from '../bytes.ts';

/*
 * Opus packets (RFC 6716 §3.1 and §3.2), as far as they are put together here. Lengths of time are in samples of 48 kHz, the clock of
 * Opus in RTP (RFC 7587 §4.1).
 */

/** The most that a packet may hold (RFC 6716 §3.2.5): 120 ms. */
export const MOST_SAMPLES = 5_760;
/** Of one frame (RFC 6716 §3.2.1), without the byte that says what it is. */
export const MOST_FRAME_BYTES = 1_275;
/** The shortest frame there is, and the step of all others: 2.5 ms. */
export const SHORTEST_SAMPLES = 120;

/** A packet with one frame, taken apart. */
export interface OpusFrame {
  /** Mode, bandwidth, length and channels: frames of one packet have to be the same in all of them. */
  readonly kind: number;
  readonly body: Bytes;
  readonly samples: number;
}

const SILK = [480, 960, 1_920, 2_880] as const;
const HYBRID = [480, 960] as const;
const CELT = [120, 240, 480, 960] as const;

function samplesOf(configuration: number): number {
  if (configuration < 12) return SILK[configuration & 3] ?? 0;
  if (configuration < 16) return HYBRID[configuration & 1] ?? 0;
  return CELT[configuration & 3] ?? 0;
}

/** Null where it is no packet with exactly one frame, which is what browsers make of 20 ms. */
export function readOpus(packet: Uint8Array): OpusFrame | null {
  const [first] = packet;
  if (first === undefined || (first & 3) !== 0 || packet.length > MOST_FRAME_BYTES + 1) return null;
  return { kind: first >> 2, body: packet.slice(1), samples: samplesOf(first >> 3) };
}

/** One packet of several frames of one kind, in their order (code 3, RFC 6716 §3.2.5); null where they fit no packet. */
export function joinOpus(frames: readonly OpusFrame[]): Bytes | null {
  const [first] = frames;
  if (first === undefined || frames.some(({ kind }) => kind !== first.kind)) return null;
  if (first.samples * frames.length > MOST_SAMPLES) return null;
  const lengths = frames.slice(0, -1).flatMap(({ body }) => lengthOf(body.length));
  const head = new Uint8Array([(first.kind << 2) | 3, 0x80 | frames.length, ...lengths]);
  return concatBytes(head, ...frames.map(({ body }) => body));
}

/** RFC 6716 §3.2.1. */
function lengthOf(bytes: number): readonly number[] {
  if (bytes < 252) return [bytes];
  const low = 252 + (bytes & 3);
  return [low, (bytes - low) >> 2];
}
