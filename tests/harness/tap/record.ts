import { observer, type types } from 'mediasoup';

/** One packet as it came to the media server, RTP header and payload. */
export interface TappedPacket {
  readonly producer: string;
  /** `audio/opus` or `video/VP8`. */
  readonly mimeType: string;
  readonly packet: Buffer;
}

/** Of each producer. Enough for some seconds of sound and of pictures. */
const MOST_PACKETS = 400;

/**
 * From now on the first packets of every producer of every media worker that this process starts are told: what a server that
 * wants to listen would get.
 */
export function tapProducers(handle: (packet: TappedPacket) => void): void {
  observer.on('newworker', (worker) => {
    worker.observer.on('newrouter', (router) => {
      router.observer.on('newtransport', (transport) => {
        // What comes from another worker has been tapped there.
        if (transport.type === 'pipe') return;
        transport.observer.on('newproducer', (producer) => {
          // A call that ends meanwhile needs no tap.
          tap(router, producer, handle).catch(() => {});
        });
      });
    });
  });
}

async function tap(
  router: types.Router,
  producer: types.Producer,
  handle: (packet: TappedPacket) => void,
): Promise<void> {
  const transport = await router.createDirectTransport();
  const consumer = await transport.consume({
    producerId: producer.id,
    rtpCapabilities: router.rtpCapabilities,
  });
  const mimeType = consumer.rtpParameters.codecs[0]?.mimeType ?? '';
  let left = MOST_PACKETS;
  consumer.on('rtp', (packet) => {
    left -= 1;
    if (left < 0) return transport.close();
    handle({ producer: producer.id, mimeType, packet });
  });
}
