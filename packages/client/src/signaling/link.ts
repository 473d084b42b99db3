import { receiveEvent, reconnectDelayMs, type Inbox } from '@visavis/call';
import {
  CLOSE,
  decodeServerMessage,
  PROTOCOL_VERSION,
  TIMES,
  type ServerEvent,
  type ServerMessage,
} from '@visavis/protocol';
import { createPendingRequests } from './pending.ts';
import type { Link, LinkEnd, LinkOptions, LinkState, Socket } from './types.ts';

/** Events acknowledged together: one message instead of ten when candidates pour in. */
const ACK_DELAY_MS = 40;
/** Without a word from the server for this long after a ping, the socket is taken for dead. */
const PONG_WAIT_MS = 4_000;

/** The same when there is reason to believe that it is dead. Longer: calls arrive later; shorter: slow paths are given up. */
const PROBE_WAIT_MS = 2_000;
/** In a call, whose media wait for the new path to be told. A socket that was given up too early costs one more `register`. */
const BUSY_PROBE_WAIT_MS = 500;
/** A socket that is being opened for longer than this, over a network that has changed, is opened anew. */
const STALE_ATTEMPT_MS = 500;

const noop = (): void => {};

/**
 * Opens a signaling session and keeps it: registers, resumes, acknowledges, repeats, reconnects (SES1–SES5).
 * Nothing here decides anything about calls.
 */
export function createLink(options: LinkOptions): Link {
  const { timers, handlers } = options;
  const pending = createPendingRequests(options.makeId);
  const window = options.makeId();
  let state: LinkState = { name: 'connecting', sinceAt: timers.now() };
  let socket: Socket | null = null;
  let registerId = '';
  let inbox: Inbox | null = null;
  let attempt = 0;
  let attemptAt = 0;
  let openedAt = 0;
  /** A sign of life was asked for and has not come. */
  let isProbing = false;
  let busy = false;
  let lostAt = timers.now();
  let cancelReconnect = noop;
  let cancelAck = noop;
  let ackWaits = false;
  let cancelWatch = noop;
  /** What waits for answers to pings over this socket, in their order. */
  let pings: ((answered: boolean) => void)[] = [];

  function setState(next: LinkState): void {
    state = next;
    handlers.onState(next);
  }

  function connect(): void {
    if (state.name === 'ended') return;
    cancelReconnect();
    attemptAt = timers.now();
    // Later than the one before, whatever the clock says.
    openedAt = Math.max(openedAt + 1, Math.round(attemptAt));
    isProbing = false;
    setState({ name: 'connecting', sinceAt: lostAt });
    // Until the server has answered `register`, silence means a dead path.
    watch(TIMES.registerMs);
    const opened: Socket = options.openSocket(options.url, {
      onOpen() {
        if (opened === socket) register(opened);
      },
      onText(text) {
        if (opened !== socket) return;
        const decoded = decodeServerMessage(text);
        // A message of a newer server that this client does not know is none of its business.
        if (decoded.ok) handleMessage(decoded.message);
      },
      onClose(code) {
        if (opened === socket) handleClose(code);
      },
    });
    socket = opened;
  }

  function register(opened: Socket): void {
    registerId = options.makeId();
    const resume = inbox === null ? null : { sessionId: inbox.sessionId, lastSeq: inbox.lastSeq };
    const payload = { protocol: PROTOCOL_VERSION, deviceId: options.deviceId, resume, window, openedAt };
    opened.send(JSON.stringify({ type: 'register', id: registerId, payload }));
  }

  function handleMessage(message: ServerMessage): void {
    if (state.name === 'registered') keepWatching();
    switch (message.type) {
      case 'registered':
        handleRegistered(message.payload);
        return;
      case 'ok':
        settle(message.id, message);
        return;
      case 'error':
        if (message.payload.code === 'UNSUPPORTED_VERSION') end('unsupported_version');
        else if (message.id === registerId && message.payload.code === 'UNAUTHENTICATED')
          end('unauthenticated');
        else if (message.id !== undefined) settle(message.id, message);
        return;
      case 'presence':
      case 'history_changed':
      case 'profile_changed':
      case 'media_tracks':
      case 'media_speaker':
      case 'media_layers':
      case 'media_demand':
      case 'media_lost':
      case 'media_moving':
      case 'group_calls':
      case 'groups_changed':
      case 'approval':
      case 'own_calls_changed':
      case 'move_offered':
      case 'move_over':
        handlers.onNotice(message);
        return;
      case 'pong':
        pings.shift()?.(true);
        return;
      case 'ring':
      case 'call_progress':
      case 'call_answered':
      case 'call_ended':
      case 'group_changed':
      case 'call_grew':
      case 'call_data':
      case 'media_asked':
      case 'media_changed':
      case 'offer':
      case 'answer':
      case 'ice_candidate':
      case 'keys_proposed':
      case 'keys_committed':
      case 'keys_welcome':
      case 'keys_reset':
        handleEvent(message);
        return;
    }
  }

  function handleRegistered(payload: Extract<ServerMessage, { type: 'registered' }>['payload']): void {
    const { sessionId, resumed, calls, serverTime } = payload;
    if (!resumed || inbox === null) inbox = { sessionId, lastSeq: 0 };
    attempt = 0;
    setState({ name: 'registered' });
    keepWatching();
    handlers.onRegistered({ resumed, calls, clockOffsetMs: serverTime - timers.now() });
    for (const frame of pending.frames()) socket?.send(frame);
  }

  function handleEvent(event: ServerEvent): void {
    if (inbox === null) return;
    const received = receiveEvent(inbox, event.seq);
    inbox = received.inbox;
    if (received.verdict === 'gap') {
      drop();
      return;
    }
    if (received.verdict === 'handle') handlers.onEvent(event);
    if (ackWaits) return;
    ackWaits = true;
    cancelAck = timers.after(ACK_DELAY_MS, () => {
      ackWaits = false;
      if (state.name !== 'registered' || inbox === null) return;
      socket?.send(JSON.stringify({ type: 'ack', payload: { seq: inbox.lastSeq } }));
    });
  }

  function settle(id: string, answer: Extract<ServerMessage, { type: 'ok' | 'error' }>): void {
    const retry = pending.settle(id, answer);
    if (retry === null) return;
    timers.after(retry.afterMs, () => {
      const frame = pending.frame(retry.retryId);
      if (frame !== null && state.name === 'registered') socket?.send(frame);
    });
  }

  function ping(onAnswer: (answered: boolean) => void = noop): void {
    pings.push(onAnswer);
    socket?.send(JSON.stringify({ type: 'ping', payload: {} }));
  }

  /** Nobody answers any more what was asked over a socket that is gone. */
  function forgetPings(): void {
    const unanswered = pings;
    pings = [];
    for (const settle of unanswered) settle(false);
  }

  /** Asks for a sign of life when it has been quiet, and gives the socket up when none comes (SES4). */
  function keepWatching(): void {
    cancelWatch();
    isProbing = false;
    const quietMs = busy || pending.size > 0 ? TIMES.busyPingMs : TIMES.idlePingMs;
    cancelWatch = timers.after(quietMs, () => {
      if (state.name !== 'registered') return;
      ping();
      watch(PONG_WAIT_MS);
    });
  }

  /** Several reasons to doubt at once are one: what was asked first decides. */
  function probe(): void {
    if (isProbing) return;
    ping();
    watch(busy ? BUSY_PROBE_WAIT_MS : PROBE_WAIT_MS);
    isProbing = true;
  }

  function watch(waitMs: number): void {
    cancelWatch();
    cancelWatch = timers.after(waitMs, drop);
  }

  /** Gives up a socket without waiting for its closing handshake, which a dead path never finishes. */
  function drop(): void {
    const dropped = socket;
    socket = null;
    dropped?.close();
    handleClose(0);
  }

  function handleClose(code: number): void {
    socket = null;
    forgetPings();
    cancelWatch();
    cancelAck();
    ackWaits = false;
    if (state.name === 'ended') return;
    if (code === CLOSE.replaced) return end('replaced');
    if (code === CLOSE.unauthenticated) return end('unauthenticated');
    if (state.name === 'registered') lostAt = timers.now();
    setState({ name: 'waiting', sinceAt: lostAt });
    cancelReconnect = timers.after(reconnectDelayMs(attempt, options.random()), connect);
    attempt += 1;
  }

  function end(reason: LinkEnd): void {
    if (state.name === 'ended') return;
    const last = socket;
    socket = null;
    forgetPings();
    cancelReconnect();
    cancelWatch();
    cancelAck();
    setState({ name: 'ended', reason });
    last?.close(1000);
    pending.abandon();
  }

  connect();
  return {
    request(request) {
      const isFirst = pending.size === 0;
      const { id, answer } = pending.add(request);
      const frame = pending.frame(id);
      if (state.name === 'registered' && frame !== null) {
        socket?.send(frame);
        // Only the first one that waits: what is asked while nothing is answered must not put off the doubt.
        if (!isProbing && isFirst) keepWatching();
      }
      if (state.name === 'ended') pending.abandon();
      return answer;
    },
    reconnectNow() {
      if (state.name === 'registered') return probe();
      const isStale = state.name === 'connecting' && timers.now() - attemptAt > STALE_ATTEMPT_MS;
      if (state.name !== 'waiting' && !isStale) return;
      attempt = 0;
      const former = socket;
      socket = null;
      forgetPings();
      former?.close();
      connect();
    },
    measure() {
      if (state.name !== 'registered') return Promise.resolve(null);
      const askedAt = timers.now();
      return new Promise((resolve) => ping((answered) => resolve(answered ? timers.now() - askedAt : null)));
    },
    setBusy(next) {
      if (next === busy) return;
      busy = next;
      if (state.name === 'registered' && !isProbing) keepWatching();
    },
    close: () => end('closed'),
  };
}
