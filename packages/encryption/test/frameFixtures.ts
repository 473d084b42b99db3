import {
  type Codec,
  type FrameKind,
  type FrameReceiver,
  type FrameSender,
  type Received,
  type Slot,
  createFrameReceiver,
  createFrameSender,
} from '../src/index.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A base key of one epoch, the same for everybody. */
export const baseKeyOf = (epoch: bigint, group = 1): Bytes =>
  Uint8Array.from({ length: 16 }, (_, index) => (Number(epoch % 251n) * 7 + index * group + group) & 0xff);

/** A frame of a codec as an encoder might give it; `fill` tells frames apart. */
export function plainFrame(codec: Codec, kind: FrameKind, length: number, fill = 0x55): Bytes {
  const frame = new Uint8Array(length).fill(fill);
  if (codec === 'vp8') frame[0] = kind === 'key' ? 0x10 : 0x11;
  return frame;
}

export interface Pair {
  readonly sender: FrameSender;
  readonly receiver: FrameReceiver;
}

/** A device at leaf 3 that sends one track, `track`, and one that receives it, both in epoch 5. */
export async function createPair(slots: readonly Slot[], codec: Codec): Promise<Pair> {
  const sender = createFrameSender();
  const receiver = createFrameReceiver();
  await sender.useEpoch({ epoch: 5n, leaf: 3, baseKey: baseKeyOf(5n) });
  await receiver.addEpoch({ epoch: 5n, baseKey: baseKeyOf(5n) }, 0);
  receiver.bindTrack('track', { leaf: 3, firstEpoch: 0n, slots: new Set(slots), codec });
  return { sender, receiver };
}

/** What leaves, or an error where nothing does. */
export async function protect(
  sender: FrameSender,
  slot: Slot,
  codec: Codec,
  kind: FrameKind,
  frame: Bytes,
): Promise<Bytes> {
  const sent = await sender.protect({ slot, codec }, kind, frame);
  if (sent.type === 'refused') throw new Error(sent.reason);
  return sent.frame;
}

export const reasonOf = (received: Received): string =>
  received.type === 'dropped' ? received.reason : received.type;

/** Random numbers that a seed repeats (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
