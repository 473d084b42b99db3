import type { ServerOptions } from 'node:https';
import { LIMITS } from '@visavis/protocol';
import type { FastifyInstance } from 'fastify';
import type { LiveCalls } from './calls/liveCalls.ts';
import { createCore, type CoreSettings } from './core.ts';
import { createClientAddress } from './http/clientAddress.ts';
import { createHttpServer } from './http/server.ts';
import type { HttpSettings } from './http/context.ts';
import type { Ports } from './ports.ts';
import type { Gateway } from './signaling/gateway.ts';
import { createUpgrade } from './signaling/upgrade.ts';

export interface AppSettings extends HttpSettings, CoreSettings {
  /** Key and certificate where the server speaks TLS itself. */
  readonly https: ServerOptions | null;
  /** Over which time devices and calls are given to other nodes before this one stops (SES6, MED4). */
  readonly drainMs: number;
}

export interface App {
  /** Not listening yet; answers `inject`. */
  readonly http: FastifyInstance;
  /** Where tests bring sockets of their own. */
  readonly gateway: Gateway;
  readonly calls: LiveCalls;
  /** Resolves when everything that was begun is done and sent. */
  settle(): Promise<void>;
  /** Gives devices to other nodes where there are any, finishes what was begun, and stops. Idempotent. The ports stay open. */
  close(): Promise<void>;
}

/** How long a request over HTTP may keep a server that stops. */
const HTTP_MS = 2_000;

/** The whole server over its ports. */
export async function createApp(ports: Ports, settings: AppSettings): Promise<App> {
  const core = await createCore(ports, settings);
  const { gateway, people, forwarding, groups } = core;
  const http = await createHttpServer(
    {
      ports,
      people,
      liveGroups: groups,
      settings,
      getState: () => gateway.getState(),
      getMediaState: () => forwarding.state(),
      signOut: async (userId, deviceId) => core.signOut(userId, deviceId),
    },
    settings.https,
  );
  const upgrade = createUpgrade({
    accounts: ports.accounts,
    gateway,
    log: ports.log,
    publicOrigins: settings.publicOrigins,
    socketsPerAddress: LIMITS.socketsPerAddress * settings.addressLimitFactor,
    clientAddress: createClientAddress(settings.trustedProxies),
    parseCookies: (header) => http.parseCookie(header),
  });
  http.server.on('upgrade', upgrade);

  const closeHttp = async (): Promise<void> => {
    // What is being answered is answered; whoever takes longer is cut off.
    const force = setTimeout(() => http.server.closeAllConnections(), HTTP_MS);
    await http.close();
    clearTimeout(force);
  };
  const close = async (): Promise<void> => {
    const { drainMs } = settings;
    if (!ports.nodes.isAlone) await Promise.all([gateway.drain(drainMs), forwarding.drain(drainMs)]);
    await core.close(closeHttp);
  };
  let closing: Promise<void> | null = null;
  return {
    settle: async () => core.settle(),
    http,
    gateway,
    calls: core.calls,
    close: async () => {
      closing ??= close();
      await closing;
    },
  };
}
