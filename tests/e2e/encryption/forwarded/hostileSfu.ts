import { randomBytes } from 'node:crypto';
import type { types } from 'mediasoup';

/** What the media server does with each packet that it passes on. */
export type Attack = 'none' | 'mutated' | 'injected' | 'replayed';

/** Producers that stand for those of a device, and give on what the attack makes of its packets. */
export interface HostileSfu {
  readonly producers: readonly types.Producer[];
  /** From now on; with a key frame to begin with. */
  attack(attack: Attack): Promise<void>;
}

/** From here on a packet is SFrame's, whatever is before: the descriptor of VP8, its clear bytes, and SFrame's own header. */
const SURE_OF_CIPHERTEXT = 40;
/** No descriptor of VP8 is longer. */
const DESCRIPTOR = 6;

export async function startHostileSfu(
  router: types.Router,
  honest: readonly types.Producer[],
): Promise<HostileSfu> {
  let current: Attack = 'none';
  const transport = await router.createDirectTransport();
  const producers: types.Producer[] = [];
  const taken: types.Consumer[] = [];
  for (const [index, { id, kind }] of honest.entries()) {
    const consumer = await transport.consume({ producerId: id, rtpCapabilities: router.rtpCapabilities });
    taken.push(consumer);
    const [codec] = consumer.rtpParameters.codecs;
    if (codec === undefined) throw new Error(`no codec of ${kind}`);
    const ssrc = 1_000 + index;
    const forged = await transport.produce({
      kind,
      rtpParameters: { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname: 'forged' } },
    });
    let sequence = 0;
    const send = (packet: Buffer): void => {
      packet.writeUInt16BE((sequence += 1) & 0xffff, 2);
      packet.writeUInt32BE(ssrc, 8);
      forged.send(packet);
    };
    let frame: readonly Buffer[] = [];
    consumer.on('rtp', (packet) => {
      frame = [...frame, Buffer.from(packet)];
      send(change(packet, current));
      if (kind === 'video' && (packet.readUInt8(1) & 0x80) === 0) return;
      for (const each of current === 'replayed' ? frame : []) {
        // Another time, or the browser takes it for what it has.
        each.writeUInt32BE((each.readUInt32BE(4) + 1) >>> 0, 4);
        send(each);
      }
      frame = [];
    });
    producers.push(forged);
  }
  return {
    producers,
    async attack(attack) {
      current = attack;
      for (const consumer of taken) if (consumer.kind === 'video') await consumer.requestKeyFrame();
    },
  };
}

function change(packet: Buffer, attack: Attack): Buffer {
  const copy = Buffer.from(packet);
  const start = payloadStart(copy);
  if (attack === 'mutated') {
    // The tag ends the frame, so that what is short has ciphertext there at least.
    const from = Math.max(Math.min(start + SURE_OF_CIPHERTEXT, copy.length - 16), start);
    const place = from + Math.floor(Math.random() * (copy.length - from));
    copy.writeUInt8(copy.readUInt8(place) ^ (1 << Math.floor(Math.random() * 8)), place);
  }
  // The descriptor stays, so that it is a frame for the receiver.
  if (attack === 'injected') {
    const from = Math.min(start + DESCRIPTOR, copy.length - 1);
    randomBytes(copy.length - from).copy(copy, from);
  }
  return copy;
}

/** RFC 3550 §5.1. */
function payloadStart(packet: Buffer): number {
  const first = packet.readUInt8(0);
  const start = 12 + 4 * (first & 0x0f);
  return (first & 0x10) === 0 ? start : start + 4 + 4 * packet.readUInt16BE(start + 2);
}
