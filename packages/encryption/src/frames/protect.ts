import { type Bytes, concatBytes } from '../bytes.ts';
import {
  type ReadHeader,
  type SframeKey,
  SUITES,
  decodeHeader,
  decryptSframe,
  encryptSframe,
} from '../sframe/index.ts';
import {
  type Codec,
  type FrameKind,
  type WireFrame,
  joinWire,
  metadataOf,
  splitPlain,
  splitWire,
} from './codecs.ts';
import type { Slot } from './keyId.ts';
import { obuHeader } from './obu.ts';

/** What sender and receiver agree on before a frame comes. */
export interface FrameContext {
  readonly slot: Slot;
  readonly codec: Codec;
}

/** A frame from the network whose form is right. Nothing of it is authenticated yet. */
export interface ParsedFrame extends WireFrame {
  readonly header: ReadHeader;
}

export interface OpenedFrame {
  readonly kind: FrameKind;
  /** As the encoder gave it. */
  readonly frame: Bytes;
}

/**
 * The frame as it goes over the network, or null where it is empty or too short for its codec. `key` is the one of the slot, and
 * `counter` has never been given with it before. `kind` is what the browser says.
 */
export async function protectFrame(
  key: SframeKey,
  counter: bigint,
  { slot, codec }: FrameContext,
  kind: FrameKind,
  frame: Bytes,
): Promise<Bytes | null> {
  const plain = splitPlain(codec, kind, frame);
  if (plain === null) return null;
  const clear = codec === 'av1' ? obuHeader(plain.kind) : plain.clear;
  const sframe = await encryptSframe(key, counter, metadataOf(slot, codec, plain.kind, clear), plain.body);
  return joinWire(codec, { kind: plain.kind, clear, sframe });
}

/** Length and format of a frame from the network; null where they are wrong. `kind` is what the browser says. */
export function parseFrame(
  codec: Codec,
  kind: FrameKind,
  frame: Bytes,
  tagBytes = SUITES[4].tagBytes,
): ParsedFrame | null {
  const wire = splitWire(codec, kind, frame);
  if (wire === null) return null;
  const header = decodeHeader(wire.sframe);
  if (header === null || wire.sframe.length < header.length + tagBytes) return null;
  return { ...wire, header };
}

/** The encoder's frame, or null where anything of it, clear or not, is not what was sent in this slot with this codec. */
export async function openFrame(
  key: SframeKey,
  { slot, codec }: FrameContext,
  { header, clear, kind, sframe }: ParsedFrame,
): Promise<OpenedFrame | null> {
  const body = await decryptSframe(key, header, metadataOf(slot, codec, kind, clear), sframe);
  if (body === null) return null;
  return { kind, frame: codec === 'av1' ? body : concatBytes(clear, body) };
}
