import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { createCandidate } from '../lib/sdp.ts';

/** One socket over which messages are sent; each send resolves when its answer is there. */
export interface Sender {
  send(): Promise<void>;
  close(): void;
}

const CONNECTION = randomUUID();
const CALL = randomUUID();

/** What a device sends for one candidate, with an id of its own each time. */
const createMessage = (index: number) => ({
  type: 'ice_candidate',
  id: randomUUID(),
  callId: CALL,
  payload: createCandidate(CONNECTION, index % 250),
});

/** A socket of the bare `ws` server. Answers come in the order of the questions. */
export async function openWs(port: number): Promise<Sender> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const waiting: (() => void)[] = [];
  socket.on('message', () => waiting.shift()?.());
  await once(socket, 'open');
  let index = 0;
  return {
    send: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.send(JSON.stringify(createMessage((index += 1))));
      }),
    close: () => socket.close(),
  };
}

/** A socket of the bare Socket.IO server, over WebSocket from the start. */
export async function openSocketIo(port: number): Promise<Sender> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  const waiting: (() => void)[] = [];
  socket.on('message', () => waiting.shift()?.());
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  let index = 0;
  return {
    send: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.emit('message', createMessage((index += 1)));
      }),
    close: () => {
      socket.disconnect();
    },
  };
}
