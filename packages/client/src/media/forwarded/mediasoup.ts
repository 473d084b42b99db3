import { DtlsParameters, RtpCapabilities, RtpParameters, type MediaSource } from '@visavis/protocol';
import { Device, detectDevice, type types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import { codecOf, type SealedMedia, slotsOf } from '../sealed/index.ts';
import { loudnessOf } from '../levels/loudness.ts';
import { changeParameters } from '../senderParameters.ts';
import { entriesOf, readEntries } from '../statistics/entries.ts';
import { CAMERA_LAYERS, encodingOf } from './encodings.ts';
import type { SfuConsumer, SfuDevice, SfuProducer, SfuTransport, TransportHandlers } from './sfuLibrary.ts';

const HANDLERS = { Chrome111, Chrome74, Firefox120, Safari12 } as const;
const isHandled = (name: string | undefined): name is keyof typeof HANDLERS =>
  name !== undefined && name in HANDLERS;

/**
 * The library's types say the same as the protocol's, but know no optional member that is undefined, and what came as JSON has
 * none.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters
const toLibrary = <Type>(value: object): Type => value as Type;

/** @throws where the library does not know the browser */
export async function createSfuDevice(sealed: SealedMedia): Promise<SfuDevice> {
  const name = detectDevice();
  if (!isHandled(name)) throw new Error('This browser cannot take part in group calls.');
  const handlerFactory = HANDLERS[name].createFactory({});
  const native = await handlerFactory.getNativeRtpCapabilities({ direction: 'recvonly' });
  const device = new Device({ handlerFactory });
  return {
    capabilities: RtpCapabilities.parse({
      codecs: native.codecs ?? [],
      headerExtensions: native.headerExtensions ?? [],
    }),
    load: (capabilities) =>
      device.load({ routerRtpCapabilities: toLibrary<types.RtpCapabilities>(capabilities) }),
    createTransport(direction, { transportId, iceServers, relayOnly, ...options }, handlers) {
      const settings = {
        ...toLibrary<Omit<types.TransportOptions, 'id'>>(options),
        id: transportId,
        iceServers: [...iceServers],
        iceTransportPolicy: relayOnly ? ('relay' as const) : ('all' as const),
        additionalSettings: sealed.transportSettings,
      };
      const transport =
        direction === 'send' ? device.createSendTransport(settings) : device.createRecvTransport(settings);
      return toTransport(transport, device, sealed, handlers);
    },
  };
}

function toTransport(
  transport: types.Transport,
  device: Device,
  sealed: SealedMedia,
  handlers: TransportHandlers,
): SfuTransport {
  /** By the library's number of a track: its id at the media server. */
  const published = new Map<string, Promise<string>>();
  const cameras = new Map<MediaSource, { readonly sender: RTCRtpSender; readonly layers: number }>();
  let tracks = 0;
  transport.on('connect', ({ dtlsParameters }, done) => {
    handlers.connect(DtlsParameters.parse(dtlsParameters));
    // Its answer would cost a round trip: what is sent next comes after it, and if it is refused nothing connects.
    done();
  });
  transport.on('produce', ({ rtpParameters, appData }, done, failed) => {
    const { source } = appData;
    if (!isSource(source)) return failed(new Error('a track without a source'));
    try {
      // Negotiated with all of them, and encoded with as many as are wanted: before the first picture, since nothing is connected yet.
      const camera = cameras.get(source);
      if (camera !== undefined) encodeLayers(camera.sender, camera.layers, MOST).catch(() => {});
      const publishing = handlers.publish({ source, rtpParameters: RtpParameters.parse(rtpParameters) });
      // Whoever waits for it is told; that nobody does any more is no fault.
      publishing.catch(() => {});
      tracks += 1;
      published.set(`${tracks}`, publishing);
      // The library makes one track after the other: with the server's answer awaited here, each costs a round trip.
      done({ id: `${tracks}` });
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  });
  transport.on('connectionstatechange', () => handlers.changed());
  return {
    id: transport.id,
    getState: () => (transport.closed ? 'closed' : transport.connectionState),
    async produce(source, track, layers) {
      const { encodings, codecOptions } = encodingOf(source, track);
      const codec = device.sendRtpCapabilities.codecs?.find(({ mimeType }) => mimeType === 'video/VP8');
      const producer = await transport.produce({
        track,
        codecOptions,
        ...(encodings === undefined
          ? {}
          : { encodings: toLibrary<types.RtpEncodingParameters[]>(encodings) }),
        ...(track.kind === 'video' && codec !== undefined ? { codec } : {}),
        // Sound and picture of the screen belong together, and to nothing else.
        streamId: source === 'microphone' || source === 'camera' ? 'person' : 'screen',
        stopTracks: false,
        onRtpSender(sender) {
          sealed.sealSender(sender, codecOf(source), slotsOf(source));
          if (source === 'camera' && layers < CAMERA_LAYERS.length) cameras.set(source, { sender, layers });
        },
        disableTrackOnPause: false,
        zeroRtpOnPause: false,
        appData: { source },
      });
      cameras.delete(source);
      const trackId = published.get(producer.id);
      published.delete(producer.id);
      if (trackId === undefined) throw new Error('a track that was not published');
      try {
        return toProducer(producer, await trackId);
      } catch (error) {
        producer.close();
        throw error;
      }
    },
    async consume({ consumerId, trackId, kind, rtpParameters }, streamId) {
      const parameters = toLibrary<types.RtpParameters>(rtpParameters);
      return toConsumer(
        await transport.consume({
          id: consumerId,
          producerId: trackId,
          kind,
          rtpParameters: parameters,
          streamId,
          onRtpReceiver: (receiver) => sealed.sealReceiver(receiver, trackId),
        }),
      );
    },
    restartIce: (iceParameters) =>
      transport.restartIce({ iceParameters: toLibrary<types.IceParameters>(iceParameters) }),
    getStats: () => transport.getStats(),
    close: () => transport.close(),
  };
}

/** More than any layer has. */
const MOST = { bitrate: Number.MAX_SAFE_INTEGER, framerate: Number.MAX_SAFE_INTEGER };

const encodeLayers = (sender: RTCRtpSender, count: number, most: typeof MOST): Promise<void> =>
  changeParameters(sender, ({ encodings }) => {
    for (const [index, encoding] of encodings.entries()) {
      const layer = CAMERA_LAYERS[index];
      encoding.active = index < count;
      if (layer === undefined) continue;
      encoding.maxBitrate = Math.min(layer.bitrate, most.bitrate);
      encoding.maxFramerate = Math.min(layer.framerate, most.framerate);
    }
  });

function toProducer(producer: types.Producer, id: string): SfuProducer {
  return {
    id,
    replaceTrack: (track) => producer.replaceTrack({ track }),
    async setLayers(count, most) {
      if (producer.rtpSender !== undefined) await encodeLayers(producer.rtpSender, count, most);
    },
    async setBitrate(bitrate) {
      if (producer.rtpSender === undefined) return;
      await changeParameters(producer.rtpSender, ({ encodings }) => {
        for (const encoding of encodings) encoding.maxBitrate = bitrate;
      });
    },
    close: () => producer.close(),
  };
}

/** Packets of sound: ten seconds of it. Fewer: keys that come late are not waited for, and there is silence meanwhile. */
const PLENTY = 500;

function toConsumer(consumer: types.Consumer): SfuConsumer {
  const newest = (): RTCRtpSynchronizationSource | undefined =>
    consumer.rtpReceiver
      ?.getSynchronizationSources()
      .toSorted((one, other) => other.timestamp - one.timestamp)[0];
  const count = async (name: string): Promise<number> => {
    const inbound = entriesOf(readEntries(await consumer.getStats()), 'inbound-rtp');
    return inbound.reduce((sum, entry) => sum + (entry.number(name) ?? 0), 0);
  };
  return {
    track: consumer.track,
    async hasArrived() {
      if (consumer.kind === 'video') return (await count('framesDecoded')) > 0;
      // What has come may not be readable yet. Where nothing is played, it is never asked for.
      return (await count('jitterBufferEmittedCount')) > 0 || (await count('packetsReceived')) > PLENTY;
    },
    getNewest: () => newest()?.rtpTimestamp ?? null,
    countPackets: () => count('packetsReceived'),
    getLevel: () => loudnessOf(newest()?.audioLevel ?? 0),
    setBuffer(targetMs) {
      // Pictures wait as long as the browser likes: what more does for them is not measured.
      if (consumer.kind === 'audio' && consumer.rtpReceiver !== undefined)
        consumer.rtpReceiver.jitterBufferTarget = targetMs;
    },
    close: () => consumer.close(),
  };
}

const isSource = (value: unknown): value is MediaSource =>
  value === 'microphone' || value === 'camera' || value === 'screen' || value === 'screen_sound';
