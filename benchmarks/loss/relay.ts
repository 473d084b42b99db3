import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { createOneWay, type Conditions } from './path.ts';

/** Where a page finds the other one. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/** A path between two browsers, each of which takes the relay for the other. */
export interface PacketRelay {
  /** Of the first and the second page: where it is to send to. */
  readonly addresses: readonly [Address, Address];
  set(conditions: Conditions, seed: number): void;
  close(): void;
}

/** Browsers gather no loopback addresses where there are others, and send between the two kinds on some systems only. */
function ownHost(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

export async function startPacketRelay(): Promise<PacketRelay> {
  const host = ownHost();
  const sockets = [await bind(host), await bind(host)] as const;
  const ways = [createOneWay(), createOneWay()] as const;
  /** Where each page sends from, and so is. */
  const pages: [Address | null, Address | null] = [null, null];

  // What a page sends comes to its own socket, and goes on from the other page's.
  const forward = (from: 0 | 1): void => {
    const to = from === 0 ? 1 : 0;
    sockets[from].on('message', (packet, { address, port }) => {
      pages[from] = { host: address, port };
      const now = performance.now();
      const at = ways[from].arrivesAt(packet.length, now);
      if (at === null) return;
      setTimeout(() => {
        const page = pages[to];
        if (page !== null) sockets[to].send(packet, page.port, page.host, () => {});
      }, at - now);
    });
  };
  forward(0);
  forward(1);
  const addressOf = (socket: Socket): Address => ({ host, port: socket.address().port });
  return {
    addresses: [addressOf(sockets[0]), addressOf(sockets[1])],
    set(conditions, seed) {
      ways[0].set(conditions, seed);
      ways[1].set(conditions, seed + 1);
    },
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}

const bind = (host: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, host, () => resolve(socket));
  });
