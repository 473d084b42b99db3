import { createWorker, type types } from 'mediasoup';
import { MEDIA_CODECS } from '../../../../apps/server/src/adapters/mediasoup/codecs.ts';
import { listLanAddresses } from '../../../../apps/server/src/lan/addresses.ts';
import { mediaWorker } from '../../../harness/mediaWorker.ts';
import type { End } from '../ends.ts';
import { type HostileSfu, startHostileSfu } from './hostileSfu.ts';
import type { Made, Published } from './inPage.ts';

/** The product's media server as far as it forwards: a router of its codecs, moved by a test. */
export interface SfuInTest {
  /** An end that can publish or receive. */
  enter(end: End, options: { readonly sealed: boolean }): Promise<void>;
  publish(end: End, published: Published): Promise<readonly types.Producer[]>;
  /** @returns the consumers, at the largest layers */
  receive(
    end: End,
    owner: string,
    published: Published,
    producers: readonly types.Producer[],
  ): Promise<readonly types.Consumer[]>;
  /** The same producers, as a media server passes them on that wants to do harm. */
  forge(producers: readonly types.Producer[]): Promise<HostileSfu>;
  /** Everything that was opened since the last time is closed. */
  clear(): Promise<void>;
  close(): void;
}

/** More than the estimate of a connection begins with: what is counted are frames, and not layers that fit. */
const FIRST_BITRATE = 8_000_000;
/** Firefox goes out from the machine's own address, and not from 127.0.0.1. */
const ADDRESSES = ['127.0.0.1', ...listLanAddresses()];
const TOP = { spatialLayer: 2, temporalLayer: 2 } as const;

export async function startSfuInTest(): Promise<SfuInTest> {
  const worker = await createWorker({ workerBin: mediaWorker(), logLevel: 'error' });
  const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
  const capabilities = new Map<End, types.RtpCapabilities>();
  let transports: types.WebRtcTransport[] = [];

  async function open(): Promise<{ transport: types.WebRtcTransport; options: string }> {
    const transport = await router.createWebRtcTransport({
      listenInfos: ADDRESSES.map((ip) => ({ protocol: 'udp', ip })),
      initialAvailableOutgoingBitrate: FIRST_BITRATE,
    });
    transports.push(transport);
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    return { transport, options: JSON.stringify({ id, iceParameters, iceCandidates, dtlsParameters }) };
  }

  return {
    async enter(end, { sealed }) {
      const given = JSON.stringify(router.rtpCapabilities);
      capabilities.set(end, await end.run<types.RtpCapabilities>(`start(${given}, ${sealed})`));
    },
    async publish(end, published) {
      const { transport, options } = await open();
      const made = await end.run<Made>(`publish(${options}, ${JSON.stringify(published)})`);
      await transport.connect({ dtlsParameters: made.dtlsParameters });
      const producers = [];
      for (const { kind, rtpParameters } of made.produced)
        producers.push(await transport.produce({ kind, rtpParameters }));
      return producers;
    },
    async receive(end, owner, published, producers) {
      const rtpCapabilities = capabilities.get(end);
      if (rtpCapabilities === undefined) throw new Error('this end has not entered');
      const { transport, options } = await open();
      const consumers = [];
      const offered: object[] = [];
      for (const producer of producers) {
        const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, paused: true });
        if (consumer.type !== 'simple') await consumer.setPreferredLayers(TOP);
        consumers.push(consumer);
        const { id, producerId, kind, rtpParameters } = consumer;
        offered.push({ id, producerId, kind, rtpParameters });
      }
      const dtlsParameters = await end.run<types.DtlsParameters>(
        `receive(${options}, ${JSON.stringify(offered)}, '${owner}', ${JSON.stringify(published)})`,
      );
      await transport.connect({ dtlsParameters });
      for (const consumer of consumers) await consumer.resume();
      return consumers;
    },
    forge: (producers) => startHostileSfu(router, producers),
    async clear() {
      for (const end of capabilities.keys()) await end.run('clear()');
      for (const transport of transports) transport.close();
      transports = [];
    },
    close: () => worker.close(),
  };
}
