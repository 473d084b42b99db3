import {
  codecOf,
  createSealedMedia,
  slotsOf,
  type SealedMedia,
  type startCryptoWorker,
} from '@visavis/client/sealed';
import {
  OpenedMedia,
  ReceivedTrack,
  type DtlsParameters,
  type RtpCapabilities,
  type RtpParameters,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import { cameraEncodings } from '../../packages/client/src/media/forwarded/encodings.ts';
import { createSfuDevice } from '../../packages/client/src/media/forwarded/mediasoup.ts';
import type { SfuTransport } from '../../packages/client/src/media/forwarded/sfuLibrary.ts';
import { accept, giveKeys, offer, openPair, openSeal } from '../encryption/pair.ts';
import { openSource, watch, HEIGHT, WIDTH, type Source } from '../encryption/pictures.ts';

/** `bare`: straight, and not encrypted. `direct`: straight. `forwarded`: through the media server. The last two are encrypted. */
export type Way = 'bare' | 'direct' | 'forwarded';

export interface FlowFacts {
  /** ms from generated to decoded of each picture since `forget`. */
  readonly latencies: readonly number[];
  readonly generated: number;
  /** Of those decoded, how many had the size that they were generated with. */
  readonly whole: number;
}

/** What an end asks of the media server, which is in the benchmark's process. */
export type SfuRequest =
  | { readonly type: 'open'; readonly rtpCapabilities: RtpCapabilities }
  | { readonly type: 'connect'; readonly transportId: string; readonly dtlsParameters: DtlsParameters }
  | {
      readonly type: 'publish';
      readonly transportId: string;
      readonly source: OwnSource;
      readonly rtpParameters: RtpParameters;
    }
  /** Everything that the other end publishes. */
  | { readonly type: 'receive' }
  /** All of it in the largest size. */
  | { readonly type: 'prefer' };
type OwnSource = 'microphone' | 'camera';

declare global {
  /** Put into the page by the benchmark. */
  var askSfu: (device: string, request: SfuRequest) => Promise<unknown>;
}

/** The names that the worker of the tests knows its leaves 3 and 8 by. */
const DEVICES = ['device 3', 'device 8'] as const;
const SIZE = { width: WIDTH, height: HEIGHT };

interface Flow {
  readonly source: Source;
  close(): void;
}

let flow: Flow | null = null;
let sound: MediaStreamTrack | null = null;
let latencies: number[] = [];
let whole = 0;
let forgotten = 0;

const current = (): Flow => {
  if (flow === null) throw new Error('nothing flows');
  return flow;
};

const count =
  (source: () => Source) =>
  (number: number, at: number, lines: number): void => {
    const generatedAt = source().generatedAt[number];
    if (generatedAt === undefined || number < forgotten) return;
    latencies.push(at - generatedAt);
    if (lines === HEIGHT) whole += 1;
  };

/** Sound and pictures go from one end to the other from here on, both in this page. */
export async function start(way: Way): Promise<void> {
  sound ??= (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0] ?? null;
  if (sound === null) throw new Error('no microphone');
  forgotten = 0;
  const seals = way === 'bare' ? null : ([openSeal('/testWorker.js'), openSeal('/testWorker.js')] as const);
  if (seals !== null) await giveKeys(seals);
  if (way === 'forwarded' && seals !== null) {
    flow = await openForwarded(sound, seals[0].worker, seals[1].worker);
    return;
  }
  // The largest of the layers that a camera of this size is sent in to the media server.
  const [encoding] = cameraEncodings(SIZE).slice(-1);
  const pair = openPair(
    'vp8',
    sound,
    seals,
    DEVICES,
    count(() => pair.source),
    encoding,
  );
  flow = pair;
  await accept(pair, await offer(pair));
}

type CryptoWorker = ReturnType<typeof startCryptoWorker>;

async function openForwarded(
  microphone: MediaStreamTrack,
  sends: CryptoWorker,
  receives: CryptoWorker,
): Promise<Flow> {
  const source = openSource();
  const tracks = { microphone: microphone.clone(), camera: source.track };
  // What is drawn does not know its size, by which a camera's layers are chosen.
  source.track.getSettings = () => SIZE;
  const sender = await enter(DEVICES[0], 'send', createSealedMedia(sends));
  await sender.produce('microphone', tracks.microphone, 0);
  await sender.produce('camera', tracks.camera, 3);
  const receiver = await enter(DEVICES[1], 'receive', createSealedMedia(receives));
  const player = new Audio();
  for (const received of z.parse(z.array(ReceivedTrack), await askSfu(DEVICES[1], { type: 'receive' }))) {
    const from = received.kind === 'audio' ? 'microphone' : 'camera';
    receives.bindTrack(received.trackId, { device: DEVICES[0], slots: slotsOf(from), codec: codecOf(from) });
    const { track } = await receiver.consume(received, 'person');
    if (from === 'camera')
      watch(
        track,
        count(() => source),
      );
    else player.srcObject = new MediaStream([track]);
  }
  void player.play();
  await askSfu(DEVICES[1], { type: 'prefer' });
  return {
    source,
    close() {
      player.srcObject = null;
      source.close();
      tracks.microphone.stop();
      for (const transport of [sender, receiver]) transport.close();
      for (const worker of [sends, receives]) worker.close();
    },
  };
}

/** The product's own way to the media server. */
async function enter(
  device: string,
  direction: 'send' | 'receive',
  sealed: SealedMedia,
): Promise<SfuTransport> {
  const library = await createSfuDevice(sealed);
  const rtpCapabilities = library.capabilities;
  const opened = OpenedMedia.parse(await askSfu(device, { type: 'open', rtpCapabilities }));
  await library.load(opened.routerRtpCapabilities);
  const { transportId } = opened[direction];
  return library.createTransport(
    direction,
    { ...opened[direction], iceServers: [], relayOnly: false },
    {
      connect: (dtlsParameters) => void askSfu(device, { type: 'connect', transportId, dtlsParameters }),
      async publish({ source, rtpParameters }) {
        if (source !== 'microphone' && source !== 'camera') throw new Error('not sent here');
        return String(await askSfu(device, { type: 'publish', transportId, source, rtpParameters }));
      },
      changed() {},
    },
  );
}

/** What was measured so far does not count. */
export function forget(): void {
  latencies = [];
  whole = 0;
  forgotten = current().source.generatedAt.length;
}

export const read = (): FlowFacts => ({
  latencies,
  generated: current().source.generatedAt.length - forgotten,
  whole,
});

export function close(): void {
  flow?.close();
  flow = null;
}
