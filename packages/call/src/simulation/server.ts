import type {
  CallSnapshot,
  ClientMessage,
  ClientRequest,
  RequestAnswer,
  ServerMessage,
  UnnumberedEvent,
} from '@visavis/protocol';
import { describeError, LIMITS, TIMES, type ErrorCode } from '@visavis/protocol';
import { isDirectRequest, type CallDevice, type CallEvent, type DirectRequest } from '../server/index.ts';
import type { Outbox } from '../session/index.ts';
import { createServerCalls, type ServerCalls } from './serverCalls.ts';
import type { Store } from './store.ts';
import type { ServerEnd } from './wire.ts';
import { KIND, must, type SimulatedUser, type World } from './world.ts';

/** What the server can do with its end of a socket. */
export interface ServerSocket {
  send(message: ServerMessage): void;
  shut(): void;
}

/** How often the server cannot do what it should. */
const TROUBLE = 0.03;

interface Session {
  readonly sessionId: string;
  readonly device: CallDevice;
  socket: ServerSocket | null;
  outbox: Outbox;
  ackedSeq: number;
  readonly answers: Map<string, RequestAnswer>;
  lastSeenAt: number;
  lostAt: number | null;
}

export interface SimulatedServer {
  open(socket: ServerSocket): ServerEnd;
  /** Signs a device out. */
  remove(deviceId: string): void;
  /** Dies and starts again: the calls are stored, the sessions are not. */
  restart(): void;
  /** Whether this device ever joined that call: the server's confirmation of an accept (NEG3). */
  hasJoined(callId: string, deviceId: string): boolean;
  view(callId: string, deviceId: string): CallSnapshot | null;
  readonly calls: ServerCalls;
}

export function createServer(
  world: World,
  store: Store,
  users: ReadonlyMap<string, SimulatedUser>,
  devices: ReadonlyMap<string, CallDevice>,
): SimulatedServer {
  const { clock, machines, random, counts } = world;
  /** By device: a device has one session (SES3). */
  const sessions = new Map<string, Session>();
  const calls = createServerCalls(world, store, users, { send, onlineDevices });

  function send(deviceId: string, event: UnnumberedEvent): void {
    const session = sessions.get(deviceId);
    if (session === undefined) return;
    const pushed = machines.pushEvent(session.outbox, event);
    session.outbox = pushed.outbox;
    counts.events += 1;
    session.socket?.send(pushed.event);
  }

  const isOnline = (lostAt: number | null): boolean =>
    lostAt === null || clock.now() - lostAt < TIMES.reconnectGraceMs;

  function onlineDevices(userId: string): readonly CallDevice[] {
    return [...sessions.values()]
      .filter((session) => session.device.userId === userId && isOnline(session.lostAt))
      .map(({ device }) => device);
  }

  function view(callId: string, deviceId: string): CallSnapshot | null {
    const call = store.find(callId);
    return call === undefined ? null : machines.viewCall(call, deviceId);
  }

  function register(
    socket: ServerSocket,
    message: Extract<ClientMessage, { type: 'register' }>,
  ): Session | null {
    const { deviceId, resume } = message.payload;
    const device = devices.get(deviceId);
    if (device === undefined) return null;
    const known = sessions.get(deviceId);
    known?.socket?.shut();
    const missed =
      known !== undefined && resume?.sessionId === known.sessionId
        ? machines.eventsAfter(known.outbox, resume.lastSeq)
        : null;
    const resumed = known !== undefined && missed !== null;
    if (known !== undefined && resume?.sessionId === known.sessionId && !resumed) {
      const behind = known.outbox.lastSeq - resume.lastSeq;
      // A register of a socket that was given up can arrive after the one that took its place.
      const isStale = resume.lastSeq < known.ackedSeq;
      must(
        isStale || behind > LIMITS.outboxEvents,
        () => `SES2 a session ${behind} events behind cannot be resumed`,
      );
    }
    const session: Session = resumed
      ? known
      : {
          sessionId: world.makeId(KIND.session),
          device,
          socket: null,
          outbox: machines.createOutbox(),
          ackedSeq: 0,
          answers: new Map(),
          lastSeenAt: clock.now(),
          lostAt: null,
        };
    counts[resumed ? 'resumed' : 'fresh'] += 1;
    sessions.set(deviceId, session);
    Object.assign(session, { socket, lastSeenAt: clock.now(), lostAt: null });
    if (random.chance(0.5)) goOnline(device, null);
    const snapshots = store.live().flatMap((call) => machines.viewCall(call, deviceId) ?? []);
    socket.send({
      type: 'registered',
      id: message.id,
      payload: {
        sessionId: session.sessionId,
        resumed,
        serverTime: clock.now(),
        calls: resumed ? [] : snapshots,
      },
    });
    for (const event of resumed ? (machines.eventsAfter(session.outbox, resume?.lastSeq ?? 0) ?? []) : [])
      socket.send(event);
    if (!resumed) for (const event of session.outbox.events) socket.send(event);
    goOnline(device, socket);
    return session;
  }

  /** RING2: every call of this device or its user hears of it. Before the socket is told, the events only wait. */
  function goOnline(device: CallDevice, socket: ServerSocket | null): void {
    const session = sessions.get(device.deviceId);
    if (session === undefined) return;
    session.socket = socket;
    for (const call of store.live()) calls.run(call.callId, { type: 'device_online', device });
  }

  function lose(session: Session): void {
    session.socket = null;
    session.lostAt = clock.now();
    const { deviceId } = session.device;
    const { lastSeenAt, lostAt } = session;
    for (const call of store.live()) calls.run(call.callId, { type: 'device_silent', deviceId, lastSeenAt });
    clock.after(TIMES.resumeMs, () => {
      if (session.lostAt === lostAt && sessions.get(deviceId) === session) sessions.delete(deviceId);
    });
  }

  function open(socket: ServerSocket): ServerEnd {
    let session: Session | null = null;
    const isCurrent = (): boolean =>
      session !== null && sessions.get(session.device.deviceId)?.socket === socket;
    return {
      receive(message) {
        if (session === null) {
          must(message.type === 'register', () => 'SES1 the first message is register');
          session = register(socket, message);
        } else if (isCurrent()) {
          session.lastSeenAt = clock.now();
          handle(session, message);
        }
      },
      closed() {
        if (session !== null && isCurrent()) lose(session);
      },
    };
  }

  function handle(session: Session, message: ClientMessage): void {
    if (message.type === 'ack') {
      session.outbox = machines.acknowledge(session.outbox, message.payload.seq);
      session.ackedSeq = Math.max(session.ackedSeq, message.payload.seq);
    } else if (message.type !== 'ping' && message.type !== 'register') handleRequest(session, message);
  }

  /** SES5: a repeated id gets the first answer again. */
  function handleRequest(session: Session, request: Exclude<ClientRequest, { type: 'register' }>): void {
    const known = session.answers.get(request.id);
    if (known !== undefined) {
      counts.repeats += 1;
      session.socket?.send(known);
      return;
    }
    const reply = (answer: RequestAnswer): void => {
      session.answers.set(request.id, answer);
      const oldest = session.answers.keys().next();
      if (session.answers.size > LIMITS.rememberedAnswers && oldest.done !== true)
        session.answers.delete(oldest.value);
      session.socket?.send(answer);
    };
    const { deviceId } = session.device;
    if ((request.type === 'initiate_call' || request.type === 'answer_call') && random.chance(TROUBLE)) {
      counts.troubles += 1;
      return reply(refusalOf(request.id, 'INTERNAL'));
    }
    if (request.type === 'initiate_call') {
      const { idempotencyKey, calleeId, callType } = request.payload;
      const dialed = calls.dial(session.device, idempotencyKey, calleeId, callType);
      if (typeof dialed === 'string') return reply(refusalOf(request.id, dialed));
      const { callId, signals, effects } = dialed;
      const call = view(callId, deviceId);
      const answer: RequestAnswer = {
        type: 'ok',
        id: request.id,
        payload: { callId, ...(call === null ? {} : { call }), signals: [...signals] },
      };
      return carryOut(callId, effects, () => reply(answer));
    }
    // This server has no SFU.
    if (!isDirectRequest(request)) return reply(refusalOf(request.id, 'MEDIA_UNAVAILABLE'));
    const before = store.find(request.callId);
    const event = toEvent(request, deviceId);
    const step = calls.apply(request.callId, event);
    if (step === null) return reply(refusalOf(request.id, 'FORBIDDEN'));
    if (step.refusal !== null) {
      if (request.type === 'answer_call') counts.lateAnswers += 1;
      return reply(refusalOf(request.id, step.refusal));
    }
    const call = view(request.callId, deviceId);
    const signals =
      request.type === 'answer_call' && before?.state === 'ringing' ? [...before.held] : undefined;
    const answer: RequestAnswer = {
      type: 'ok',
      id: request.id,
      payload: { ...(call === null ? {} : { call }), ...(signals === undefined ? {} : { signals }) },
    };
    return carryOut(request.callId, step.effects, () => reply(answer));
  }

  /** The protocol does not say whether an answer comes before the events of what it answers. */
  function carryOut(callId: string, effects: Parameters<ServerCalls['perform']>[1], reply: () => void): void {
    const call = store.find(callId);
    const isFirst = random.chance(0.5);
    if (isFirst) reply();
    if (call !== undefined) calls.perform(call, effects);
    if (!isFirst) reply();
  }

  return {
    open,
    calls,
    view,
    remove(deviceId) {
      const session = sessions.get(deviceId);
      sessions.delete(deviceId);
      session?.socket?.shut();
      for (const call of store.live()) calls.run(call.callId, { type: 'device_removed', deviceId });
    },
    restart() {
      const all = [...sessions.values()];
      sessions.clear();
      for (const session of all) session.socket?.shut();
      for (const { device, lastSeenAt } of all) {
        for (const call of store.live())
          calls.run(call.callId, { type: 'device_silent', deviceId: device.deviceId, lastSeenAt });
      }
    },
    hasJoined: (callId, deviceId) =>
      store
        .find(callId)
        ?.participants.some(
          ({ device, part }) =>
            device.deviceId === deviceId && (part.state === 'joined' || part.state === 'left'),
        ) ?? false,
  };
}

const refusalOf = (id: string, code: ErrorCode): RequestAnswer => ({
  type: 'error',
  id,
  payload: { code, message: describeError(code) },
});

/** What a request about a call means to its machine. */
function toEvent(request: DirectRequest, deviceId: string): CallEvent {
  switch (request.type) {
    case 'report_ringing':
      return { type: 'ringing_reported', deviceId, silent: request.payload.silent };
    case 'answer_call':
      return { type: 'answered', deviceId, media: request.payload.media };
    case 'decline_call':
      return { type: 'declined', deviceId };
    case 'cancel_call':
      return { type: 'cancelled', deviceId };
    case 'end_call':
      return { type: 'ended', deviceId, reason: request.payload.reason };
    case 'update_media':
      return { type: 'media_updated', deviceId, mediaState: request.payload };
    case 'report_media':
      return { type: 'media_reported', deviceId, flow: request.payload.flow };
    case 'offer':
      return { type: 'signalled', deviceId, signal: { type: 'offer', payload: request.payload } };
    case 'answer':
      return { type: 'signalled', deviceId, signal: { type: 'answer', payload: request.payload } };
    case 'ice_candidate':
      return { type: 'signalled', deviceId, signal: { type: 'ice_candidate', payload: request.payload } };
  }
}
