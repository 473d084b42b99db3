import type { Sfu, SfuOpened, TransportOptions } from '@visavis/server';
import { CAPABILITIES, cameraOf, microphoneOf } from '../../../benchmarks/forwarding/capabilities.ts';
import { LAYERS, ssrcsOf } from '../../../benchmarks/forwarding/load.ts';
import { createIceCredentials, startPeers } from '../../../benchmarks/forwarding/peers/index.ts';

const ADDRESS = '127.0.0.1';
const ROOM = 'call';

/** Devices without a browser that connect as one does, and send and receive real packets. */
export interface Talkers {
  /** A device that is connected both ways and publishes its microphone and its camera. `talks`: else it is silent. */
  join(name: string, options?: { readonly talks?: boolean }): Promise<Talker>;
  /** Everybody who has joined begins to send. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface Talker {
  readonly opened: SfuOpened;
  readonly microphone: string;
  readonly camera: string;
  /** Receives tracks of others, which say how large. */
  watch(trackIds: readonly string[]): Promise<void>;
  /** @param layer - null: it is not looked at */
  prefer(trackId: string, layer: number | null): Promise<void>;
  /** What has come since the last time; `broken` are packets that were not what was sent. */
  take(): Promise<{
    readonly sound: number;
    readonly pictures: number;
    readonly pictureBytes: number;
    readonly broken: number;
  }>;
}

export const LARGEST_LAYER: number = LAYERS.length - 1;
/** A packet that comes later than this was not sent by one of these devices: the time in it is no time. */
const PLAUSIBLE_MS = 10_000;

export async function startTalkers(sfu: Sfu, callId: string): Promise<Talkers> {
  const peers = await startPeers();
  let count = 0;

  async function connect(deviceId: string, transport: TransportOptions, path: string): Promise<void> {
    const { fingerprint } = await peers.open(path, ADDRESS);
    await sfu.connect(callId, deviceId, transport.id, {
      role: 'client',
      fingerprints: [{ algorithm: 'sha-256', value: fingerprint }],
    });
    const candidate = transport.iceCandidates.find(({ protocol }) => protocol === 'udp');
    if (candidate === undefined) throw new Error('the media worker has no UDP port');
    const { address, port } = candidate;
    const { usernameFragment, password } = transport.iceParameters;
    await peers.tell({
      type: 'connect',
      path,
      local: createIceCredentials(),
      remote: { address, port, usernameFragment, password },
    });
  }

  return {
    async join(name, { talks = false } = {}) {
      const device = (count += 1);
      const opened = await sfu.open(callId, name, { rtpCapabilities: CAPABILITIES });
      const [sending, receiving] = [`${ROOM}/${name}/send`, `${ROOM}/${name}/receive`];
      await Promise.all([connect(name, opened.send, sending), connect(name, opened.receive, receiving)]);
      const { microphone, camera } = ssrcsOf(device);
      const publish = async (source: 'microphone' | 'camera') => {
        const isSound = source === 'microphone';
        const { trackId } = await sfu.publish(callId, name, {
          transportId: opened.send.id,
          source,
          kind: isSound ? 'audio' : 'video',
          rtpParameters: isSound ? microphoneOf(microphone) : cameraOf(camera),
          paused: false,
        });
        return trackId;
      };
      const [sound, picture] = [await publish('microphone'), await publish('camera')];
      await peers.tell({ type: 'send', path: sending, device, microphone, camera, talks });
      return {
        opened,
        microphone: sound,
        camera: picture,
        async watch(trackIds) {
          const received = await sfu.receive(callId, name, trackIds);
          if (received.length !== trackIds.length) throw new Error('not everything is received');
          const pictures = received.find(({ kind }) => kind === 'video')?.rtpParameters;
          await peers.tell({
            type: 'receive',
            path: receiving,
            vp8: pictures?.codecs[0]?.payloadType ?? 0,
            transportSequence:
              pictures?.headerExtensions.find(({ uri }) => uri.includes('transport-wide'))?.id ?? null,
          });
        },
        async prefer(trackId, layer) {
          await sfu.prefer(callId, name, [
            { trackId, paused: layer === null, spatialLayer: layer, temporalLayer: null, priority: 1 },
          ]);
        },
        async take() {
          const { received, broken, latencyMs } = await peers.tally(`${ROOM}/${name}`);
          const isPlausible = latencyMs === null || (latencyMs.p50 >= 0 && latencyMs.p99 < PLAUSIBLE_MS);
          return {
            sound: received.packets - received.video,
            pictures: received.video,
            pictureBytes: received.bytes,
            broken: isPlausible ? broken : Infinity,
          };
        },
      };
    },
    start: async () => peers.tell({ type: 'start', call: ROOM }),
    close: () => peers.close(),
  };
}
