/*
 * What runs inside the pages of both sides before their own scripts: connections find the relay in the place of the other page, and
 * what they count can be read.
 */

/** Counts since the connection began. */
export interface Counts {
  readonly atMs: number;
  readonly concealed: number;
  readonly samples: number;
  readonly frozenMs: number;
  readonly freezes: number;
  readonly decoded: number;
  readonly videoBytes: number;
  /** Time that sound and pictures waited to be played, summed over what was, in s, and how much that was. */
  readonly soundWaited: number;
  readonly soundPlayed: number;
  readonly pictureWaited: number;
  readonly picturePlayed: number;
  readonly lines: number;
  readonly keyFrames: number;
  readonly askedAgain: number;
}

declare global {
  var lossCounts: () => Promise<Counts>;
  var lossPeers: RTCPeerConnection[];
}

export function installPath({ host, port }: { readonly host: string; readonly port: number }): void {
  globalThis.lossPeers = [];
  /** candidate:<foundation> <component> <protocol> <priority> <address> <port> … */
  const lead = (candidate: string): string | null => {
    const parts = candidate.split(' ');
    if (parts[2]?.toLowerCase() !== 'udp' || !candidate.includes(' typ host')) return null;
    return parts.with(4, host).with(5, `${port}`).join(' ');
  };
  const leadAll = (sdp: string): string =>
    sdp
      .split('\r\n')
      .flatMap((line) => (line.startsWith('a=candidate:') ? (lead(line) ?? []) : [line]))
      .join('\r\n');
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      globalThis.lossPeers.push(this);
    }
    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ ...description, sdp: leadAll(description.sdp ?? '') });
    }
    override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      const line = candidate?.candidate ?? '';
      if (line === '') return Promise.resolve();
      const led = lead(line);
      return led === null ? Promise.resolve() : super.addIceCandidate({ ...candidate, candidate: led });
    }
  };

  globalThis.lossCounts = async () => {
    const peer = globalThis.lossPeers.findLast(({ connectionState }) => connectionState === 'connected');
    if (peer === undefined) throw new Error('nothing is connected');
    const report = await peer.getStats();
    let sound: Record<string, number> = {};
    let picture: Record<string, number> = {};
    report.forEach((entry: { type: string; kind?: string }) => {
      if (entry.type !== 'inbound-rtp') return;
      const counts = Object.fromEntries(
        Object.entries(entry).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
      );
      if (entry.kind === 'audio') sound = counts;
      else picture = counts;
    });
    return {
      atMs: performance.now(),
      concealed: sound['concealedSamples'] ?? 0,
      samples: sound['totalSamplesReceived'] ?? 0,
      frozenMs: (picture['totalFreezesDuration'] ?? 0) * 1_000,
      freezes: picture['freezeCount'] ?? 0,
      decoded: picture['framesDecoded'] ?? 0,
      videoBytes: picture['bytesReceived'] ?? 0,
      soundWaited: sound['jitterBufferDelay'] ?? 0,
      soundPlayed: sound['jitterBufferEmittedCount'] ?? 0,
      pictureWaited: picture['jitterBufferDelay'] ?? 0,
      picturePlayed: picture['jitterBufferEmittedCount'] ?? 0,
      lines: picture['frameHeight'] ?? 0,
      keyFrames: picture['keyFramesDecoded'] ?? 0,
      askedAgain: picture['nackCount'] ?? 0,
    };
  };
}

/** Stock: the side that sends pictures and sound. @returns its offer, with all candidates */
export async function offerStock(): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 1280, height: 720 },
  });
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  const gathered = new Promise<void>((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState === 'complete') resolve();
    });
  });
  await peer.setLocalDescription();
  await gathered;
  return peer.localDescription?.sdp ?? '';
}

/** Stock: the side that plays them. @returns its answer, with all candidates */
export async function answerStock(sdp: string): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const video = document.createElement('video');
  video.autoplay = true;
  video.style.width = '100%';
  document.body.append(video);
  peer.addEventListener('track', ({ streams: [remote] }) => {
    if (remote !== undefined) video.srcObject = remote;
  });
  const gathered = new Promise<void>((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState === 'complete') resolve();
    });
  });
  await peer.setRemoteDescription({ type: 'offer', sdp });
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  await peer.setLocalDescription();
  await gathered;
  return peer.localDescription?.sdp ?? '';
}

export async function takeAnswer(sdp: string): Promise<void> {
  await globalThis.lossPeers.at(-1)?.setRemoteDescription({ type: 'answer', sdp });
}

export const closeStock = (): void => {
  for (const peer of globalThis.lossPeers) peer.close();
};
