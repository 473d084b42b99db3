import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from './cable.ts';

/** What stands in front of the nodes, as Caddy does in `compose.yaml`: takes every connection to a node that says it is ready. */
export interface Front {
  readonly url: string;
  dispose(): Promise<void>;
}

interface Backend {
  readonly port: number;
  isReady: boolean;
  connections: number;
}

/** As in `deploy/Caddyfile`. */
const HEALTH_INTERVAL_MS = 1_000;
const HEALTH_TIMEOUT_MS = 1_000;

/** @param ports - of the nodes, on loopback */
export async function startFront(ports: readonly number[]): Promise<Front> {
  const backends = ports.map((port): Backend => ({ port, isReady: true, connections: 0 }));
  const sockets = new Set<Socket>();
  const looks = backends.map((backend) =>
    setInterval(() => {
      look(backend.port, (isReady) => {
        backend.isReady = isReady;
      });
    }, HEALTH_INTERVAL_MS),
  );

  const forward = (near: Socket, tried: readonly Backend[]): void => {
    // The least busy one; a node that refuses is not asked again for this connection.
    const [backend] = backends
      .filter((each) => each.isReady && !tried.includes(each))
      .toSorted((one, other) => one.connections - other.connections);
    if (backend === undefined) {
      near.destroy();
      return;
    }
    const far = connect(backend.port, '127.0.0.1');
    let isConnected = false;
    backend.connections += 1;
    sockets.add(far);
    far.setNoDelay(true);
    far.on('connect', () => {
      isConnected = true;
      near.pipe(far);
      far.pipe(near);
    });
    far.on('error', () => {});
    far.on('close', () => {
      backend.connections -= 1;
      sockets.delete(far);
      if (isConnected) near.destroy();
      else forward(near, [...tried, backend]);
    });
    near.on('close', () => {
      isConnected = true;
      far.destroy();
    });
  };
  const server = createServer((near) => {
    sockets.add(near);
    near.setNoDelay(true);
    near.on('error', () => near.destroy());
    near.on('close', () => sockets.delete(near));
    forward(near, []);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String(portOf(server.address()))}`,
    dispose: async () => {
      for (const timer of looks) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function look(port: number, tell: (isReady: boolean) => void): void {
  const request = get(
    { host: '127.0.0.1', port, path: '/readyz', timeout: HEALTH_TIMEOUT_MS, agent: false },
    (response) => {
      response.resume();
      tell(response.statusCode === 200);
    },
  );
  request.on('timeout', () => request.destroy());
  request.on('error', () => tell(false));
}
