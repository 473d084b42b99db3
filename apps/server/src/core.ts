import type { Call, CallDevice, CallEvent, GroupCall, GroupParticipant } from '@visavis/call';
import { isGroupCallId, TIMES } from '@visavis/protocol';
import { createApprovals } from './approvals.ts';
import { createDeadlines, type Deadlines } from './calls/deadlines.ts';
import { createDial } from './calls/dialing.ts';
import { createEffects } from './calls/effects.ts';
import { createLiveCalls, type LiveCalls } from './calls/liveCalls.ts';
import { createOutboxPatrol, type OutboxPatrol } from './calls/outbox.ts';
import { createGroupCalls, type GroupCalls } from './groups/groupCalls.ts';
import type { Forwarding } from './groups/forwarding.ts';
import type { LiveGroups } from './groups/liveGroups.ts';
import { createKeyRequests } from './keys/keyRequests.ts';
import { createKeyServer } from './keys/keyServer.ts';
import { createPeople, type People } from './people.ts';
import type { CorePorts } from './corePorts.ts';
import type { CallStore, Eventually, Presence } from './ports.ts';
import { createDispatch } from './signaling/dispatch.ts';
import { createGateway, type Gateway } from './signaling/gateway.ts';

export interface CoreSettings {
  /** How long a call rings (RING5). */
  readonly ringMs: number;
  /** How often the store is asked for deadlines that another process left behind. */
  readonly patrolMs: number;
  /** Where this node is, in the operator's own words (MED2). */
  readonly region: string | null;
}

/** Everything but HTTP: what one node does about calls, devices and other nodes, over its ports and nothing else. */
export interface Core {
  readonly gateway: Gateway;
  readonly calls: LiveCalls;
  readonly groups: LiveGroups;
  readonly people: People;
  readonly forwarding: Pick<Forwarding, 'state' | 'drain'>;
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
  const keys = createKeyServer(ports.serverSecret);
  let deadlines: Deadlines | null = null;
  let outbox: OutboxPatrol | null = null;
  let startedGateway: Gateway | null = null;
  const effects = createEffects(ports, people, {
    expectDeadline: (at) => deadlines?.expect(at),
    handleSent: (change) => outbox?.handleSent(change),
    findCall: async (callId) => (isGroupCallId(callId) ? groups.live : live).find(callId),
    keys,
  });
  if (!nodes.isAlone)
    outbox = createOutboxPatrol(calls, { clock, log }, async (change) => effects.redo(change));
  const live: LiveCalls = createLiveCalls(ports, {
    handleChange: (call, before, ...rest) => {
      meter.handleCall(call, before);
      effects.handleChange(call, before, ...rest);
    },
    passOn: effects.passOn,
    redo: (change, call) => {
      // What fails here is tried again by the patrol.
      effects.redo(change, call).catch(() => {});
    },
  });
  const groups: GroupCalls = createGroupCalls(ports, {
    effects,
    people,
    direct: live,
    ringMs: settings.ringMs,
    region: settings.region,
    notifyAll: (notice) => startedGateway?.notifyAll(notice),
  });
  meter.watch(
    { name: 'call_changes_waiting', help: 'Changes of calls that run or wait at this node.' },
    () => live.countChanges() + groups.live.countChanges(),
  );
  await recall(live, groups, presence, clock.now());
  await calls.forgetKeysBefore(clock.now() - KEYS_KEPT_MS);
  await ports.groups.forgetKeysBefore(clock.now() - KEYS_KEPT_MS);
  const revive = createRevive(presence);
  deadlines = createDeadlines(
    bothDeadlines(calls, ports.groups),
    { clock, log, patrolMs: settings.patrolMs },
    async (callId) => {
      const lives = isGroupCallId(callId) ? groups.live : live;
      if (!nodes.isAlone) await revive(lives, callId);
      await lives.change(callId, { type: 'deadline_passed' });
    },
  );

  const findFirst = async (deviceId: string, requestId: string) =>
    nodes.isAlone ? null : calls.findAnswer(deviceId, requestId);
  const dispatch = createDispatch(
    live,
    createDial(ports, live, settings.ringMs),
    groups.dispatch,
    createKeyRequests({ direct: live, groups: groups.live, keys, findFirst }),
    createApprovals(ports),
    findFirst,
  );
  const gateway = (startedGateway = createGateway(ports, { live, groups: groups.live, people, dispatch }));
  const leave = await nodes.join({
    handleDisruption: () => {
      live.forgetAll();
      groups.live.forgetAll();
      gateway.startOver();
    },
    handleOrphan: async ({ userId, deviceId, lastSeenAt }) => {
      const silent = { type: 'device_silent', deviceId, lastSeenAt } as const;
      for (const { callId } of await live.listFor(userId, deviceId)) await live.change(callId, silent);
      for (const { callId } of await groups.live.listFor(userId)) await groups.live.change(callId, silent);
      await people.refresh(userId);
    },
  });

  const signOut = async (userId: string, deviceId: string): Promise<boolean> => {
    if (!(await ports.accounts.removeDevice(userId, deviceId))) return false;
    const parts = await live.listFor(userId, deviceId);
    const removed = { type: 'device_removed', deviceId } as const;
    await Promise.all(parts.map(async ({ callId }) => live.change(callId, removed)));
    const groupCalls = await groups.live.listFor(userId);
    await Promise.all(groupCalls.map(async ({ callId }) => groups.live.change(callId, removed)));
    ports.bus.publish(deviceId, { kind: 'signed_out' });
    await presence.forget(userId, deviceId);
    await people.refresh(userId);
    await people.profileChanged(userId);
    return true;
  };

  const settle = async (): Promise<void> => {
    await deadlines?.settle();
    await live.settle();
    await groups.settle();
    await effects.settle();
  };
  return {
    gateway,
    calls: live,
    groups: groups.live,
    people,
    forwarding: groups.forwarding,
    signOut,
    settle,
    close: async (closeHttp) => {
      gateway.close();
      await leave();
      await deadlines?.stop();
      await closeHttp();
      await groups.close();
      await settle();
      await outbox?.stop();
    },
  };
}

/** A call of either kind, as far as who is in it. */
interface Lives {
  find(
    callId: string,
  ): Promise<{ readonly participants: readonly Pick<GroupParticipant, 'device' | 'part'>[] } | null>;
  change(
    callId: string,
    event: Extract<CallEvent, { type: 'device_online' | 'device_silent' | 'deadline_passed' }>,
  ): Eventually<unknown>;
}

/** Whoever is in a call and is not connected after a start has its time to come back (CALL2). */
async function recall(live: LiveCalls, groups: GroupCalls, presence: Presence, now: number): Promise<void> {
  const silence = async (
    lives: Lives,
    { callId, participants }: Pick<Call | GroupCall, 'callId' | 'participants'>,
  ): Promise<void> => {
    for (const { device } of participants) {
      if (await isConnected(presence, device)) continue;
      const { deviceId } = device;
      const graceMs = TIMES.returnMs - TIMES.busyDeadMs;
      await lives.change(callId, { type: 'device_silent', deviceId, lastSeenAt: now, graceMs });
    }
  };
  for (const call of await live.load()) await silence(live, call);
  await groups.recall(async (call) => silence(groups.live, call));
}

/** A device that came back through another node while the last one was writing down its loss is not gone. */
const createRevive = (presence: Presence) => async (lives: Lives, callId: string) => {
  const call = await lives.find(callId);
  for (const { device, part } of call?.participants ?? []) {
    if (part.state !== 'joined' || part.silentSinceAt === null) continue;
    if (await isConnected(presence, device)) await lives.change(callId, { type: 'device_online', device });
  }
};

type DeadlineStore = Pick<CallStore, 'listDue' | 'findNextDeadline'>;

/** One timer for calls of both kinds. */
const bothDeadlines = (one: DeadlineStore, other: DeadlineStore): DeadlineStore => ({
  listDue: async (now) => (await Promise.all([one.listDue(now), other.listDue(now)])).flat(),
  findNextDeadline: async () => {
    const times = await Promise.all([one.findNextDeadline(), other.findNextDeadline()]);
    const next = Math.min(...times.map((at) => at ?? Infinity));
    return next === Infinity ? null : next;
  },
});

const isConnected = async (presence: Presence, { userId, deviceId }: CallDevice): Promise<boolean> =>
  (await presence.listDevices(userId)).some((each) => each.deviceId === deviceId && each.isConnected);
