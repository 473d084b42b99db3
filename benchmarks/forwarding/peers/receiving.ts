import { nowMs } from './clock.ts';
import { createFeedback } from './feedback.ts';
import type { Path } from './path.ts';
import { VP8_DESCRIPTOR_BYTES, VP8_HEADER_BYTES } from './sending.ts';
import { openRtp, sealRtcp } from './srtp.ts';

/** Every so many packets are decrypted and asked when they were sent; all of them would cost more than they tell. */
const OPENED_ONE_IN = 8;
/** As often as Chromium does at these rates. */
const FEEDBACK_MS = 100;
const REPORT_MS = 1_000;
const OUR_SSRC = 1;
/** mediasoup fills gaps with packets of this source to find out how much a receiver's line takes. */
const PROBE_SSRC = 1_234;
const MOST_BLOCKS = 31;

/** The numbers under which the forwarding unit sends. */
export interface Numbering {
  readonly vp8: number;
  /** Of the header extension with transport-wide sequence numbers; null: it sends none. */
  readonly transportSequence: number | null;
}

export interface Received {
  readonly packets: number;
  /** What UDP carried, of those. */
  readonly bytes: number;
  readonly video: number;
  /** Packets that carry nothing but find out how much the line takes. */
  readonly probes: number;
  /** Could not be decrypted. */
  readonly broken: number;
  readonly latenciesMs: readonly number[];
}

interface Arriving {
  last: number;
  first: number;
  wraps: number;
}

/** A device that receives: it counts, looks into some packets, and answers with RTCP. */
export interface ReceivingDevice {
  advance(now: number): void;
  /** What has come since the last time. */
  take(): Received;
}

export function createReceivingDevice(path: Path, { vp8, transportSequence }: Numbering): ReceivingDevice {
  const sources = new Map<number, Arriving>();
  const feedback = createFeedback();
  let packets = 0;
  let bytes = 0;
  let video = 0;
  let probes = 0;
  let broken = 0;
  let latenciesMs: number[] = [];
  let anyPicture = 0;
  let rtcpIndex = 0;
  let nextFeedbackAt = 0;
  let nextReportAt = 0;

  path.onMedia = (packet) => {
    const now = nowMs();
    const type = packet[1] ?? 0;
    // RTCP (RFC 5761 §4).
    if (type >= 192 && type < 224) return;
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const hasExtensions = ((packet[0] ?? 0) & 0x10) !== 0;
    const headerBytes = 12 + (hasExtensions ? 4 + packet.readUInt16BE(14) * 4 : 0);
    const isVideo = (type & 0x7f) === vp8;
    if (transportSequence !== null && hasExtensions) {
      const wide = readExtension(packet, headerBytes, transportSequence);
      if (wide !== null) feedback.note(wide, now);
    }
    if (ssrc === PROBE_SSRC) {
      probes += 1;
      return;
    }
    packets += 1;
    bytes += packet.length;
    if (isVideo) {
      video += 1;
      anyPicture = ssrc;
    }
    const source = sources.get(ssrc) ?? { first: sequence, last: sequence, wraps: 0 };
    sources.set(ssrc, source);
    const isAfterWrap = sequence < 0x4000 && source.last > 0xc000;
    const isBeforeWrap = sequence > 0xc000 && source.last < 0x4000;
    if (isAfterWrap) source.wraps += 1;
    if (!isBeforeWrap) source.last = sequence;
    if (sequence % OPENED_ONE_IN !== 0) return;
    try {
      const wraps = isBeforeWrap ? source.wraps - 1 : source.wraps;
      const payload = openRtp(path.incoming, packet, headerBytes, wraps);
      latenciesMs.push(now - payload.readDoubleBE(isVideo ? VP8_DESCRIPTOR_BYTES + VP8_HEADER_BYTES : 0));
    } catch {
      broken += 1;
    }
  };
  const sendRtcp = (packet: Buffer): void => {
    path.send(sealRtcp(path.outgoing, packet, rtcpIndex));
    rtcpIndex += 1;
  };

  return {
    advance(now) {
      if (now >= nextFeedbackAt) {
        nextFeedbackAt = now + FEEDBACK_MS;
        const packet = feedback.take(anyPicture);
        if (packet !== null) sendRtcp(packet);
      }
      if (now >= nextReportAt && sources.size > 0) {
        nextReportAt = now + REPORT_MS;
        sendRtcp(receiverReport(sources));
      }
    },
    take() {
      const taken = { packets, bytes, video, probes, broken, latenciesMs };
      packets = 0;
      bytes = 0;
      video = 0;
      probes = 0;
      broken = 0;
      latenciesMs = [];
      return taken;
    },
  };
}

/** Of one-byte extensions (RFC 8285 §4.2). @returns the 16 bits of one, null where the packet has none */
function readExtension(packet: Buffer, headerBytes: number, id: number): number | null {
  for (let at = 16; at < headerBytes;) {
    const head = packet[at] ?? 0;
    if (head === 0) {
      at += 1;
      continue;
    }
    if (head >> 4 === id) return packet.readUInt16BE(at + 1);
    at += 2 + (head & 0x0f);
  }
  return null;
}

/** RFC 3550 §6.4.2: nothing is lost, as far as is told. */
function receiverReport(sources: ReadonlyMap<number, Arriving>): Buffer {
  const blocks = [...sources].slice(-MOST_BLOCKS);
  const report = Buffer.alloc(8 + blocks.length * 24);
  report[0] = 0x80 | blocks.length;
  report[1] = 201;
  report.writeUInt16BE(report.length / 4 - 1, 2);
  report.writeUInt32BE(OUR_SSRC, 4);
  for (const [index, [ssrc, { last, wraps }]] of blocks.entries()) {
    const at = 8 + index * 24;
    report.writeUInt32BE(ssrc, at);
    report.writeUInt16BE(wraps, at + 8);
    report.writeUInt16BE(last, at + 10);
  }
  return report;
}
