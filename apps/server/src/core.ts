import type { CallDevice } from '@visavis/call';
import { createDeadlines, type Deadlines } from './calls/deadlines.ts';
import { createDial } from './calls/dialing.ts';
import { createEffects } from './calls/effects.ts';
import { createLiveCalls, type LiveCalls } from './calls/liveCalls.ts';
import { createOutboxPatrol, type OutboxPatrol } from './calls/outbox.ts';
import { createPeople, type People } from './people.ts';
import type { CorePorts } from './corePorts.ts';
import type { Presence } from './ports.ts';
import { createDispatch } from './signaling/dispatch.ts';
import { createGateway, type Gateway } from './signaling/gateway.ts';

export interface CoreSettings {
  /** How long a call rings (RING5). */
  readonly ringMs: number;
  /** How often the store is asked for deadlines that another process left behind. */
  readonly patrolMs: number;
}

/** Everything but HTTP: what one node does about calls, devices and other nodes, over its ports and nothing else. */
export interface Core {
  readonly gateway: Gateway;
  readonly calls: LiveCalls;
  readonly people: People;
  /** @returns whether there was such a device */
  signOut(userId: string, deviceId: string): Promise<boolean>;
  /** Resolves when everything that was begun is done and sent. */
  settle(): Promise<void>;
  /**
   * Tells clients, finishes what was begun, and stops.
   *
   * @param closeHttp - stops what else may begin something
   */
  close(closeHttp: () => Promise<void>): Promise<void>;
}

/** Keys are for repeats of a moment ago; this is longer than any client repeats. */
const KEYS_KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

export async function createCore(ports: CorePorts, settings: CoreSettings): Promise<Core> {
  const { calls, clock, log, nodes, presence, meter } = ports;
  const people = createPeople(ports);
  let deadlines: Deadlines | null = null;
  let outbox: OutboxPatrol | null = null;
  const effects = createEffects(ports, people, {
    expectDeadline: (at) => deadlines?.expect(at),
    handleSent: (change) => outbox?.handleSent(change),
    findCall: async (callId) => live.find(callId),
  });
  if (!nodes.isAlone)
    outbox = createOutboxPatrol(calls, { clock, log }, async (change) => effects.redo(change));
  const live: LiveCalls = createLiveCalls(ports, {
    handleChange: (call, before, ...rest) => {
      meter.handleCall(call, before);
      effects.handleChange(call, before, ...rest);
    },
    passOn: effects.passOn,
    redo: (change) => {
      // What fails here is tried again by the patrol.
      effects.redo(change).catch(() => {});
    },
  });
  meter.watch({ name: 'call_changes_waiting', help: 'Changes of calls that run or wait at this node.' }, () =>
    live.countChanges(),
  );
  await recall(live, presence, clock.now());
  await calls.forgetKeysBefore(clock.now() - KEYS_KEPT_MS);
  const revive = createRevive(live, presence);
  deadlines = createDeadlines(calls, { clock, log, patrolMs: settings.patrolMs }, async (callId) => {
    if (!nodes.isAlone) await revive(callId);
    await live.change(callId, { type: 'deadline_passed' });
  });

  const dispatch = createDispatch(
    live,
    createDial(ports, live, settings.ringMs),
    async (deviceId, requestId) => (nodes.isAlone ? null : calls.findAnswer(deviceId, requestId)),
  );
  const gateway = createGateway(ports, { live, people, dispatch });
  const leave = await nodes.join({
    handleDisruption: () => {
      live.forgetAll();
      gateway.startOver();
    },
    handleOrphan: async ({ userId, deviceId, lastSeenAt }) => {
      for (const { callId } of await live.listFor(userId, deviceId))
        await live.change(callId, { type: 'device_silent', deviceId, lastSeenAt });
      await people.refresh(userId);
    },
  });

  const signOut = async (userId: string, deviceId: string): Promise<boolean> => {
    if (!(await ports.accounts.removeDevice(userId, deviceId))) return false;
    const parts = await live.listFor(userId, deviceId);
    await Promise.all(
      parts.map(async ({ callId }) => live.change(callId, { type: 'device_removed', deviceId })),
    );
    ports.bus.publish(deviceId, { kind: 'signed_out' });
    await presence.forget(userId, deviceId);
    await people.refresh(userId);
    await people.profileChanged(userId);
    return true;
  };

  const settle = async (): Promise<void> => {
    await deadlines?.settle();
    await live.settle();
    await effects.settle();
  };
  return {
    gateway,
    calls: live,
    people,
    signOut,
    settle,
    close: async (closeHttp) => {
      gateway.close();
      await leave();
      await deadlines?.stop();
      await closeHttp();
      await settle();
      await outbox?.stop();
    },
  };
}

/** Whoever is in a call and is not connected after a start has its time to come back (CALL2). */
async function recall(live: LiveCalls, presence: Presence, now: number): Promise<void> {
  for (const call of await live.load()) {
    for (const { device } of call.participants) {
      if (await isConnected(presence, device)) continue;
      await live.change(call.callId, { type: 'device_silent', deviceId: device.deviceId, lastSeenAt: now });
    }
  }
}

/** A device that came back through another node while the last one was writing down its loss is not gone. */
const createRevive = (live: LiveCalls, presence: Presence) => async (callId: string) => {
  const call = await live.find(callId);
  for (const { device, part } of call?.participants ?? []) {
    if (part.state !== 'joined' || part.silentSinceAt === null) continue;
    if (await isConnected(presence, device)) await live.change(callId, { type: 'device_online', device });
  }
};

const isConnected = async (presence: Presence, { userId, deviceId }: CallDevice): Promise<boolean> =>
  (await presence.listDevices(userId)).some((each) => each.deviceId === deviceId && each.isConnected);
