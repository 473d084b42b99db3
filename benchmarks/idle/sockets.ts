import { once } from 'node:events';
import { PROTOCOL_VERSION, SIGNALING_PATH } from '@visavis/protocol';
import { WebSocket } from 'ws';
import type { SeededDevice } from '../lib/population.ts';

/** How many connect at once: more than a server's queue of new connections would be refused. */
const AT_ONCE = 32;

/** Opens one socket after the other, some at a time. */
export async function openAll<Item>(
  items: readonly Item[],
  open: (item: Item) => Promise<WebSocket>,
): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next]; item !== undefined; item = items[next]) {
      next += 1;
      sockets.push(await open(item));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return sockets;
}

/** A signed-in device that has registered and does nothing more. */
export async function openDevice(url: string, { deviceId, cookie }: SeededDevice): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${SIGNALING_PATH}?device=${deviceId}`, {
    headers: { origin: url, cookie },
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  const payload = { protocol: PROTOCOL_VERSION, deviceId, resume: null };
  socket.send(JSON.stringify({ type: 'register', id: 'r', payload }));
  await hear(socket, '{"type":"registered"');
  return socket;
}

export async function openBare(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** What socket.io-client does, without its own memory (Engine.IO protocol 4: 0 open, 2 ping, 3 pong, 40 connect). */
export async function openSocketIo(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  socket.on('message', (data) => {
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
    if (text === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send('40');
  });
  await hear(socket, '40');
  return socket;
}

const hear = async (socket: WebSocket, start: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const listen = (data: unknown): void => {
      if (!Buffer.isBuffer(data) || !data.toString('utf8').startsWith(start)) return;
      socket.off('message', listen);
      resolve();
    };
    socket.on('message', listen);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
  });
