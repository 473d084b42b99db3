import { Device, type types } from 'mediasoup-client';
import type { OfferedTrack, ToPage, ToServer } from './messages.ts';

/*
 * What runs in a page of the bare call: mediasoup-client as its manual has it, where nothing waits for an answer that it does not need.
 */

export interface BareOptions {
  /** How often the camera is sent, each time by an encoder of its own. */
  readonly cameras: number;
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  /** Whether it joins at the press of Join, and not at once. */
  readonly waits: boolean;
  readonly columns: number;
}

let close = (): void => {};
let shown = 0;

/** The socket is open and the library loaded when this resolves; where it does not wait, it is in the call and sends. */
export async function enter(options: BareOptions): Promise<void> {
  const socket = new WebSocket(location.href.replace('http', 'ws'));
  const say = (message: ToServer): void => socket.send(JSON.stringify(message));
  const device = await Device.factory();
  const loaded = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<Extract<ToPage, { type: 'joined' }>>();
  const receiving = opened.promise.then(({ receive }) =>
    connecting(device.createRecvTransport(receive), say),
  );
  const stage = document.querySelector('main');
  stage?.style.setProperty('--columns', `${options.columns}`);
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const message = JSON.parse(data) as ToPage;
    if (message.type === 'hello') void device.load(message).then(loaded.resolve);
    else if (message.type === 'joined') opened.resolve(message);
    else void receiving.then((transport) => message.tracks.map((track) => show(transport, track)));
  });
  await loaded.promise;
  let own: MediaStream | null = null;
  close = () => {
    socket.close();
    void receiving.then((transport) => transport.close());
    for (const track of own?.getTracks() ?? []) track.stop();
    stage?.replaceChildren();
  };

  const join = async (): Promise<void> => {
    say({ type: 'join', rtpCapabilities: device.recvRtpCapabilities });
    const { width, height } = options;
    const opening = navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height } });
    const { send } = await opened.promise;
    const transport = connecting(device.createSendTransport(send), say);
    transport.on('produce', ({ kind, rtpParameters }, done) => {
      say({ type: 'produce', kind, rtpParameters });
      done({ id: crypto.randomUUID() });
    });
    own = await opening;
    const [[sound], [picture]] = [own.getAudioTracks(), own.getVideoTracks()];
    if (sound === undefined || picture === undefined) throw new Error('no camera, or no microphone');
    await transport.produce({ track: sound });
    for (let camera = 0; camera < options.cameras; camera += 1)
      await transport.produce({ track: picture.clone(), encodings: [{ maxBitrate: options.bitrate }] });
  };
  if (!options.waits) return join();
  document.querySelector('button')?.addEventListener('click', () => void join(), { once: true });
}

export const leave = (): void => close();

const connecting = (transport: types.Transport, say: (message: ToServer) => void): types.Transport =>
  transport.on('connect', ({ dtlsParameters }, done) => {
    say({ type: 'connect', transportId: transport.id, dtlsParameters });
    done();
  });

async function show(transport: types.Transport, { id, producerId, kind, rtpParameters }: OfferedTrack) {
  const { track } = await transport.consume({ id, producerId, kind, rtpParameters });
  const player = document.createElement(kind);
  shown += 1;
  player.setAttribute('aria-label', `${kind === 'video' ? 'Video' : 'Sound'} of ${shown}`);
  player.autoplay = true;
  player.srcObject = new MediaStream([track]);
  document.querySelector('main')?.append(player);
}
