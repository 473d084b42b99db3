import type { ServerOptions } from 'node:https';
import { LIMITS } from '@visavis/protocol';
import type { FastifyInstance } from 'fastify';
import { createDeadlines, type Deadlines } from './calls/deadlines.ts';
import { createDial } from './calls/dialing.ts';
import { createEffects, type Effects } from './calls/effects.ts';
import { createLiveCalls, type LiveCalls } from './calls/liveCalls.ts';
import { createHttpServer } from './http/server.ts';
import type { HttpSettings } from './http/context.ts';
import { createPeople } from './people.ts';
import type { Ports } from './ports.ts';
import { createDispatch } from './signaling/dispatch.ts';
import { createGateway, type Gateway } from './signaling/gateway.ts';
import { createUpgrade } from './signaling/upgrade.ts';

export interface AppSettings extends HttpSettings {
  /** How long a call rings (RING5). */
  readonly ringMs: number;
  /** How often the store is asked for deadlines that another process left behind. */
  readonly patrolMs: number;
  /** Key and certificate where the server speaks TLS itself. */
  readonly https: ServerOptions | null;
}

export interface App {
  /** Not listening yet; answers `inject`. */
  readonly http: FastifyInstance;
  /** Where tests bring sockets of their own. */
  readonly gateway: Gateway;
  readonly calls: LiveCalls;
  /** Resolves when everything that was begun is done and sent. */
  settle(): Promise<void>;
  /** Tells clients, finishes what was begun, and stops. Idempotent. The ports stay open. */
  close(): Promise<void>;
}

/** Keys are for repeats of a moment ago; this is longer than any client repeats. */
const KEYS_KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** The whole server over its ports. */
export async function createApp(ports: Ports, settings: AppSettings): Promise<App> {
  const { calls, clock, log } = ports;
  const people = createPeople(ports);
  let deadlines: Deadlines | null = null;
  const effects = createEffects(ports, people, (at) => deadlines?.expect(at));
  const live = createLiveCalls(calls, clock, effects.listener);
  await recall(live, effects, clock.now());
  await calls.forgetKeysBefore(clock.now() - KEYS_KEPT_MS);
  deadlines = createDeadlines(calls, { clock, log, patrolMs: settings.patrolMs }, async (callId) => {
    await live.change(callId, { type: 'deadline_passed' });
  });

  const dispatch = createDispatch(live, createDial(ports, live, settings.ringMs));
  const gateway = createGateway(ports, { live, people, dispatch, effects });

  const signOut = async (userId: string, deviceId: string): Promise<boolean> => {
    if (!(await ports.accounts.removeDevice(userId, deviceId))) return false;
    const parts = live.listFor(userId, deviceId);
    await Promise.all(
      parts.map(async ({ callId }) => live.change(callId, { type: 'device_removed', deviceId })),
    );
    ports.bus.publish(deviceId, { kind: 'signed_out' });
    await ports.presence.setOffline(userId, deviceId);
    await people.refresh(userId);
    await people.profileChanged(userId);
    return true;
  };

  const http = await createHttpServer({ ports, people, settings, signOut }, settings.https);
  const upgrade = createUpgrade({
    accounts: ports.accounts,
    gateway,
    log,
    publicOrigins: settings.publicOrigins,
    socketsPerAddress: LIMITS.socketsPerAddress * settings.addressLimitFactor,
    parseCookies: (header) => http.parseCookie(header),
  });
  http.server.on('upgrade', upgrade);

  const settle = async (): Promise<void> => {
    await deadlines?.settle();
    await live.settle();
    await effects.settle();
  };
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    gateway.close();
    await deadlines?.stop();
    await http.close();
    await settle();
  };
  return {
    settle,
    http,
    gateway,
    calls: live,
    close: async () => {
      closing ??= close();
      await closing;
    },
  };
}

/** After a restart nobody is connected: whoever was in a call has its time to come back (CALL2). */
async function recall(live: LiveCalls, effects: Effects, now: number): Promise<void> {
  for (const call of await live.load()) {
    effects.recall(call);
    for (const { device } of call.participants) {
      await live.change(call.callId, { type: 'device_silent', deviceId: device.deviceId, lastSeenAt: now });
    }
  }
}
