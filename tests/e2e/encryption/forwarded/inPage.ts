import {
  type CryptoWorker,
  type MediaCodec,
  type SealedMedia,
  createSealedMedia,
  startCryptoWorker,
} from '@visavis/client/sealed';
import type { Slot } from '@visavis/encryption';
import type { CryptoCounters } from '@visavis/encryption/messages';
import { Device, type types } from 'mediasoup-client';
import type { TestKeys } from '../testWorker.ts';

/** What one end publishes beside its microphone. */
export interface Published {
  readonly codec: Exclude<MediaCodec, 'opus'>;
  readonly slots: readonly Slot[];
  /** Null: as the browser does without being told. */
  readonly encodings: readonly types.RtpEncodingParameters[] | null;
}

/** What the media server has to be told of what an end has made. */
export interface Made {
  readonly dtlsParameters: types.DtlsParameters;
  readonly produced: readonly {
    readonly kind: 'audio' | 'video';
    readonly rtpParameters: types.RtpParameters;
  }[];
}

/** A consumer, as the media server describes it. */
interface Offered {
  readonly id: string;
  readonly producerId: string;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: types.RtpParameters;
}

export interface ForwardedFacts {
  readonly counters: CryptoCounters;
  readonly framesDecoded: number;
  readonly audioEnergy: number;
}

interface End {
  readonly raw: Worker;
  readonly worker: CryptoWorker;
  readonly media: SealedMedia;
  readonly device: Device;
  /** False: as any page would do it, which the product cannot. */
  readonly isSealed: boolean;
  transport: types.Transport | null;
  tracks: MediaStreamTrack[];
  consumers: types.Consumer[];
}

let end: End | null = null;
const current = (): End => {
  if (end === null) throw new Error('not started');
  return end;
};

/** @returns what this browser can receive */
export async function start(
  routerRtpCapabilities: types.RtpCapabilities,
  isSealed: boolean,
): Promise<types.RtpCapabilities> {
  const raw = new Worker('/testWorker.js');
  const worker = startCryptoWorker({ onFailed: () => {}, createWorker: () => raw });
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });
  const media = createSealedMedia(worker);
  end = { raw, worker, media, device, isSealed, transport: null, tracks: [], consumers: [] };
  return device.recvRtpCapabilities;
}

export function giveKeys(epoch: number, leaf: number, fill: number): Promise<void> {
  const key = new Uint8Array(16).fill(fill);
  const keys: TestKeys = { testKeys: true, epoch: BigInt(epoch), leaf, send: key, open: key };
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => resolve());
    port1.start();
    current().raw.postMessage(keys, [port2]);
  });
}

/** Publishes a microphone and a camera. */
export async function publish(
  options: types.TransportOptions,
  { codec, slots, encodings }: Published,
): Promise<Made> {
  const own = current();
  const { device, media, isSealed } = own;
  const transport = device.createSendTransport({
    ...options,
    ...(isSealed ? { additionalSettings: media.transportSettings } : {}),
  });
  own.transport = transport;
  let dtls: types.DtlsParameters | null = null;
  const produced: Made['produced'][number][] = [];
  // The test asks the media server afterwards: nothing here waits for it.
  transport.on('connect', ({ dtlsParameters }, done) => {
    dtls = dtlsParameters;
    done();
  });
  transport.on('produce', ({ kind, rtpParameters }, done) => {
    produced.push({ kind, rtpParameters });
    done({ id: kind });
  });
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640, height: 360, frameRate: 20 },
  });
  own.tracks = stream.getTracks();
  for (const track of own.tracks) {
    const isPicture = track.kind === 'video';
    const wanted = isPicture ? codec : 'opus';
    const found = device.sendRtpCapabilities.codecs?.find(
      ({ mimeType }) => mimeType.toLowerCase() === `${track.kind}/${wanted}`,
    );
    if (found === undefined) throw new Error(`This browser does not send ${wanted}.`);
    await transport.produce({
      track,
      codec: found,
      ...(isPicture && encodings !== null ? { encodings: [...encodings] } : {}),
      // What is silent is sent, too: something has to be counted.
      ...(isPicture
        ? { codecOptions: { videoGoogleStartBitrate: 1_500 } }
        : { codecOptions: { opusDtx: false } }),
      onRtpSender(sender) {
        if (isSealed) media.sealSender(sender, wanted, isPicture ? slots : ['microphone']);
      },
    });
  }
  if (dtls === null) throw new Error('nothing was to be connected');
  return { dtlsParameters: dtls, produced };
}

/** Takes what somebody else publishes, whose leaf is that of `device`. */
export async function receive(
  options: types.TransportOptions,
  offered: readonly Offered[],
  owner: string,
  { codec, slots }: Published,
): Promise<types.DtlsParameters> {
  const own = current();
  const { device, media, worker } = own;
  const transport = device.createRecvTransport({ ...options, additionalSettings: media.transportSettings });
  own.transport = transport;
  let dtls: types.DtlsParameters | null = null;
  transport.on('connect', ({ dtlsParameters }, done) => {
    dtls = dtlsParameters;
    done();
  });
  for (const { id, producerId, kind, rtpParameters } of offered) {
    const isPicture = kind === 'video';
    worker.bindTrack(kind, {
      device: owner,
      slots: isPicture ? slots : ['microphone'],
      codec: isPicture ? codec : 'opus',
    });
    const consumer = await transport.consume({
      id,
      producerId,
      kind,
      rtpParameters,
      onRtpReceiver: (receiver) => media.sealReceiver(receiver, kind),
    });
    own.consumers.push(consumer);
    const player = document.createElement(kind);
    player.autoplay = true;
    player.srcObject = new MediaStream([consumer.track]);
    document.body.append(player);
  }
  if (dtls === null) throw new Error('nothing was to be connected');
  return dtls;
}

/** The server says that what comes belongs to that device. */
export function claim(owner: string): void {
  const { worker } = current();
  worker.bindTrack('audio', { device: owner, slots: ['microphone'], codec: 'opus' });
  worker.bindTrack('video', { device: owner, slots: ['camera_high'], codec: 'vp8' });
}

/** Nothing new is encoded from here on. */
export function stop(): void {
  for (const track of current().tracks) track.stop();
}

export async function facts(): Promise<ForwardedFacts> {
  const { worker, consumers } = current();
  let framesDecoded = 0;
  let audioEnergy = 0;
  for (const consumer of consumers) {
    const report = await consumer.getStats();
    report.forEach((entry: Readonly<Record<string, unknown>>) => {
      if (entry['type'] !== 'inbound-rtp') return;
      const number = (name: string): number => (typeof entry[name] === 'number' ? entry[name] : 0);
      framesDecoded += number('framesDecoded');
      audioEnergy += number('totalAudioEnergy');
    });
  }
  return { counters: await worker.getCounters(), framesDecoded, audioEnergy };
}

/** Forgets what was published or received; the keys stay. */
export function clear(): void {
  const own = current();
  for (const track of own.tracks) track.stop();
  own.transport?.close();
  own.transport = null;
  own.tracks = [];
  own.consumers = [];
  document.body.replaceChildren();
  own.worker.removeTrack('audio');
  own.worker.removeTrack('video');
}
