import { createServer } from 'node:http';
import { createWorker, type types } from 'mediasoup';
import { WebSocketServer, type WebSocket } from 'ws';
import { MEDIA_CODECS } from '../../../apps/server/src/adapters/mediasoup/codecs.ts';
import type { ToServer } from './messages.ts';

/** As much as the product's server starts from. */
const FIRST_BITRATE = 1_000_000;

/** A group call that does what there has to be done, over bare mediasoup and bare `ws`: nothing is checked, kept or encrypted. */
export interface BareCall {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Guest {
  readonly socket: WebSocket;
  readonly send: types.WebRtcTransport;
  readonly receive: types.WebRtcTransport;
  readonly rtpCapabilities: types.RtpCapabilities;
  readonly producers: types.Producer[];
}

/**
 * @param script - of the page that it serves
 * @param mediaPort - of UDP, for all
 */
export async function startBareCall(
  script: string,
  mediaPort: number,
  addresses: readonly string[],
): Promise<BareCall> {
  const workerBin = process.env['VISAVIS_MEDIA_WORKER_BIN'];
  const worker = await createWorker({
    logLevel: 'error',
    ...(workerBin === undefined ? {} : { workerBin }),
  });
  const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
  const listenInfos = addresses.map((ip) => ({ protocol: 'udp' as const, ip, port: mediaPort }));
  const webRtcServer = await worker.createWebRtcServer({ listenInfos });
  const guests = new Set<Guest>();
  const open = (): Promise<types.WebRtcTransport> =>
    router.createWebRtcTransport({ webRtcServer, initialAvailableOutgoingBitrate: FIRST_BITRATE });

  async function offer({ receive, rtpCapabilities, socket }: Guest, producers: readonly types.Producer[]) {
    const consumers = await Promise.all(
      producers.map(({ id }) => receive.consume({ producerId: id, rtpCapabilities })),
    );
    const tracks = consumers.map(({ id, producerId, kind, rtpParameters }): object => ({
      id,
      producerId,
      kind,
      rtpParameters,
    }));
    if (tracks.length > 0) say(socket, { type: 'tracks', tracks });
  }

  async function join(socket: WebSocket, rtpCapabilities: types.RtpCapabilities): Promise<Guest> {
    const [send, receive] = await Promise.all([open(), open()]);
    const guest = { socket, send, receive, rtpCapabilities, producers: [] };
    say(socket, { type: 'joined', send: optionsOf(send), receive: optionsOf(receive) });
    const there = [...guests].flatMap(({ producers }) => producers);
    guests.add(guest);
    await offer(guest, there);
    return guest;
  }

  async function produce(guest: Guest, kind: 'audio' | 'video', rtpParameters: types.RtpParameters) {
    const producer = await guest.send.produce({ kind, rtpParameters });
    guest.producers.push(producer);
    for (const other of guests) if (other !== guest) await offer(other, [producer]);
  }

  function accept(socket: WebSocket): void {
    let guest: Guest | null = null;
    // One after the other, as they came.
    let last = Promise.resolve();
    const handle = async (message: ToServer): Promise<void> => {
      if (message.type === 'join') guest = await join(socket, message.rtpCapabilities);
      else if (guest === null) throw new Error('nobody has joined');
      else if (message.type === 'produce') await produce(guest, message.kind, message.rtpParameters);
      else
        await [guest.send, guest.receive]
          .find(({ id }) => id === message.transportId)
          ?.connect({ dtlsParameters: message.dtlsParameters });
    };
    say(socket, { type: 'hello', routerRtpCapabilities: router.rtpCapabilities });
    socket.on('message', (data) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const message = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : 'null') as ToServer;
      last = last
        .then(() => handle(message))
        .catch((error: unknown) => console.error(`bare call: ${String(error)}`));
    });
    socket.on('close', () => {
      last = last.then(() => {
        if (guest === null) return;
        guests.delete(guest);
        guest.send.close();
        guest.receive.close();
      });
    });
  }

  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page(script));
  });
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', accept);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    port: address.port,
    async close() {
      worker.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

const page = (script: string): string => `<!doctype html><title>Bare</title>
<style>body{margin:0}main{display:grid;grid-template-columns:repeat(var(--columns,2),1fr)}video{width:100%}</style>
<button>Join</button><main></main>
<script>${script.replaceAll('</script', '<\\/script')}</script>`;

/** What it says is as `ToPage` says, but the two libraries' types know different header extensions. */
const say = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));

const optionsOf = ({ id, iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport) => ({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
});
