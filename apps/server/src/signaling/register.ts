import { viewCall, type Call, type CallDevice } from '@visavis/call';
import { LIMITS, PROTOCOL_VERSION, type ClientMessage, type ErrorCode } from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { KeyedQueue } from '../calls/queue.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import type { DeviceSessions } from './deviceSessions.ts';
import { createGate } from './gate.ts';
import { joinCall, startSession, type Link } from './link.ts';

type RegisterMessage = Extract<ClientMessage, { type: 'register' }>;
type RegisterPorts = Pick<
  CorePorts,
  'accounts' | 'presence' | 'sessions' | 'bus' | 'random' | 'clock' | 'log'
>;

/**
 * When a node is lost thousands come at once. All at once, they would wait for each other until they give up and come again;
 * this many keep the database busy.
 */
const REGISTRATIONS_AT_ONCE = 24;

const isClosed = ({ state }: Link): boolean => state.phase === 'closed';

/** SES1, SES2, SES3: makes a link the one of its device's session. @returns why not, or null. */
export type Register = (link: Link, message: RegisterMessage) => Promise<ErrorCode | null>;

export function createRegister(
  { accounts, presence, sessions, bus, random, clock, log }: RegisterPorts,
  { live, groups }: { readonly live: LiveCalls; readonly groups: LiveGroups },
  people: People,
  deviceSessions: DeviceSessions,
  queue: KeyedQueue,
): Register {
  const gate = createGate(REGISTRATIONS_AT_ONCE);

  /** RING2: what rings for this user rings here from now on; what this device is in goes on. @returns what there was */
  const joinCalls = async (link: Link): Promise<readonly Call[]> => {
    const { userId, deviceId, name, kind } = link.device;
    const calls = await live.listFor(userId, deviceId);
    const online = { type: 'device_online', device: { userId, deviceId, name, kind } } as const;
    await Promise.all(calls.map(async ({ callId }) => live.change(callId, online)));
    const groupCalls = await groups.listFor(userId);
    await Promise.all(groupCalls.map(async ({ callId }) => groups.change(callId, online)));
    for (const { callId, participants } of [...calls, ...groupCalls]) {
      const isJoined = participants.some(
        (each) => each.device.deviceId === deviceId && each.part.state === 'joined',
      );
      if (!isJoined) continue;
      joinCall(link, callId, true);
      await presence.setInCall(userId, deviceId, callId, true);
    }
    return calls;
  };

  const register = async (link: Link, { id, payload }: RegisterMessage): Promise<ErrorCode | null> => {
    const { userId, deviceId } = link.device;
    // A socket that its device gave up may be heard only after its successor: it replaces nobody.
    const successor = deviceSessions.find(deviceId)?.link;
    if (successor && successor.state.phase === 'registered' && successor.openedAt > link.openedAt)
      return 'FORBIDDEN';
    // Signed out or renamed from here on, it hears of it; it may have been since the socket was opened.
    await link.subscription.ready;
    const registrant = await accounts.findRegistrant(userId, deviceId);
    if (registrant === null) return 'UNAUTHENTICATED';
    const { user, deviceName } = registrant;
    const device: CallDevice = { userId, deviceId, name: deviceName, kind: link.device.kind };
    const online = await presence.setOnline(device, LIMITS.socketsPerUser);
    if (online === 'too many') return 'TOO_MANY_SESSIONS';
    const { resume } = payload;
    const missed = resume === null ? null : await sessions.resume(deviceId, resume.sessionId, resume.lastSeq);
    if (resume !== null && missed === null) log.info('a session could not be resumed');
    link.resume = resume?.sessionId ?? null;
    link.window = payload.window ?? null;
    bus.publish(deviceId, {
      kind: 'replaced',
      byConnectionId: link.connectionId,
      byResume: resume?.sessionId,
      byWindow: payload.window,
    });
    const calls = await joinCalls(link);
    let session: { readonly id: string; readonly after: number; readonly events: readonly string[] };
    if (resume !== null && missed !== null) {
      session = { id: resume.sessionId, after: resume.lastSeq, events: missed };
    } else {
      session = { id: random.id(), after: 0, events: [] };
      await sessions.open(deviceId, session.id);
    }
    // A session that goes on gets what has begun since as an event; a new one has not heard it.
    const isListed = missed !== null && calls.length === 0;
    const current = isListed ? calls : await live.listFor(userId, deviceId);
    const groupCalls = await groups.viewsFor(userId, deviceId);
    if (link.state.phase === 'closed') {
      // Gone meanwhile: it was never attached, so it leaves as one that was lost.
      const known = deviceSessions.find(deviceId);
      if (known === undefined || known.link === null) {
        await presence.setOffline(userId, deviceId);
        await silence(deviceId, userId);
        await people.refresh(userId);
      }
      return null;
    }
    const { isGuest } = link.device;
    deviceSessions.attach({ sessionId: session.id, user: { ...user, userId }, device, isGuest }, link);
    startSession(
      link,
      {
        type: 'registered',
        id,
        payload: {
          sessionId: session.id,
          resumed: missed !== null,
          serverTime: clock.now(),
          calls: [...current.flatMap((call) => viewCall(call, deviceId) ?? []), ...groupCalls],
        },
      },
      session,
    );
    if (online === 'to be shown' || calls.length > 0) await people.refresh(userId);
    // What goes on is known to have been there.
    if (missed === null) await accounts.touchDevice(deviceId, clock.now());
    return null;
  };

  const silence = async (deviceId: string, userId: string): Promise<void> => {
    const lastSeenAt = clock.now();
    const calls = await live.listFor(userId, deviceId);
    const silent = { type: 'device_silent', deviceId, lastSeenAt } as const;
    await Promise.all(calls.map(async ({ callId }) => live.change(callId, silent)));
    const groupCalls = await groups.listFor(userId);
    await Promise.all(groupCalls.map(async ({ callId }) => groups.change(callId, silent)));
  };

  return async (link, message) => {
    const { deviceId } = link.device;
    if (message.payload.protocol !== PROTOCOL_VERSION) return 'UNSUPPORTED_VERSION';
    // A device id is the server's and bound to the cookie: nobody claims another's.
    if (message.payload.deviceId !== deviceId) return 'FORBIDDEN';
    return queue.run(deviceId, async () =>
      // Whoever has given up while it waited is not registered for nothing: it is back in the line by now.
      gate(async () => (isClosed(link) ? null : register(link, message))),
    );
  };
}
