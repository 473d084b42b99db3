import type { DeviceRequest } from '@visavis/call';
import { ClientMessage, type ServerEvent } from '@visavis/protocol';
import { createLink, type LinkState, type SocketHandlers } from '../../src/signaling/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

export const DEVICE = '00000000-0000-4000-8000-00000000000d';
export const SESSION = '00000000-0000-4000-8000-00000000005e';
const CALL = '00000000-0000-4000-8000-0000000000ca';

/** A link whose sockets the test holds the other ends of. */
export function createBench() {
  const timers = createVirtualTimers();
  const sockets: { handlers: SocketHandlers; sent: unknown[]; closed: boolean }[] = [];
  const states: LinkState[] = [];
  const events: ServerEvent[] = [];
  const registrations: { resumed: boolean; clockOffsetMs: number }[] = [];
  let ids = 0;
  const link = createLink({
    url: 'ws://server/signaling',
    deviceId: DEVICE,
    timers,
    random: () => 0.5,
    makeId: () => `id-${(ids += 1)}`,
    openSocket(_url, handlers) {
      const socket = { handlers, sent: [] as unknown[], closed: false };
      sockets.push(socket);
      return {
        send(text) {
          socket.sent.push(ClientMessage.parse(JSON.parse(text)));
        },
        close() {
          socket.closed = true;
        },
      };
    },
    handlers: {
      onState: (state) => states.push(state),
      onRegistered: (session) => registrations.push(session),
      onEvent: (event) => events.push(event),
      onNotice: () => undefined,
    },
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const say = (message: object): void => last().handlers.onText(JSON.stringify(message));
  const lastSent = () => ClientMessage.parse(last().sent.at(-1));
  const register = (resumed = false): void => {
    last().handlers.onOpen();
    const message = lastSent();
    if (message.type !== 'register') throw new Error('the first message is not register');
    say({
      type: 'registered',
      id: message.id,
      payload: { sessionId: SESSION, resumed, serverTime: timers.now() + 5_000, calls: [] },
    });
  };
  return { timers, sockets, states, events, registrations, link, last, say, lastSent, register };
}

export const ended = (seq: number): ServerEvent => ({
  type: 'call_ended',
  seq,
  callId: CALL,
  payload: { reason: 'hangup', endedAt: 1, connectedAt: null, by: null },
});
export const cancel: DeviceRequest = { type: 'cancel_call', callId: CALL, payload: {} };
