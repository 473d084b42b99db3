import { fastify, type FastifyInstance } from 'fastify';
import { createForwarding } from './groups/forwarding.ts';
import { registerHealth } from './http/health.ts';
import type { Ports } from './ports.ts';

export interface MediaAppSettings {
  /** Where this node is (MED2). */
  readonly region: string | null;
  /** Over which time its calls are given to other nodes before it stops (MED4). */
  readonly drainMs: number;
}

/** A node that forwards media and takes no devices: it is asked by the nodes that do (MED3). */
export interface MediaApp {
  /** Answers whether it is healthy, and nothing else. Not listening yet. */
  readonly http: FastifyInstance;
  /** Gives its calls to other nodes, and stops. Idempotent. The ports stay open. */
  close(): Promise<void>;
}

export function createMediaApp(ports: Ports, { region, drainMs }: MediaAppSettings): MediaApp {
  const { groups, health, log, sfu } = ports;
  let closing: Promise<void> | null = null;
  const forwarding = createForwarding(ports, {
    region,
    find: async (callId) => (await groups.load(callId))?.call ?? null,
    // Nobody is connected here who could be told.
    handleReadiness: () => {},
  });
  const http = fastify({ logger: false, forceCloseConnections: true });
  registerHealth(http, {
    health,
    log,
    getState: () => {
      if (closing !== null) return 'draining';
      return sfu.state().name === 'ready' ? 'ready' : 'no media worker';
    },
  });
  const close = async (): Promise<void> => {
    await forwarding.drain(drainMs);
    await forwarding.close();
    await http.close();
  };
  return {
    http,
    close: async () => {
      closing ??= close();
      await closing;
    },
  };
}
