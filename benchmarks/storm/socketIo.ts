import { io, type Socket } from 'socket.io-client';
import type { Member } from './crowd.ts';

const ANSWER_MS = 5_000;

/** Two clients with Socket.IO's own reconnection and recovery; each hears what is sent to its room. */
export async function openSocketIoPair(
  url: string,
  name: string,
  talks: boolean,
): Promise<readonly Member[]> {
  const rooms = [`${name} one`, `${name} other`] as const;
  const [one, other] = await Promise.all([openClient(url, rooms[0]), openClient(url, rooms[1])]);
  return [toMember(one, other, talks ? rooms[1] : null), toMember(other, one, talks ? rooms[0] : null)];
}

interface Client {
  readonly socket: Socket;
  readonly heard: number[];
  lostAt: number | null;
  backAt: number | null;
}

async function openClient(url: string, room: string): Promise<Client> {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  const client: Client = { socket, heard: [], lostAt: null, backAt: null };
  socket.on('message', (n: number) => client.heard.push(n));
  socket.on('disconnect', () => (client.lostAt = performance.now()));
  await new Promise<void>((resolve) => {
    socket.on('connect', () => {
      client.backAt = performance.now();
      // Whoever was not recovered has to join anew.
      if (socket.recovered) resolve();
      else socket.emit('join', room, resolve);
    });
  });
  return client;
}

const toMember = (client: Client, partner: Client, room: string | null): Member => ({
  send:
    room === null
      ? null
      : async (n) => {
          try {
            await client.socket.timeout(ANSWER_MS).emitWithAck('pass', room, n);
            return true;
          } catch {
            return false;
          }
        },
  arrived: partner.heard,
  isBack: () => client.socket.connected,
  lostAt: () => client.lostAt,
  backAt: () => client.backAt,
  isResumed: () => client.socket.recovered,
  close: () => {
    client.socket.disconnect();
  },
});
