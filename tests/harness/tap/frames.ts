import type { TappedPacket } from './record.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What one producer has sent, put together again. */
export interface TappedStream {
  readonly producer: string;
  readonly codec: 'opus' | 'vp8';
  /** Whole frames only, in order: what a decoder would be given. */
  readonly frames: readonly Bytes[];
}

interface RtpPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Bytes;
}

/** @throws where there is a codec that calls do not have */
export function framesOf(packets: readonly TappedPacket[]): readonly TappedStream[] {
  const streams = new Map<string, TappedPacket[]>();
  for (const each of packets) streams.set(each.producer, [...(streams.get(each.producer) ?? []), each]);
  return [...streams].map(([producer, all]) => {
    const mimeType = all[0]?.mimeType.toLowerCase();
    if (mimeType !== 'audio/opus' && mimeType !== 'video/vp8')
      throw new Error(`${mimeType} at the media server`);
    const parsed = all.flatMap(({ packet }) => readRtp(packet) ?? []);
    const codec = mimeType === 'audio/opus' ? ('opus' as const) : ('vp8' as const);
    return {
      producer,
      codec,
      frames: codec === 'opus' ? parsed.map(({ payload }) => payload) : joinVp8(parsed),
    };
  });
}

/** RFC 3550 §5.1; null for what has no payload. */
function readRtp(packet: Buffer): RtpPacket | null {
  const first = packet.readUInt8(0);
  const second = packet.readUInt8(1);
  let start = 12 + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  const payload = new Uint8Array(packet.subarray(start, packet.length - padding));
  if (payload.length === 0) return null;
  return {
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    marker: (second & 0x80) !== 0,
    payload,
  };
}

/** RFC 7741: pictures whose packets are all there. */
function joinVp8(packets: readonly RtpPacket[]): readonly Bytes[] {
  const frames: Bytes[] = [];
  let parts: Bytes[] = [];
  let last: RtpPacket | null = null;
  for (const packet of packets) {
    const { start, body } = readVp8(packet.payload);
    const follows: boolean =
      last !== null &&
      packet.sequence === ((last.sequence + 1) & 0xffff) &&
      packet.timestamp === last.timestamp;
    if (start) parts = [body];
    else if (follows && parts.length > 0) parts.push(body);
    else parts = [];
    last = packet;
    if (!packet.marker || parts.length === 0) continue;
    frames.push(new Uint8Array(Buffer.concat(parts)));
    parts = [];
  }
  return frames;
}

/** The payload descriptor of RFC 7741 §4.2. */
function readVp8(payload: Bytes): { readonly start: boolean; readonly body: Bytes } {
  const [first = 0, extension = 0] = payload;
  let at = 1;
  if ((first & 0x80) !== 0) {
    at += 1;
    if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) === 0 ? 1 : 2;
    if ((extension & 0x40) !== 0) at += 1;
    if ((extension & 0x30) !== 0) at += 1;
  }
  const start = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return { start, body: payload.slice(at) };
}
