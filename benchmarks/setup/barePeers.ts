/*
 * What runs in the pages of two bare peers. Signaling is a room of the relay, a frame a line that names it and then its
 * text: nothing is checked, kept or drawn besides.
 */

export interface BareOptions {
  readonly url: string;
  /** Whether the side that answers sends its camera, too, as the product's does. */
  readonly sendsBack: boolean;
}

declare global {
  var bareClose: () => void;
}

/** The caller: camera open, offer and candidates at the other side before anybody presses Answer. */
export async function offerBare({ url, sendsBack }: BareOptions): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 1280, height: 720 },
  });
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const direction = sendsBack ? 'sendrecv' : 'sendonly';
  for (const track of stream.getTracks()) peer.addTransceiver(track, { direction, streams: [stream] });
  const socket = new WebSocket(url);
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const [kind, ...lines] = data.split('\n');
    const text = lines.join('\n');
    if (kind === 'answer') void peer.setRemoteDescription({ type: 'answer', sdp: text });
    else void peer.addIceCandidate({ candidate: text, sdpMLineIndex: 0 });
  });
  globalThis.bareClose = () => {
    peer.close();
    socket.close();
    for (const track of stream.getTracks()) track.stop();
  };
  const gathered = new Promise<void>((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState === 'complete') resolve();
    });
  });
  await peer.setLocalDescription();
  await gathered;
  socket.send(`offer\n${peer.localDescription?.sdp ?? ''}`);
}

/** The callee: connection made, offer in hand; on the press of Answer it does what needs doing and nothing else. */
export async function awaitBare({ url, sendsBack }: BareOptions): Promise<void> {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceCandidatePoolSize: 1 });
  const video = document.querySelector('video');
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Answer');
  const socket = new WebSocket(url);
  let own: MediaStream | null = null;
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  peer.addEventListener('track', ({ streams: [stream] }) => {
    if (video !== null && stream !== undefined) video.srcObject = stream;
  });
  peer.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== '') socket.send(`candidate\n${candidate.candidate}`);
  });
  const openCamera = async (): Promise<void> => {
    own = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
    for (const { sender, receiver } of peer.getTransceivers()) {
      const track = own.getTracks().find(({ kind }) => kind === receiver.track.kind);
      void sender.replaceTrack(track ?? null);
    }
  };
  const answer = async (sdp: string): Promise<void> => {
    const opening = sendsBack ? openCamera() : Promise.resolve();
    await peer.setRemoteDescription({ type: 'offer', sdp });
    if (sendsBack) for (const transceiver of peer.getTransceivers()) transceiver.direction = 'sendrecv';
    await peer.setLocalDescription();
    socket.send(`answer\n${peer.localDescription?.sdp ?? ''}`);
    await opening;
  };
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const sdp = data.slice(data.indexOf('\n') + 1);
    button?.addEventListener('click', () => void answer(sdp), { once: true });
    document.title = 'ringing';
  });
  globalThis.bareClose = () => {
    peer.close();
    socket.close();
    if (video !== null) video.srcObject = null;
    for (const track of own?.getTracks() ?? []) track.stop();
    document.title = 'bare';
  };
}
