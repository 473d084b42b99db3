import {
  createLog,
  createMediasoupSfu,
  systemClock,
  type ReceivedTrack,
  type Sfu,
  type TransportOptions,
} from '@visavis/server';
import { DEFAULT_QUALITY } from '@visavis/client';
import type { PublishedTrack } from '@visavis/protocol';
import { wishesFor } from '../../packages/client/src/media/forwarded/wishes.ts';
import { until } from '../../tests/harness/until.ts';
import { residentBytes } from '../lib/machine.ts';
import { ADDRESS, receivePath, sendPath, type Crowd, type ForwardedCall } from './calls.ts';
import { CAPABILITIES, cameraOf, microphoneOf } from './capabilities.ts';
import { DEVICES, LAYERS, TALKING, ssrcsOf, watchedBy } from './load.ts';
import { createIceCredentials, type Peers } from './peers/index.ts';

const CALL = 'visavis';
const BASE_PORT = 46_000;
/** One call on one worker, however full it gets. */
const CAPACITY = 100_000;
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const deviceId = (device: number): string => `device-${device}`;

/** The call through the product's own adapter and its media worker, which `npm run benchmark` has got. */
export async function openVisavisCall({ senders, receivers }: Crowd): Promise<ForwardedCall> {
  let pid = 0;
  const log = createLog('silent');
  const sfu = createMediasoupSfu(
    {
      source: { kind: 'binary', path: process.env['VISAVIS_MEDIA_WORKER_BIN'] ?? '' },
      workers: 1,
      basePort: BASE_PORT,
      addresses: () => [{ ip: ADDRESS, announced: null }],
      pipeListen: null,
      capacity: CAPACITY,
    },
    {
      clock: systemClock,
      log: {
        ...log,
        info: (message: string, fields?: { readonly pid?: unknown }) => {
          if (message === 'media worker listens') pid = Number(fields?.pid);
        },
      },
    },
  );
  await until('the media worker listens', () => sfu.state().name === 'ready' && pid !== 0);
  const idleBytes = residentBytes(pid);

  /** By device: the largest layer of its camera that anybody watches. */
  const demand = new Map<number, number | null>();
  let follows = false;
  const tellDemand = async (device: number): Promise<void> => {
    const largest = demand.get(device) ?? null;
    const layers = !follows ? LAYERS.length : largest === null ? 0 : largest + 1;
    await senders.tell({ type: 'set_layers', path: sendPath(CALL, device), layers });
  };
  sfu.subscribe((event) => {
    if (event.type !== 'demand') return;
    const device = Number(event.deviceId.split('-')[1]);
    demand.set(device, event.maxSpatialLayer);
    if (follows) void tellDemand(device);
  });
  try {
    await Promise.all(
      Array.from({ length: DEVICES }, async (_, device) => join(sfu, device, { senders, receivers })),
    );
    await Promise.all(Array.from({ length: DEVICES }, async (_, device) => watch(sfu, device, receivers)));
  } catch (error) {
    await sfu.close();
    throw error;
  }
  return {
    name: CALL,
    pid,
    idleBytes,
    followDemand: async (follow) => {
      follows = follow;
      for (let device = 0; device < DEVICES; device += 1) await tellDemand(device);
    },
    close: () => sfu.close(),
  };
}

async function join(sfu: Sfu, device: number, { senders, receivers }: Crowd): Promise<void> {
  const id = deviceId(device);
  const opened = await sfu.open(CALL, id, { rtpCapabilities: CAPABILITIES });
  await Promise.all([
    connect(sfu, device, opened.send, senders, sendPath(CALL, device)),
    connect(sfu, device, opened.receive, receivers, receivePath(CALL, device)),
  ]);
  const { microphone, camera } = ssrcsOf(device);
  const transportId = opened.send.id;
  await sfu.publish(CALL, id, {
    transportId,
    source: 'microphone',
    kind: 'audio',
    rtpParameters: microphoneOf(microphone),
    paused: false,
  });
  await sfu.publish(CALL, id, {
    transportId,
    source: 'camera',
    kind: 'video',
    rtpParameters: cameraOf(camera),
    paused: false,
  });
  const talks = device < TALKING;
  await senders.tell({ type: 'send', path: sendPath(CALL, device), device, microphone, camera, talks });
}

async function connect(
  sfu: Sfu,
  device: number,
  transport: TransportOptions,
  peers: Peers,
  path: string,
): Promise<void> {
  const { fingerprint } = await peers.open(path, ADDRESS);
  await sfu.connect(CALL, deviceId(device), transport.id, {
    role: 'client',
    fingerprints: [{ algorithm: 'sha-256', value: fingerprint }],
  });
  const candidate = transport.iceCandidates.find(({ protocol }) => protocol === 'udp');
  if (candidate === undefined) throw new Error('the media worker has no UDP port');
  const { usernameFragment, password } = transport.iceParameters;
  await peers.tell({
    type: 'connect',
    path,
    local: createIceCredentials(),
    remote: { address: candidate.address, port: candidate.port, usernameFragment, password },
  });
}

/**
 * Receives everybody's sound and the pictures that are shown, with the wishes of the product's client but for one: small
 * pictures come with all frames, as they do from the peer, which is to forward the same.
 */
async function watch(sfu: Sfu, device: number, receivers: Peers): Promise<void> {
  const id = deviceId(device);
  const others: PublishedTrack[] = sfu
    .tracks(CALL)
    .filter((track) => track.deviceId !== id)
    .map((track) => ({ ...track }));
  const { large, small } = watchedBy(device);
  const wishes = wishesFor({
    tracks: others,
    tiles: [
      { of: { deviceId: deviceId(large) }, width: 1_280, height: 720, visible: true, large: true },
      ...small.map((other) => ({
        of: { deviceId: deviceId(other) },
        width: 320,
        height: 180,
        visible: true,
        large: false,
      })),
    ],
    pixelRatio: 1,
    quality: { ...DEFAULT_QUALITY, pictures: null },
    speakerDeviceId: deviceId(0),
  });
  const wanted = wishes.filter(({ paused }) => !paused).map(({ trackId }) => trackId);
  const received = await sfu.receive(CALL, id, wanted);
  await receivers.tell({ type: 'receive', path: receivePath(CALL, device), ...numberingOf(received) });
  await sfu.prefer(
    CALL,
    id,
    wishes
      .filter(({ trackId }) => wanted.includes(trackId))
      .map((wish) => ({ ...wish, temporalLayer: null })),
  );
}

function numberingOf(received: readonly ReceivedTrack[]) {
  const video = received.find(({ kind }) => kind === 'video')?.rtpParameters;
  const vp8 = video?.codecs[0]?.payloadType;
  if (video === undefined || vp8 === undefined) throw new Error('no video is received');
  const transportSequence = video.headerExtensions.find(({ uri }) => uri === TRANSPORT_CC)?.id ?? null;
  return { vp8, transportSequence };
}
