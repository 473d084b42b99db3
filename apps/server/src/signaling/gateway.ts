import {
  CLOSE,
  decodeClientMessage,
  LIMITS,
  TIMES,
  type ClientMessage,
  type ClientRequest,
  type RequestAnswer,
  type ServerNotice,
} from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import { createKeyedQueue } from '../calls/queue.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import type { Cancel, Eventually, SignedInDevice, Subscription } from '../ports.ts';
import { toError } from '../toError.ts';
import { createAnswers, isPlainOk, refuse, refuseFault } from './answers.ts';
import type { Connection, ConnectionHandler } from './connection.ts';
import { createDeviceCalls } from './deviceCalls.ts';
import { createDeviceSessions, type DeviceSession } from './deviceSessions.ts';
import type { Dispatch } from './dispatch.ts';
import { drainLinks } from './drain.ts';
import { judgePulse, SWEEP_MS } from './heartbeat.ts';
import { handleAcknowledged, detach, handleBusMessage, sendDone, sendMessage, type Link } from './link.ts';
import { watchSignaling } from './gauges.ts';
import { createLinks } from './links.ts';
import { createLosses } from './losses.ts';
import { createRateLimits, kindOf } from './rateLimits.ts';
import { createRegister } from './register.ts';

/** How long a device that was closed for abuse is told to wait. */
const ABUSE_WAIT_MS = 10_000;

/** Of one UTF-16 unit in UTF-8. */
const MOST_BYTES = 3;

export type GatewayState = 'accepting' | 'draining' | 'cut off';

/** Where sockets of signed-in devices come in. */
export interface Gateway {
  /** Takes a socket; it has {@link TIMES.registerMs} to register. */
  accept(connection: Connection, device: SignedInDevice, address: string): ConnectionHandler;
  countSockets(address: string): number;
  /** Tells every device that is registered here. */
  notifyAll(notice: ServerNotice): void;
  /** Closes every socket so that its device comes back, with its session if that is still there. */
  startOver(): void;
  /** Whether it takes sockets, and if not, why whoever comes has to go to another node. */
  getState(): GatewayState;
  /** SES6: takes nobody any more, and within about that time sends everybody to other nodes. */
  drain(drainMs: number): Promise<void>;
  /** Tells every client to come back later, and stops. */
  close(): void;
}

export interface GatewayParts {
  readonly live: LiveCalls;
  readonly groups: LiveGroups;
  readonly people: People;
  readonly dispatch: Dispatch;
}

const NO_CALLS: ReadonlySet<string> = new Set();
const NO_SUBSCRIPTION: Subscription = { ready: Promise.resolve(), cancel: () => {} };

/** Who listens to a socket that came too late. */
const NOBODY: ConnectionHandler = {
  handleText: () => {},
  handleBinary: () => {},
  handlePong: () => {},
  handleClose: () => {},
};

export function createGateway(ports: CorePorts, { live, groups, people, dispatch }: GatewayParts): Gateway {
  const { clock, log, bus, nodes, random, sessions, meter } = ports;
  const links = createLinks();
  const deviceSessions = createDeviceSessions(clock);
  const queue = createKeyedQueue();
  const limits = createRateLimits(() => clock.now());
  let isClosed = false;
  let isDraining = false;
  const getState = (): GatewayState => {
    if (isClosed || isDraining) return 'draining';
    return nodes.isCurrent() ? 'accepting' : 'cut off';
  };
  watchSignaling(meter, links, deviceSessions);

  const guard = (what: string, work: Eventually<unknown>): void => {
    if (!(work instanceof Promise)) return;
    work.catch((error: unknown) => {
      log.error(`${what} failed`, { error: toError(error) });
    });
  };

  const deviceCalls = createDeviceCalls(ports.presence, { live, groups });
  const { handleLoss, release } = createLosses(ports, {
    deviceCalls,
    people,
    deviceSessions,
    isClosed: () => isClosed,
  });
  const register = createRegister(ports, {
    live,
    groups,
    deviceCalls,
    people,
    deviceSessions,
    queue,
    release,
  });

  const handleSignOut = (link: Link): void => {
    const session = deviceSessions.find(link.device.deviceId);
    if (session !== undefined) deviceSessions.forget(session.device.deviceId);
    links.remove(link);
  };

  const drop = (link: Link, lastSeenAt: number | null): void => {
    links.remove(link);
    if (link.state.phase === 'closed') return;
    const session = deviceSessions.find(link.device.deviceId);
    link.state = { phase: 'closed' };
    link.subscription.cancel();
    if (session?.link === link) handleLoss(session, lastSeenAt);
  };

  const closeFor = (link: Link, code: number): void => {
    link.connection.close(code);
    drop(link, clock.now());
  };

  const startOver = (): void => {
    for (const link of links) {
      link.connection.close(CLOSE.restart);
      drop(link, null);
    }
  };

  const sendAnswer = (link: Link, answer: RequestAnswer): void => {
    if (answer.type === 'error') meter.handleError(answer.payload.code);
    if (isPlainOk(answer)) sendDone(link, answer.id);
    else sendMessage(link, answer);
  };

  /** Patience with nonsense is limited. */
  const strike = (link: Link): void => {
    if (limits.take(link.device.deviceId, 'strike') !== null) closeFor(link, CLOSE.abuse);
  };

  const refuseAndStrike = (link: Link, answer: ReturnType<typeof refuse>): void => {
    sendAnswer(link, answer);
    strike(link);
  };

  const handleRegister = (link: Link, message: Extract<ClientMessage, { type: 'register' }>): void => {
    const { deviceId } = link.device;
    // Coming back on a new socket is no way around the patience with nonsense.
    const retryAfterMs = limits.take(deviceId, 'register');
    if (retryAfterMs !== null || limits.isExhausted(deviceId, 'strike')) {
      sendAnswer(link, refuse(message.id, 'RATE_LIMITED', { retryAfterMs: retryAfterMs ?? ABUSE_WAIT_MS }));
      closeFor(link, CLOSE.abuse);
      return;
    }
    link.state = { phase: 'registering', early: [] };
    const refuseLink = (code: Parameters<typeof refuse>[1]): void => {
      log.info('a registration was refused', { code });
      sendAnswer(link, refuse(message.id, code));
      closeFor(link, code === 'UNAUTHENTICATED' ? CLOSE.unauthenticated : CLOSE.refused);
    };
    register(link, message).then(
      (refusal) => {
        if (refusal !== null) refuseLink(refusal);
      },
      (error: unknown) => {
        log.error('a registration failed', { error: toError(error) });
        sendAnswer(link, refuseFault(message.id, error));
        closeFor(link, CLOSE.restart);
      },
    );
  };

  const handleRequest = (
    link: Link,
    session: DeviceSession,
    request: Exclude<ClientRequest, { type: 'register' }>,
  ): void => {
    const answers = (session.answers ??= createAnswers());
    const isRepeat = answers.has(request.id);
    const retryAfterMs = limits.take(session.device.deviceId, isRepeat ? 'other' : kindOf(request.type));
    if (retryAfterMs !== null) {
      refuseAndStrike(link, refuse(request.id, 'RATE_LIMITED', { retryAfterMs }));
      return;
    }
    link.underWay += 1;
    const send = (answer: RequestAnswer): void => {
      link.underWay -= 1;
      sendAnswer(link, answer);
    };
    if (isRepeat) answers.repeat(request.id, send);
    else {
      answers.first(request.id, send, (answer) => {
        perform(session, request, answer);
      });
    }
  };

  const perform = (
    session: DeviceSession,
    request: Exclude<ClientRequest, { type: 'register' }>,
    answer: (answer: RequestAnswer) => void,
  ): void => {
    const fail = (error: unknown): void => {
      log.error('a request failed', { type: request.type, error: toError(error) });
      answer(refuseFault(request.id, error));
    };
    try {
      const work = dispatch(session, request, answer);
      if (work instanceof Promise) work.catch(fail);
    } catch (error) {
      fail(error);
    }
  };

  const handleRegistered = (link: Link, session: DeviceSession, message: ClientMessage): void => {
    if (message.type === 'register') {
      refuseAndStrike(link, refuse(message.id, 'ALREADY_REGISTERED'));
    } else if (message.type === 'ack') {
      if (limits.take(session.device.deviceId, 'ack') !== null) strike(link);
      else {
        handleAcknowledged(link, message.payload.seq);
        guard(
          'an acknowledgement',
          sessions.acknowledge(session.device.deviceId, session.sessionId, message.payload.seq),
        );
      }
    } else if (message.type === 'ping') {
      const retryAfterMs = limits.take(session.device.deviceId, 'other');
      if (retryAfterMs === null) sendMessage(link, { type: 'pong', payload: {} });
      else refuseAndStrike(link, refuse(undefined, 'RATE_LIMITED', { retryAfterMs }));
    } else handleRequest(link, session, message);
  };

  const handleText = (link: Link, text: string): void => {
    // What arrived while this node stood still has been said again elsewhere, and more since.
    if (!nodes.isCurrent()) startOver();
    if (link.state.phase === 'closed') return;
    link.lastHeardAt = clock.now();
    if (text.length * MOST_BYTES > LIMITS.messageBytes && Buffer.byteLength(text) > LIMITS.messageBytes) {
      refuseAndStrike(link, refuse(undefined, 'TOO_LARGE'));
      return;
    }
    const decoded = decodeClientMessage(text);
    if (!decoded.ok) {
      refuseAndStrike(link, refuse(decoded.id, decoded.code, { detail: decoded.detail }));
      return;
    }
    const { message } = decoded;
    meter.handleMessage(message.type);
    const session = deviceSessions.find(link.device.deviceId);
    if (link.state.phase === 'registered' && session?.link === link) handleRegistered(link, session, message);
    else if (link.state.phase === 'waiting' && message.type === 'register') handleRegister(link, message);
    else {
      const id = 'id' in message ? message.id : undefined;
      refuseAndStrike(link, refuse(id, 'NOT_REGISTERED'));
    }
  };

  const sweepLink = (link: Link, now: number): void => {
    if (link.state.phase === 'closed') links.remove(link);
    else if (link.state.phase === 'waiting') {
      if (now - link.openedAt >= TIMES.registerMs) closeFor(link, CLOSE.refused);
    } else {
      const { lastHeardAt, lastPingAt } = link;
      switch (judgePulse({ isInCall: link.calls.size > 0, lastHeardAt, lastPingAt }, now)) {
        case 'dead':
          drop(link, lastHeardAt);
          link.connection.terminate();
          break;
        case 'ping':
          link.lastPingAt = now;
          link.connection.ping();
          break;
        case 'wait':
          break;
      }
    }
  };

  let cancelSweep: Cancel;
  const sweep = (): void => {
    cancelSweep = clock.schedule(SWEEP_MS, sweep);
    const now = clock.now();
    if (!nodes.isCurrent()) startOver();
    for (const link of links) sweepLink(link, now);
    limits.sweep();
  };
  cancelSweep = clock.schedule(SWEEP_MS, sweep);

  return {
    accept: (connection, device, address) => {
      if (getState() !== 'accepting') {
        connection.close(CLOSE.restart);
        return NOBODY;
      }
      const now = clock.now();
      const link: Link = {
        connectionId: random.id(),
        device,
        address,
        openedAt: now,
        resume: null,
        window: null,
        order: null,
        successor: null,
        connection,
        state: { phase: 'waiting' },
        lastHeardAt: now,
        lastPingAt: now,
        underWay: 0,
        calls: NO_CALLS,
        subscription: NO_SUBSCRIPTION,
      };
      link.subscription = bus.subscribe(device.deviceId, (message) => {
        handleBusMessage(link, message, {
          signOut: () => {
            handleSignOut(link);
          },
          rename: (name) => {
            deviceSessions.rename(device.deviceId, name);
          },
          startAnew: () => {
            closeFor(link, CLOSE.restart);
          },
        });
      });
      links.add(link);
      return {
        handleText: (text) => {
          handleText(link, text);
        },
        handleBinary: () => {
          if (link.state.phase === 'closed') return;
          link.lastHeardAt = clock.now();
          refuseAndStrike(link, refuse(undefined, 'BAD_MESSAGE', { detail: 'binary' }));
        },
        handlePong: () => {
          link.lastHeardAt = clock.now();
        },
        handleClose: () => {
          drop(link, clock.now());
        },
      };
    },
    countSockets: (address) => links.count(address),
    notifyAll: (notice) => {
      for (const link of links) if (link.state.phase === 'registered') sendMessage(link, notice);
    },
    startOver,
    getState,
    drain: async (drainMs) => {
      isDraining = true;
      await drainLinks(
        () => [...links],
        { clock, drainMs },
        (link) => {
          const session = deviceSessions.find(link.device.deviceId);
          // Nobody is told that it is lost: it goes on at another node, and if not, that is noticed there.
          if (session?.link === link) deviceSessions.forget(link.device.deviceId);
          detach(link, CLOSE.restart);
          links.remove(link);
        },
      );
    },
    close: () => {
      isClosed = true;
      cancelSweep();
      for (const link of links) {
        detach(link, CLOSE.restart);
        links.remove(link);
      }
      for (const { device } of deviceSessions.all()) deviceSessions.forget(device.deviceId);
    },
  };
}
