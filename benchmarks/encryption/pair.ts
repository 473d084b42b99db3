import { type MediaCodec, createSealedMedia, startCryptoWorker } from '@visavis/client/sealed';
import type { TestKeys } from '../../tests/e2e/encryption/testWorker.ts';
import { type Source, openSource, watch } from './pictures.ts';

export type VideoCodec = Exclude<MediaCodec, 'opus'>;

/** One direct connection within a page: sound and pictures from one end to the other. */
export interface Pair {
  readonly source: Source;
  readonly sender: RTCPeerConnection;
  readonly receiver: RTCPeerConnection;
  readonly ends: readonly [Seal, Seal] | null;
  close(): void;
}

/** A crypto worker with its page's handle. */
export interface Seal {
  readonly raw: Worker;
  readonly worker: ReturnType<typeof startCryptoWorker>;
}

const LEAVES = [3, 8] as const;

export function openSeal(script: string): Seal {
  const raw = new Worker(script);
  const handlers = { onFailed: () => console.error('a worker failed'), createWorker: () => raw };
  return { raw, worker: startCryptoWorker(handlers) };
}

/** Both ends get the same key, each with its leaf: what two that have agreed beforehand have. */
export async function giveKeys(seals: readonly [Seal, Seal]): Promise<void> {
  const key = crypto.getRandomValues(new Uint8Array(16));
  for (const [index, { raw }] of seals.entries()) {
    const leaf = LEAVES[index] ?? 0;
    const keys: TestKeys = { testKeys: true, epoch: 1n, leaf, send: key, open: key };
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => resolve());
      port1.start();
      // A worker has no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      raw.postMessage(keys, [port2]);
    });
  }
}

const LINES = ['audio', 'video'] as const;

/**
 * A pair that is not connected yet; with `seals` made by the product's factory, without as any page makes one.
 *
 * @param pictures - how they are sent; nothing: as the browser does
 */
export function openPair(
  codec: VideoCodec,
  sound: MediaStreamTrack,
  seals: readonly [Seal, Seal] | null,
  devices: readonly [string, string],
  handlePicture: (number: number, at: number, lines: number) => void,
  pictures: RTCRtpEncodingParameters = {},
): Pair {
  const source = openSource();
  const tracks = { audio: sound.clone(), video: source.track };
  const codecs = { audio: 'opus', video: codec } as const;
  const configuration: RTCConfiguration = { bundlePolicy: 'max-bundle' };
  let sender: RTCPeerConnection;
  let receiver: RTCPeerConnection;
  if (seals === null) {
    sender = new RTCPeerConnection(configuration);
    receiver = new RTCPeerConnection(configuration);
    for (const kind of LINES) {
      const sendEncodings = [kind === 'video' ? pictures : {}];
      const line = sender.addTransceiver(tracks[kind], { direction: 'sendrecv', sendEncodings });
      line.setCodecPreferences(preferences(codecs[kind]));
    }
  } else {
    const media = [createSealedMedia(seals[0].worker), createSealedMedia(seals[1].worker)] as const;
    const lines = {
      audio: { codec: 'opus', slots: ['microphone'], track: 'voice' },
      video: { codec, slots: ['camera_high'], track: 'picture' },
    } as const;
    sender = media[0].createPeer(configuration);
    receiver = media[1].createPeer(configuration);
    for (const kind of LINES) {
      media[0].addLine(sender, tracks[kind], lines[kind], [kind === 'video' ? pictures : {}]);
      const { track, slots, codec: lineCodec } = lines[kind];
      for (const [index, { worker }] of seals.entries()) {
        worker.bindTrack(track, { device: devices[1 - index] ?? '', slots, codec: lineCodec });
      }
    }
    takers.set(receiver, () => {
      for (const line of receiver.getTransceivers()) {
        media[1].takeLine(receiver, line, lines[line.receiver.track.kind === 'audio' ? 'audio' : 'video']);
      }
    });
  }
  const player = new Audio();
  receiver.addEventListener('track', ({ track }) => {
    if (track.kind === 'video') return watch(track, handlePicture);
    player.srcObject = new MediaStream([track]);
    void player.play();
  });
  return {
    source,
    sender,
    receiver,
    ends: seals,
    close() {
      player.srcObject = null;
      source.close();
      tracks.audio.stop();
      for (const peer of [sender, receiver]) peer.close();
      for (const seal of seals ?? []) seal.worker.close();
    },
  };
}

/** What the answering side of a sealed pair does once it has the offer. */
const takers = new WeakMap<RTCPeerConnection, () => void>();

const name = (mimeType: string): string => mimeType.toLowerCase();

function preferences(codec: MediaCodec): RTCRtpCodec[] {
  const kind = codec === 'opus' ? 'audio' : 'video';
  const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  return [
    ...all.filter(({ mimeType }) => name(mimeType) === `${kind}/${codec}`),
    ...all.filter(({ mimeType }) => name(mimeType) === 'video/rtx'),
  ];
}

/** The offer with all its candidates, which whoever answers has in hand. */
export async function offer({ sender }: Pair): Promise<string> {
  await sender.setLocalDescription();
  return complete(sender);
}

/** What happens at the press of Answer, and ends when both have both descriptions. */
export async function accept({ sender, receiver }: Pair, sdp: string): Promise<void> {
  receiver.addEventListener(
    'icecandidate',
    ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined),
  );
  await receiver.setRemoteDescription({ type: 'offer', sdp });
  const take = takers.get(receiver);
  if (take === undefined) for (const line of receiver.getTransceivers()) line.direction = 'sendrecv';
  else take();
  const answer = await receiver.createAnswer();
  const set = sender.setRemoteDescription(answer);
  await receiver.setLocalDescription(answer);
  await set;
}

async function complete(peer: RTCPeerConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
  return peer.localDescription?.sdp ?? '';
}
