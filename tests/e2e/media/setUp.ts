import { createDirectMedia, type DirectMedia } from '@visavis/client';
import type { Signal } from '@visavis/protocol';

/** Opens camera and microphone once for all set-ups that are measured. */
const capture = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1_280, height: 720 } });

/** Calls back when the first picture is there to be drawn. */
function firstFrame(stream: MediaStream): Promise<number> {
  const player = document.createElement('video');
  player.muted = true;
  player.autoplay = true;
  player.srcObject = stream;
  document.body.append(player);
  return new Promise((resolve) => {
    player.requestVideoFrameCallback(() => {
      resolve(performance.now());
      player.remove();
    });
  });
}

/** Two bare connections with nothing in between, from the moment the callee may look at the offer, in ms. */
async function bare(stream: MediaStream): Promise<number> {
  const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const early: RTCIceCandidate[] = [];
  let isAnswered = false;
  caller.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate === null) return;
    if (isAnswered) void callee.addIceCandidate(candidate);
    else early.push(candidate);
  });
  callee.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) void caller.addIceCandidate(candidate);
  });
  for (const track of stream.getTracks()) caller.addTrack(track, stream);
  await caller.setLocalDescription();
  await gathered(caller);
  const remote = new MediaStream();
  callee.addEventListener('track', ({ track }) => remote.addTrack(track));
  const drawn = firstFrame(remote);
  const startedAt = performance.now();
  for (const track of stream.getTracks()) callee.addTrack(track, stream);
  if (caller.localDescription === null) throw new Error('no offer');
  await callee.setRemoteDescription(caller.localDescription);
  isAnswered = true;
  for (const candidate of early) void callee.addIceCandidate(candidate);
  await callee.setLocalDescription();
  if (callee.localDescription === null) throw new Error('no answer');
  await caller.setRemoteDescription(callee.localDescription);
  const tookMs = (await drawn) - startedAt;
  caller.close();
  callee.close();
  return tookMs;
}

const gathered = (peer: RTCPeerConnection): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 4));
}

/** The same through the client's media: prepared while it rings, from the accept on, in ms. */
async function ours(stream: MediaStream): Promise<number> {
  const [audio, video] = [stream.getAudioTracks()[0] ?? null, stream.getVideoTracks()[0] ?? null];
  const held: Signal[] = [];
  let isAnswered = false;
  const remotes: MediaStream[] = [];
  const make = (polite: boolean, sendSignal: (signal: Signal) => void, onStream: (s: MediaStream) => void) =>
    createDirectMedia({
      polite,
      local: { audio, video },
      loadIceServers: () => Promise.resolve([]),
      sendSignal,
      onChange: ({ remoteStream }) => {
        if (remoteStream !== null) onStream(remoteStream);
      },
      policy: { relayOnly: false },
    });
  const caller: DirectMedia = make(
    false,
    (signal) => (isAnswered ? callee.handleSignal(signal) : held.push(signal)),
    () => {},
  );
  const callee: DirectMedia = make(
    true,
    (signal) => caller.handleSignal(signal),
    (remote) => {
      if (!remotes.includes(remote)) remotes.push(remote);
    },
  );
  callee.prepare();
  caller.prepare();
  caller.offer();
  await until(() => held.filter(({ type }) => type === 'ice_candidate').length > 0);
  const startedAt = performance.now();
  isAnswered = true;
  callee.accept();
  caller.accept();
  for (const signal of held.splice(0)) callee.handleSignal(signal);
  await until(() => remotes.length > 0);
  const tookMs = (await Promise.race(remotes.map(firstFrame))) - startedAt;
  caller.close();
  callee.close();
  return tookMs;
}

/** Both in turn, so that whatever else the machine does meets both. */
export async function compare(rounds: number): Promise<{ bareMs: number[]; oursMs: number[] }> {
  const stream = await capture();
  const bareMs: number[] = [];
  const oursMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bareMs.push(await bare(stream));
    oursMs.push(await ours(stream));
  }
  for (const track of stream.getTracks()) track.stop();
  return { bareMs, oursMs };
}
