import { type Bytes, concatBytes } from '../bytes.ts';
import { type Slot, slotNumber } from './keyId.ts';
import { readObu, wrapInObu } from './obu.ts';

/** What calls send. H.264 and redundant audio are not among them: too much of them would have to stay clear. */
export type Codec = 'opus' | 'vp8' | 'vp9' | 'av1' | 'data';

/** Whether a frame can be decoded without others. Sound and data are always `delta`, which says nothing there. */
export type FrameKind = 'key' | 'delta';

/**
 * In the metadata. Never given to another codec: frames of different versions would be taken for each other. 1 was Opus that brought
 * nothing again.
 */
const CODEC_NUMBERS: { readonly [Name in Codec]: number } = { opus: 6, vp8: 2, vp9: 3, av1: 4, data: 5 };

/** A frame as it is on the wire, taken apart. */
export interface WireFrame {
  readonly kind: FrameKind;
  /** Bytes that the SFU and the depacketizer read. They are authenticated. */
  readonly clear: Bytes;
  /** The SFrame ciphertext with its header. */
  readonly sframe: Bytes;
}

/** A frame of a codec, taken apart into what stays clear and what is encrypted. */
export interface PlainFrame {
  readonly kind: FrameKind;
  readonly clear: Bytes;
  readonly body: Bytes;
}

/** VP8's frame tag with the start code and size of a key frame (RFC 6386 §9.1), and its first byte otherwise. */
const VP8_CLEAR = { key: 10, delta: 1 } as const;

/** The lowest bit of a VP8 frame is 0 for key frames (RFC 6386 §9.1). */
const vp8Kind = (first: number): FrameKind => ((first & 1) === 0 ? 'key' : 'delta');

/**
 * How many bytes of an encoded frame stay clear, which follows from its first byte alone: there is no length that somebody on the
 * way could choose.
 */
export function clearBytes(codec: Codec, first: number): number {
  return codec === 'vp8' ? VP8_CLEAR[vp8Kind(first)] : 0;
}

/**
 * Takes apart what an encoder gave. `kind` is what the browser says of it; VP8 says it itself. Null where the frame is empty or
 * shorter than what would stay clear.
 */
export function splitPlain(codec: Codec, kind: FrameKind, frame: Bytes): PlainFrame | null {
  const [first] = frame;
  if (first === undefined) return null;
  const length = clearBytes(codec, first);
  if (frame.length < length) return null;
  return { kind: kindOf(codec, kind, first), clear: frame.slice(0, length), body: frame.slice(length) };
}

/**
 * Takes apart what came over the network. `kind` is what the browser says of it; VP8 and the envelope of AV1 say it themselves.
 * Null where it is not of the form that `joinWire` makes.
 */
export function splitWire(codec: Codec, kind: FrameKind, frame: Bytes): WireFrame | null {
  if (codec === 'av1') return readObu(frame);
  const plain = splitPlain(codec, kind, frame);
  return plain === null ? null : { kind: plain.kind, clear: plain.clear, sframe: plain.body };
}

/** What goes over the network. */
export const joinWire = (codec: Codec, { clear, sframe, kind }: WireFrame): Bytes =>
  codec === 'av1' ? wrapInObu(kind, sframe) : concatBytes(clear, sframe);

/** What is authenticated besides the SFrame header: slot, codec, kind and the clear bytes, each at a fixed place. */
export const metadataOf = (slot: Slot, codec: Codec, kind: FrameKind, clear: Uint8Array): Bytes =>
  concatBytes(new Uint8Array([slotNumber(slot), CODEC_NUMBERS[codec], kind === 'key' ? 1 : 0]), clear);

function kindOf(codec: Codec, said: FrameKind, first: number): FrameKind {
  switch (codec) {
    case 'vp8':
      return vp8Kind(first);
    case 'vp9':
    case 'av1':
      return said;
    case 'opus':
    case 'data':
      return 'delta';
  }
}
