/** Arrivals of packets by their transport-wide sequence numbers, told to the sender as browsers do (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
export interface Feedback {
  note(sequence: number, now: number): void;
  /** The packet about what has come since the last one; null: nothing has. */
  take(mediaSsrc: number): Buffer | null;
}

const TICK_MS = 0.25;
const REFERENCE_MS = 64;
const HEADER_BYTES = 20;
const MOST_RUN = 8_191;
/** A delta of one byte, without a sign. */
const MOST_SMALL = 255;
const MOST_LARGE = 32_767;
const OUR_SSRC = 1;
const Status = { lost: 0, small: 1, large: 2 } as const;
type Status = (typeof Status)[keyof typeof Status];

export function createFeedback(): Feedback {
  let arrivals: { readonly sequence: number; readonly at: number }[] = [];
  /** Counted on beyond 16 bits. */
  let highest: number | null = null;
  let next: number | null = null;
  let count = 0;

  return {
    note(sequence, now) {
      if (highest === null) highest = sequence;
      const step = ((sequence - highest + 0x8000) & 0xffff) - 0x8000;
      const extended = highest + step;
      highest = Math.max(highest, extended);
      arrivals.push({ sequence: extended, at: now });
    },
    take(mediaSsrc) {
      const known = arrivals.filter(({ sequence }) => next === null || sequence >= next);
      known.sort((one, other) => one.sequence - other.sequence);
      arrivals = [];
      const [first] = known;
      const last = known.at(-1);
      if (first === undefined || last === undefined) return null;
      const base: number = next ?? first.sequence;
      next = last.sequence + 1;
      const reference = Math.floor(first.at / REFERENCE_MS);
      const { chunks, deltas } = encode(known, base, reference * REFERENCE_MS);
      const bytes = Math.ceil((HEADER_BYTES + chunks.length + deltas.length) / 4) * 4;
      const packet = Buffer.alloc(bytes);
      packet.writeUInt16BE(0x8fcd, 0);
      packet.writeUInt16BE(bytes / 4 - 1, 2);
      packet.writeUInt32BE(OUR_SSRC, 4);
      packet.writeUInt32BE(mediaSsrc, 8);
      packet.writeUInt16BE(base & 0xffff, 12);
      packet.writeUInt16BE(next - base, 14);
      packet.writeUIntBE(reference & 0xffffff, 16, 3);
      packet[19] = count;
      count = (count + 1) & 0xff;
      packet.set(chunks, HEADER_BYTES);
      packet.set(deltas, HEADER_BYTES + chunks.length);
      return packet;
    },
  };
}

function encode(
  arrivals: readonly { readonly sequence: number; readonly at: number }[],
  base: number,
  referenceMs: number,
): { readonly chunks: readonly number[]; readonly deltas: readonly number[] } {
  const chunks: number[] = [];
  const deltas: number[] = [];
  let run: { symbol: Status; length: number } = { symbol: Status.lost, length: 0 };
  const flush = (): void => {
    for (let left = run.length; left > 0; left -= MOST_RUN) {
      const length = Math.min(left, MOST_RUN);
      chunks.push((run.symbol << 5) | (length >> 8), length & 0xff);
    }
  };
  const add = (symbol: Status, length: number): void => {
    if (symbol !== run.symbol) {
      flush();
      run = { symbol, length: 0 };
    }
    run.length += length;
  };
  let expected = base;
  let ticks = 0;
  for (const { sequence, at } of arrivals) {
    if (sequence < expected) continue;
    if (sequence > expected) add(Status.lost, sequence - expected);
    expected = sequence + 1;
    const now = Math.round((at - referenceMs) / TICK_MS);
    const delta = Math.max(-MOST_LARGE, Math.min(MOST_LARGE, now - ticks));
    ticks += delta;
    if (delta >= 0 && delta <= MOST_SMALL) {
      add(Status.small, 1);
      deltas.push(delta);
    } else {
      add(Status.large, 1);
      deltas.push((delta >> 8) & 0xff, delta & 0xff);
    }
  }
  flush();
  return { chunks, deltas };
}
