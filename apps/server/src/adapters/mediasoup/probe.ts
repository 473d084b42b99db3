import { createWorker } from 'mediasoup';
import { MEDIA_CODECS } from './codecs.ts';

/*
 * Tries a media worker out (the start script does, before it keeps one): its server listens, and a packet goes encrypted
 * from one router to another. Ends with an exit code.
 */

const PATIENCE_MS = 20_000;
const SSRC = 0x5eed;
const PAYLOAD_TYPE = 100;

/** An RTP packet (RFC 3550, section 5.1) with three bytes of Opus. */
function packet(sequence: number): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = PAYLOAD_TYPE;
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(SSRC, 8);
  return Buffer.concat([header, Buffer.from([0xf8, 0xff, 0xfe])]);
}

async function tryOut(workerBin: string): Promise<void> {
  const worker = await createWorker({ workerBin, logLevel: 'warn' });
  worker.on('died', (error) => {
    throw error;
  });
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ip: '127.0.0.1' },
      { protocol: 'tcp', ip: '127.0.0.1' },
    ],
  });
  const [from, to] = await Promise.all([
    worker.createRouter({ mediaCodecs: MEDIA_CODECS }),
    worker.createRouter({ mediaCodecs: MEDIA_CODECS }),
  ]);
  await from.createWebRtcTransport({ webRtcServer });

  const sender = await from.createDirectTransport();
  const producer = await sender.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: PAYLOAD_TYPE, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: SSRC }],
    },
  });
  const { pipeProducer } = await from.pipeToRouter({
    producerId: producer.id,
    router: to,
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    enableSrtp: true,
    // Both are of one worker, where an id is there once.
    keepId: false,
  });
  const receiver = await to.createDirectTransport();
  if (pipeProducer === undefined) throw new Error('It was not piped.');
  const consumer = await receiver.consume({
    producerId: pipeProducer.id,
    rtpCapabilities: to.rtpCapabilities,
  });
  await new Promise<void>((resolve) => {
    let sequence = 1;
    // Again until one arrives: on the way between the routers a packet may be lost.
    const sending = setInterval(() => producer.send(packet(sequence++)), 20);
    consumer.on('rtp', () => {
      clearInterval(sending);
      resolve();
    });
  });
  worker.close();
}

const [binary] = process.argv.slice(2);
if (binary === undefined) throw new Error('Which media worker?');
setTimeout(() => {
  throw new Error(`The media worker forwarded nothing within ${String(PATIENCE_MS / 1_000)} s.`);
}, PATIENCE_MS).unref();
await tryOut(binary);
