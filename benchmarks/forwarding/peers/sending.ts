import { EXTENSION, LAYERS, PAYLOAD_TYPE, SILENCE, VOICE, type VideoLayer } from '../load.ts';
import { nowMs } from './clock.ts';
import type { Path } from './path.ts';
import { sealRtcp, sealRtp } from './srtp.ts';

const RTP_HEADER_BYTES = 12;
/** The header, and 12 bytes of one-byte extensions behind the 4 of their own header (RFC 8285 §4.2). */
const HEADER_BYTES = RTP_HEADER_BYTES + 4 + 12;
/** VP8's payload descriptor (RFC 7741 §4.2) with 15 bits of picture, TL0PICIDX and the temporal layer. */
export const VP8_DESCRIPTOR_BYTES = 6;
/** A key frame begins with its tag, its start code and its size (RFC 6386 §9.1); the time comes after that. */
export const VP8_HEADER_BYTES = 10;
const KEY_FRAME_MS = 1_000;
const REPORT_MS = 1_000;
/** L1T3. */
const TEMPORAL_LAYERS = [0, 2, 1, 2];
/** What has waited longer than this (the process was stopped) is not sent in a heap. */
const MOST_LATE_MS = 200;
const NTP_EPOCH_S = 2_208_988_800;

interface Source {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
  sequence: number;
  rollover: number;
  timestamp: number;
  nextAt: number;
  packets: number;
  bytes: number;
  rtcpIndex: number;
  nextReportAt: number;
}

/** A device that sends its microphone and its camera. */
export interface SendingDevice {
  /** Packets since the beginning. */
  readonly packets: number;
  /** What UDP carried of all its packets. */
  readonly bytes: number;
  start(at: number): void;
  /** Sends what is due. */
  advance(now: number): void;
  /** How many layers of the camera are sent, lowest first. */
  setLayers(count: number): void;
}

export function createSendingDevice(
  path: Path,
  {
    device,
    microphone,
    camera,
    talks,
  }: {
    readonly device: number;
    readonly microphone: number;
    readonly camera: readonly number[];
    readonly talks: boolean;
  },
): SendingDevice {
  let transportSequence = 0;
  let bytes = 0;
  let layers = LAYERS.length;
  const voice = createSource(microphone, PAYLOAD_TYPE.opus, 48_000);
  const pictures = camera.map((ssrc) => ({
    source: createSource(ssrc, PAYLOAD_TYPE.vp8, 90_000),
    picture: 0,
    zeroth: 0,
    nextKeyAt: 0,
  }));
  type Picture = (typeof pictures)[number];

  /** Writes header and extensions; the rest is the caller's. */
  function begin(source: Source, payloadBytes: number, marker: boolean, now: number): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + payloadBytes);
    packet[0] = 0x90;
    packet[1] = (marker ? 0x80 : 0) | source.payloadType;
    packet.writeUInt16BE(source.sequence, 2);
    packet.writeUInt32BE(source.timestamp >>> 0, 4);
    packet.writeUInt32BE(source.ssrc, 8);
    packet.writeUInt32BE(0xbede0003, RTP_HEADER_BYTES);
    packet[16] = EXTENSION.level << 4;
    // -30 dBov with speech, or silence.
    packet[17] = talks ? 0x80 | 30 : 127;
    packet[18] = (EXTENSION.sendTime << 4) | 2;
    // Seconds of 6.18 bits.
    packet.writeUIntBE(Math.floor((now / 1_000) * 2 ** 18) % 2 ** 24, 19, 3);
    packet[22] = (EXTENSION.transportSequence << 4) | 1;
    packet.writeUInt16BE(transportSequence, 23);
    transportSequence = (transportSequence + 1) & 0xffff;
    return packet;
  }
  function finish(source: Source, packet: Buffer): void {
    const sealed = sealRtp(path.outgoing, packet, HEADER_BYTES, source.rollover);
    path.send(sealed);
    bytes += sealed.length;
    source.packets += 1;
    source.bytes += packet.length - HEADER_BYTES;
    source.sequence = (source.sequence + 1) & 0xffff;
    if (source.sequence === 0) source.rollover += 1;
  }

  function sendVoice(): void {
    const { intervalMs, bytes } = talks ? VOICE : SILENCE;
    const at = nowMs();
    const packet = begin(voice, bytes, false, at);
    packet.writeDoubleBE(at, HEADER_BYTES);
    finish(voice, packet);
    voice.timestamp += (intervalMs * voice.clockRate) / 1_000;
    voice.nextAt += intervalMs;
  }

  function sendPicture(picture: Picture, layer: VideoLayer, now: number): void {
    const { source } = picture;
    const isKey = now >= picture.nextKeyAt;
    if (isKey) {
      picture.nextKeyAt = now + KEY_FRAME_MS;
      picture.picture += (4 - (picture.picture % 4)) % 4;
    }
    const temporal = TEMPORAL_LAYERS[picture.picture % 4] ?? 0;
    if (temporal === 0) picture.zeroth = (picture.zeroth + 1) & 0xff;
    for (let n = 0; n < layer.packets; n += 1) {
      const at = nowMs();
      const packet = begin(source, layer.bytes, n === layer.packets - 1, at);
      writeVp8(packet, {
        picture: picture.picture,
        zeroth: picture.zeroth,
        temporal,
        isFirst: n === 0,
        isKey,
      });
      packet.writeDoubleBE(at, HEADER_BYTES + VP8_DESCRIPTOR_BYTES + VP8_HEADER_BYTES);
      finish(source, packet);
    }
    picture.picture = (picture.picture + 1) & 0x7fff;
    source.timestamp += (layer.intervalMs * source.clockRate) / 1_000;
    source.nextAt += layer.intervalMs;
  }

  function report(source: Source, now: number): void {
    if (now < source.nextReportAt || source.packets === 0) return;
    source.nextReportAt = now + REPORT_MS;
    path.send(sealRtcp(path.outgoing, senderReport(source), source.rtcpIndex));
    source.rtcpIndex += 1;
  }

  return {
    get packets() {
      return [voice, ...pictures.map(({ source }) => source)].reduce((sum, { packets }) => sum + packets, 0);
    },
    get bytes() {
      return bytes;
    },
    start(at) {
      // Spread over the interval: a call's devices do not all send in the same millisecond.
      const phase = (device * 0.618) % 1;
      voice.nextAt = at + phase * (talks ? VOICE : SILENCE).intervalMs;
      for (const [index, { source }] of pictures.entries())
        source.nextAt = at + phase * (LAYERS[index]?.intervalMs ?? 0);
      for (const picture of pictures) picture.nextKeyAt = 0;
    },
    advance(now) {
      if (now - voice.nextAt > MOST_LATE_MS) voice.nextAt = now;
      while (voice.nextAt <= now) sendVoice();
      report(voice, now);
      for (const [index, picture] of pictures.entries()) {
        const layer = LAYERS[index];
        const { source } = picture;
        if (layer === undefined) continue;
        if (now - source.nextAt > MOST_LATE_MS) source.nextAt = now;
        if (index >= layers) continue;
        while (source.nextAt <= now) sendPicture(picture, layer, now);
        report(source, now);
      }
    },
    setLayers(count) {
      for (const picture of pictures.slice(layers, count)) picture.nextKeyAt = 0;
      layers = count;
    },
  };
}

const createSource = (ssrc: number, payloadType: number, clockRate: number): Source => ({
  ssrc,
  payloadType,
  clockRate,
  sequence: 1,
  rollover: 0,
  timestamp: ssrc,
  nextAt: 0,
  packets: 0,
  bytes: 0,
  rtcpIndex: 0,
  nextReportAt: 0,
});

function writeVp8(
  packet: Buffer,
  frame: {
    readonly picture: number;
    readonly zeroth: number;
    readonly temporal: number;
    readonly isFirst: boolean;
    readonly isKey: boolean;
  },
): void {
  const at = HEADER_BYTES;
  // X; S where a frame begins.
  packet[at] = 0x80 | (frame.isFirst ? 0x10 : 0);
  // I, L, T.
  packet[at + 1] = 0xe0;
  packet.writeUInt16BE(0x8000 | frame.picture, at + 2);
  packet[at + 4] = frame.zeroth;
  // Y: the higher ones need the lowest only, so that they can be taken up at any time.
  packet[at + 5] = (frame.temporal << 6) | (frame.temporal > 0 ? 0x20 : 0);
  if (!frame.isFirst) return;
  const payload = at + VP8_DESCRIPTOR_BYTES;
  packet[payload] = frame.isKey ? 0x10 : 0x11;
  if (!frame.isKey) return;
  packet.set([0x9d, 0x01, 0x2a], payload + 3);
  packet.writeUInt16LE(1_280, payload + 6);
  packet.writeUInt16LE(720, payload + 8);
}

/** RFC 3550 §6.4.1, without a block. */
function senderReport({ ssrc, timestamp, packets, bytes }: Source): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt32BE(0x80c80006, 0);
  report.writeUInt32BE(ssrc, 4);
  const now = Date.now();
  report.writeUInt32BE(Math.floor(now / 1_000) + NTP_EPOCH_S, 8);
  report.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  report.writeUInt32BE(packets >>> 0, 20);
  report.writeUInt32BE(bytes >>> 0, 24);
  return report;
}
