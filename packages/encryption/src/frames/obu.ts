import { type Bytes, concatBytes } from '../bytes.ts';
import type { FrameKind, WireFrame } from './codecs.ts';

/**
 * Header bytes of an OBU with a size field (AV1 specification §5.3.2): type 1, a sequence header, makes depacketizers see a key
 * frame; type 6, a frame, anything else.
 */
const HEADERS = { key: (1 << 3) | 0b10, delta: (6 << 3) | 0b10 } as const;

/** Four bytes of leb128 hold 256 MB; the specification allows eight. */
const MAX_SIZE_BYTES = 4;

/** One well-formed OBU around an SFrame ciphertext, which packetizers cut and depacketizers join like any other. */
export const wrapInObu = (kind: FrameKind, sframe: Bytes): Bytes =>
  concatBytes(new Uint8Array([HEADERS[kind], ...leb128(sframe.length)]), sframe);

/** Takes the envelope off; null where it is not exactly one OBU as `wrapInObu` makes it. Its header byte is what is clear. */
export function readObu(frame: Bytes): WireFrame | null {
  const [first] = frame;
  const kind = first === HEADERS.key ? 'key' : first === HEADERS.delta ? 'delta' : null;
  if (kind === null) return null;
  const size = readLeb128(frame, 1);
  if (size === null || frame.length !== 1 + size.length + size.value) return null;
  return { kind, clear: frame.slice(0, 1), sframe: frame.slice(1 + size.length) };
}

/** The header byte, as it is authenticated. */
export const obuHeader = (kind: FrameKind): Bytes => new Uint8Array([HEADERS[kind]]);

/** Seven bits a byte, lowest first; the top bit says that more follow (AV1 specification §4.10.5). */
function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** Only the shortest form: an envelope has one spelling. */
function readLeb128(frame: Bytes, at: number): { value: number; length: number } | null {
  let value = 0;
  for (let index = 0; index < MAX_SIZE_BYTES; index += 1) {
    const byte = frame[at + index];
    if (byte === undefined) return null;
    value |= (byte & 0x7f) << (7 * index);
    if ((byte & 0x80) === 0) return index > 0 && byte === 0 ? null : { value, length: index + 1 };
  }
  return null;
}
