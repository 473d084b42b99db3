import {
  type CryptoWorker,
  type MediaCodec,
  type SealedLine,
  type SealedMedia,
  createSealedMedia,
  startCryptoWorker,
  withoutStrayFeedback,
} from '@visavis/client/sealed';
import type { DeviceRequest } from '@visavis/call';
import { createDeviceKey } from '@visavis/encryption/identity';
import type { CryptoCounters } from '@visavis/encryption/messages';
import type { ServerEvent } from '@visavis/protocol';
import { type CallKeys, createCallKeys } from '../../../packages/client/src/keys/index.ts';
import type { LinkAnswer } from '../../../packages/client/src/signaling/index.ts';
import type { TestKeys } from './testWorker.ts';
import type { SframeVectors, VectorsResult } from './vectorsWorker.ts';

export interface StartOptions {
  readonly video: Exclude<MediaCodec, 'opus'>;
  /** `product`: the worker as it is delivered, which nobody can give a key. */
  readonly worker: 'test' | 'product';
  readonly otherLeaf: number;
}

/** What a test can see of one end. */
export interface EndFacts {
  /** Null where the worker has died. */
  readonly counters: CryptoCounters | null;
  readonly workerFailed: boolean;
  readonly connection: string;
  readonly packetsSent: { readonly audio: number; readonly video: number };
  readonly packetsReceived: { readonly audio: number; readonly video: number };
  readonly framesEncoded: number;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  readonly audioEnergy: number;
}

interface End {
  readonly raw: Worker;
  readonly worker: CryptoWorker;
  readonly media: SealedMedia;
  readonly peer: RTCPeerConnection;
  readonly tracks: readonly MediaStreamTrack[];
  readonly lines: { readonly audio: SealedLine; readonly video: SealedLine };
}

let end: End | null = null;
let workerFailed = false;

const current = (): End => {
  if (end === null) throw new Error('not started');
  return end;
};

export async function start({ video, worker: kind, otherLeaf }: StartOptions): Promise<void> {
  workerFailed = false;
  const raw = new Worker(`/${kind}Worker.js`);
  const worker = startCryptoWorker({
    onFailed: () => {
      workerFailed = true;
    },
    createWorker: () => raw,
  });
  const media = createSealedMedia(worker);
  const lines = {
    audio: { codec: 'opus', slots: ['microphone'], track: 'voice' },
    video: { codec: video, slots: ['camera_high'], track: 'picture' },
  } as const;
  for (const { codec, slots, track } of [lines.audio, lines.video]) {
    worker.bindTrack(track, { device: `device ${otherLeaf}`, slots, codec });
  }
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640, height: 360, frameRate: 20 },
  });
  const peer = media.createPeer({ bundlePolicy: 'max-bundle' });
  peer.addEventListener('track', ({ track }) => play(track));
  end = { raw, worker, media, peer, tracks: stream.getTracks(), lines };
}

/** Pictures are decoded only where somebody looks. */
function play(track: MediaStreamTrack): void {
  const player = document.createElement(track.kind === 'video' ? 'video' : 'audio');
  player.autoplay = true;
  player.srcObject = new MediaStream([track]);
  document.body.append(player);
}

const trackOf = (kind: string): MediaStreamTrack | null =>
  current().tracks.find((track) => track.kind === kind) ?? null;

/** The description with all its candidates. */
async function describe(): Promise<string> {
  const { peer } = current();
  await peer.setLocalDescription();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
  return peer.localDescription?.sdp ?? '';
}

export async function offer(): Promise<string> {
  const { peer, media, lines } = current();
  for (const kind of ['audio', 'video'] as const) media.addLine(peer, trackOf(kind), lines[kind], [{}]);
  return describe();
}

export async function answer(sdp: string): Promise<string> {
  const { peer, media, lines } = current();
  await peer.setRemoteDescription({ type: 'offer', sdp: withoutStrayFeedback(sdp) });
  for (const transceiver of peer.getTransceivers()) {
    const kind = transceiver.receiver.track.kind === 'audio' ? 'audio' : 'video';
    media.takeLine(peer, transceiver, lines[kind]);
    await transceiver.sender.replaceTrack(trackOf(kind));
  }
  return describe();
}

export const accept = (sdp: string): Promise<void> =>
  current().peer.setRemoteDescription({ type: 'answer', sdp: withoutStrayFeedback(sdp) });

const keyOf = (fill: number | null): Uint8Array<ArrayBuffer> | null =>
  fill === null ? null : new Uint8Array(16).fill(fill);

/** Keys of an epoch, each made from one number; null gives none for that direction. */
export function giveKeys(
  epoch: number,
  leaf: number,
  send: number | null,
  open: number | null,
): Promise<void> {
  const keys: TestKeys = { testKeys: true, epoch: BigInt(epoch), leaf, send: keyOf(send), open: keyOf(open) };
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => resolve());
    port1.start();
    current().raw.postMessage(keys, [port2]);
  });
}

/** What the page would ask the server, which is in the test. */
export interface AskedOfServer {
  readonly number: number;
  readonly request: DeviceRequest;
}

let keys: CallKeys | null = null;
let asked: AskedOfServer[] = [];
const answers = new Map<number, (answer: LinkAnswer) => void>();

/** The worker becomes a member of the group, with a device key that nobody can export. */
export async function startKeys(callId: string, deviceId: string): Promise<void> {
  const deviceKey = await createDeviceKey();
  const { worker } = current();
  keys = createCallKeys({
    callId,
    device: { userId: `user of ${deviceId}`, deviceId, deviceKey, confirmation: null },
    worker,
    request: (request) =>
      new Promise((resolve) => {
        const number = answers.size;
        answers.set(number, resolve);
        asked.push({ number, request });
      }),
    // Everybody is let in here: whose they are is not what this is about.
    onKeys: (now) =>
      now?.members.forEach(({ credential, leafKey }) =>
        worker.admit([{ credential, leafKey, admitted: true }]),
      ),
  });
}

export function takeAsked(): AskedOfServer[] {
  const taken = asked;
  asked = [];
  return taken;
}
export const answerAsked = (number: number, answer: LinkAnswer): void => answers.get(number)?.(answer);
export const hearEvent = (event: ServerEvent): void => keys?.handleEvent(event);

/** Who is in the group, and by what they can tell that they are in the same. */
export const membersNow = (): { readonly ids: readonly string[]; readonly authenticator: string } => ({
  ids: keys?.current?.members.map(({ deviceId }) => deviceId) ?? [],
  authenticator: keys?.current?.authenticator.join() ?? '',
});

export const killWorker = (): void => current().raw.terminate();
/** What the product never does. */
/** As code of the page would. @returns how many could be taken away */
export function clearTransforms(): number {
  const senders = current()
    .peer.getTransceivers()
    .map(({ sender }) => sender);
  for (const sender of senders) {
    try {
      sender.transform = null;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return senders.filter(({ transform }) => transform === null).length;
}
/** By the browser itself, past the factory. */
export function unsafeClearTransforms(): void {
  const own = Object.getOwnPropertyDescriptor(RTCRtpSender.prototype, 'transform');
  for (const { sender } of current().peer.getTransceivers()) own?.set?.call(sender, null);
}
/** Nothing new is encoded from here on. */
export async function stopSending(): Promise<void> {
  for (const { sender } of current().peer.getTransceivers()) await sender.replaceTrack(null);
}

export async function facts(): Promise<EndFacts> {
  const { worker, peer } = current();
  const sum = {
    packetsSent: { audio: 0, video: 0 },
    packetsReceived: { audio: 0, video: 0 },
    framesEncoded: 0,
    framesDecoded: 0,
    keyFramesDecoded: 0,
    audioEnergy: 0,
  };
  const report = await peer.getStats();
  report.forEach((entry: Readonly<Record<string, unknown>>) => {
    const { type, kind } = entry;
    if (kind !== 'audio' && kind !== 'video') return;
    const number = (key: string): number => (typeof entry[key] === 'number' ? entry[key] : 0);
    if (type === 'outbound-rtp') {
      sum.packetsSent[kind] += number('packetsSent');
      sum.framesEncoded += number('framesEncoded');
    }
    if (type === 'inbound-rtp') {
      sum.packetsReceived[kind] += number('packetsReceived');
      sum.framesDecoded += number('framesDecoded');
      sum.keyFramesDecoded += number('keyFramesDecoded');
      sum.audioEnergy += number('totalAudioEnergy');
    }
  });
  const waiting = new Promise<null>((resolve) => setTimeout(resolve, 1_000, null));
  const counters = await Promise.race([worker.getCounters().catch(() => null), waiting]);
  return { ...sum, counters, workerFailed, connection: peer.connectionState };
}

export function close(): void {
  if (end === null) return;
  for (const track of end.tracks) track.stop();
  end.peer.close();
  end.raw.terminate();
  end = null;
}

export function checkVectors(vectors: SframeVectors): Promise<VectorsResult> {
  const worker = new Worker('/vectorsWorker.js');
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<VectorsResult>) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(vectors);
  });
}
