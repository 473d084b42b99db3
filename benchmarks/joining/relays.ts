import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

/** A place that one reaches only after a while, and is answered from as late. */
export interface SlowPath {
  readonly host: string;
  readonly port: number;
  /** Half a round trip, from now on, in ms. */
  setDelay(oneWayMs: number): void;
  close(): void;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Bytes of sockets to a server and back. That a connection is opened is not delayed: the product's are open before anybody joins. */
export async function slowSockets(to: Place): Promise<SlowPath> {
  let delayMs = 0;
  const open = new Set<Socket>();
  const pass = (from: Socket, on: Socket): void => {
    from.on('data', (chunk) => setTimeout(() => on.write(chunk), delayMs));
    from.on('error', () => on.destroy());
    from.on('close', () => {
      open.delete(from);
      setTimeout(() => on.destroy(), delayMs);
    });
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...to, noDelay: true });
    open.add(client).add(upstream);
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    setDelay: (oneWayMs) => void (delayMs = oneWayMs),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Packets to a media server and back: each page's port has one of its own here, as behind a router. */
export async function slowPackets(host: string, to: Place): Promise<SlowPath> {
  let delayMs = 0;
  const inner = await bind(host);
  const outer = new Map<string, Promise<UdpSocket>>();
  const outerOf = (place: Place): Promise<UdpSocket> => {
    const key = `${place.host}:${place.port}`;
    const known = outer.get(key);
    if (known !== undefined) return known;
    const made = bind(host).then((socket) =>
      socket.on('message', (packet) =>
        setTimeout(() => inner.send(packet, place.port, place.host, () => {}), delayMs),
      ),
    );
    outer.set(key, made);
    return made;
  };
  inner.on('message', (packet, { address, port }) => {
    const socket = outerOf({ host: address, port });
    setTimeout(() => void socket.then((out) => out.send(packet, to.port, to.host, () => {})), delayMs);
  });
  return {
    host,
    port: inner.address().port,
    setDelay: (oneWayMs) => void (delayMs = oneWayMs),
    close() {
      inner.close();
      for (const socket of outer.values()) void socket.then((out) => out.close());
    },
  };
}

const bind = (host: string): Promise<UdpSocket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, host, () => {
      socket.off('error', reject);
      // A packet that cannot be delivered is one that is lost.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
