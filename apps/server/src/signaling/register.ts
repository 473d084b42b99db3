import { viewCall, type CallDevice } from '@visavis/call';
import {
  CLOSE,
  isGroupCallId,
  LIMITS,
  PROTOCOL_VERSION,
  type ClientMessage,
  type ErrorCode,
} from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { KeyedQueue } from '../calls/queue.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import type { Registrant } from '../ports.ts';
import type { DeviceSessions } from './deviceSessions.ts';
import type { DeviceCalls } from './deviceCalls.ts';
import { createGate } from './gate.ts';
import { detach, joinCall, startSession, takeDevice, type Link } from './link.ts';
import type { Losses, Unregistered } from './losses.ts';

type RegisterMessage = Extract<ClientMessage, { type: 'register' }>;
type RegisterPorts = Pick<CorePorts, 'accounts' | 'presence' | 'sessions' | 'random' | 'clock' | 'log'>;
interface RegisterParts {
  readonly live: LiveCalls;
  readonly groups: LiveGroups;
  readonly deviceCalls: DeviceCalls;
  readonly people: People;
  readonly deviceSessions: DeviceSessions;
  readonly queue: KeyedQueue;
  readonly release: Losses['release'];
}

/** What a link has begun to take. */
interface Taken extends Unregistered {
  session: Unregistered['session'];
  /** How it ends from here on is how a registered link ends. */
  isAttached: boolean;
}

/**
 * When a node is lost thousands come at once. All at once, they would wait for each other until they give up and come again.
 * Fewer: less is asked of the database together; more: each waits longer between its steps.
 */
const REGISTRATIONS_AT_ONCE = 128;

const isClosed = ({ state }: Link): boolean => state.phase === 'closed';

/** SES1, SES2, SES3: makes a link the one of its device's session. @returns why not, or null. */
export type Register = (link: Link, message: RegisterMessage) => Promise<ErrorCode | null>;

export function createRegister(
  { accounts, presence, sessions, random, clock, log }: RegisterPorts,
  { live, groups, deviceCalls, people, deviceSessions, queue, release }: RegisterParts,
): Register {
  const gate = createGate(REGISTRATIONS_AT_ONCE);

  /** RING2: what rings for this user rings here from now on; what this device is in goes on. @returns whether there is anything */
  const joinCalls = async (link: Link, device: CallDevice): Promise<{ any: boolean; direct: boolean }> => {
    const { userId, deviceId } = device;
    const calls = await deviceCalls.online(device);
    for (const { callId, participants } of calls) {
      const isJoined = participants.some(
        (each) => each.device.deviceId === deviceId && each.part.state === 'joined',
      );
      if (!isJoined) continue;
      joinCall(link, callId, true);
      await presence.setInCall(userId, deviceId, callId, true);
    }
    return { any: calls.length > 0, direct: calls.some(({ callId }) => !isGroupCallId(callId)) };
  };

  /**
   * Notes each thing before it may be stored: whether it was is not known where no answer comes.
   *
   * @returns why it is refused, or null, also where the link is closed by now
   */
  const take = async (
    link: Link,
    { id, payload: { resume, window, openedAt } }: RegisterMessage,
    { user }: Registrant,
    taken: Taken,
  ): Promise<ErrorCode | null> => {
    const { device } = taken;
    const { userId, deviceId } = device;
    const { connectionId } = link;
    const claim = { connectionId, openedAt: openedAt ?? null, resume: resume?.sessionId, window };
    link.resume = resume?.sessionId ?? null;
    link.window = window ?? null;
    const claimed = await presence.setOnline(device, claim, LIMITS.socketsPerUser);
    if (claimed === 'too many') return 'TOO_MANY_SESSIONS';
    if (claimed === 'given up') {
      detach(link, CLOSE.restart);
      return null;
    }
    const { order } = claimed;
    takeDevice(link, order);
    if (isClosed(link)) return null;
    if (resume !== null) taken.session = { sessionId: resume.sessionId, order };
    const missed =
      resume === null ? null : await sessions.resume(deviceId, resume.sessionId, resume.lastSeq, order);
    if (resume !== null && missed === null) log.info('a session could not be resumed');
    const calls = await joinCalls(link, device);
    let session: { readonly id: string; readonly after: number; readonly events: readonly string[] };
    if (resume !== null && missed !== null) {
      session = { id: resume.sessionId, after: resume.lastSeq, events: missed };
    } else {
      session = { id: random.id(), after: 0, events: [] };
      taken.session = { sessionId: session.id, order };
      // Where another socket has the device by now, this one hears of it; it has no session.
      if (!(await sessions.open(deviceId, session.id, order))) detach(link, CLOSE.restart);
    }
    // A session that goes on gets what has begun since as an event; a new one has not heard it.
    const isListed = missed !== null && !calls.direct;
    const current = isListed ? [] : await live.listFor(userId, deviceId);
    const groupCalls = await groups.viewsFor(userId, deviceId);
    if (calls.any) await deviceCalls.check(device, clock.now());
    if (isClosed(link)) return null;
    const { isGuest } = link.device;
    taken.isAttached = true;
    deviceSessions.attach({ sessionId: session.id, user: { ...user, userId }, device, isGuest, order }, link);
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
    if (!claimed.isShown || calls.direct) await people.refreshArrived(userId);
    // What goes on is known to have been there.
    if (missed === null) await accounts.touchDevice(deviceId, clock.now());
    return null;
  };

  const register = async (link: Link, message: RegisterMessage): Promise<ErrorCode | null> => {
    const { userId, deviceId, kind } = link.device;
    // A socket that its device gave up may be heard only after its successor: it replaces nobody.
    const successor = deviceSessions.find(deviceId)?.link;
    if (successor && successor.state.phase === 'registered' && successor.openedAt > link.openedAt)
      return 'FORBIDDEN';
    // Signed out or renamed from here on, it hears of it; it may have been since the socket was opened.
    await link.subscription.ready;
    const registrant = await accounts.findRegistrant(userId, deviceId);
    if (registrant === null) return 'UNAUTHENTICATED';
    const taken: Taken = {
      device: { userId, deviceId, name: registrant.deviceName, kind },
      connectionId: link.connectionId,
      session: null,
      isAttached: false,
    };
    let refusal: ErrorCode | null = null;
    try {
      refusal = await take(link, message, registrant, taken);
      return refusal;
    } finally {
      // Gone meanwhile, or without an answer of what is asked: it leaves as one that was lost.
      if (!taken.isAttached && refusal === null) release(taken);
    }
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
