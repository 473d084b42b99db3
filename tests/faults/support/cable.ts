import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A stretch of network between two programs, made of a TCP proxy, that can fail. */
export interface Cable {
  readonly port: number;
  /** Nothing gets through any more, and nobody is told: as when a switch dies. */
  blackhole(): void;
  /** As on another network: what comes from now on gets through, connections of before stay dead and nobody is told. */
  change(): void;
  /** What comes from now on gets through; connections of before are gone, as their partners find out. */
  mend(): void;
  dispose(): Promise<void>;
}

/** @param targetPort - on loopback */
export async function layCable(targetPort: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isDead = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  };
  const silence = (): void => {
    for (const socket of sockets) {
      socket.unpipe();
      socket.pause();
    }
  };
  const server = createServer((near) => {
    keep(near);
    near.on('error', () => near.destroy());
    if (isDead) {
      near.pause();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    keep(far);
    near.pipe(far);
    far.pipe(near);
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    blackhole: () => {
      isDead = true;
      silence();
    },
    change: () => {
      isDead = false;
      silence();
    },
    mend: () => {
      isDead = false;
      for (const socket of sockets) socket.destroy();
    },
    dispose: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
