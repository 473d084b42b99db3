import type { ClientMessage, RequestAnswer, ServerEvent, ServerMessage } from '@visavis/protocol';
import { PROTOCOL_VERSION } from '@visavis/protocol';
import type { DeviceInput, DeviceRequest } from '../client/index.ts';
import { reconnectDelayMs, type Inbox } from '../session/index.ts';
import type { SimulatedServer } from './server.ts';
import { createWire, type Wire } from './wire.ts';
import { KIND, must, type World } from './world.ts';

const ACK_DELAY_MS = 40;

export interface LinkEvents {
  registered(input: Extract<DeviceInput, { type: 'registered' }>): void;
  event(event: ServerEvent): void;
  answered(key: string, request: DeviceRequest, answer: RequestAnswer): void;
}

/** One device's session through however many sockets it takes (SES1, SES2, SES5). */
export interface SimulatedLink {
  connect(): void;
  request(key: string, request: DeviceRequest): void;
  /** The path dies under it. */
  cut(): void;
  /** The path dies and stays dead for that long. */
  goDark(forMs: number): void;
  /** The socket is given up, what was sent arrives; it comes back by itself. */
  drop(): void;
  /** Everything that only memory held is gone. Comes back after that long, if ever. */
  forget(backAfterMs: number | null): void;
  isQuiet(): boolean;
  /** Since when it is registered on a path that works; null if it is not. */
  soundSinceAt(): number | null;
}

export function createLink(
  world: World,
  server: SimulatedServer,
  deviceId: string,
  events: LinkEvents,
): SimulatedLink {
  const { clock, random, machines, makeId } = world;
  const pending = new Map<string, { readonly key: string; readonly request: DeviceRequest }>();
  let wire: Wire | null = null;
  let isRegistered = false;
  let inbox: Inbox | null = null;
  let attempt = 0;
  let registeredAt = 0;
  let isPathDead = false;
  let darkUntil = 0;
  let ackWaits = false;
  let cancelReconnect = doNothing;

  function connect(): void {
    cancelReconnect();
    if (clock.now() < darkUntil) return lose();
    const opened: Wire = createWire(
      world,
      {
        receive: (message) => {
          if (opened === wire) receive(message);
        },
        closed: () => {
          if (opened === wire) lose();
        },
      },
      server.open({ send: (message) => opened.sendDown(message), shut: () => opened.shut() }),
    );
    wire = opened;
    isPathDead = false;
    isRegistered = false;
    const resume = inbox === null ? null : { sessionId: inbox.sessionId, lastSeq: inbox.lastSeq };
    const payload = { protocol: PROTOCOL_VERSION, deviceId, resume };
    opened.sendUp({ type: 'register', id: makeId(KIND.request), payload });
  }

  function lose(): void {
    wire = null;
    isRegistered = false;
    // The wait for the server's `register` answer and slow name servers are in it.
    cancelReconnect = clock.after(reconnectDelayMs(attempt, random.next()) + random.between(1, 50), connect);
    attempt += 1;
  }

  function receive(message: ServerMessage): void {
    switch (message.type) {
      case 'registered': {
        const { sessionId, resumed, calls } = message.payload;
        if (!resumed || inbox === null) inbox = { sessionId, lastSeq: 0 };
        isRegistered = true;
        registeredAt = clock.now();
        attempt = 0;
        // What waited goes first: what the device says now is newer.
        for (const [id, { request }] of pending) wire?.sendUp(toMessage(id, request));
        events.registered({ type: 'registered', resumed, calls });
        return;
      }
      case 'ok':
      case 'error': {
        const id = message.id ?? '';
        const entry = pending.get(id);
        pending.delete(id);
        if (entry !== undefined) events.answered(entry.key, entry.request, message);
        return;
      }
      case 'presence':
      case 'history_changed':
      case 'profile_changed':
      case 'group_calls':
      case 'groups_changed':
      case 'approval':
      case 'own_calls_changed':
      case 'move_offered':
      case 'move_over':
      case 'media_tracks':
      case 'media_speaker':
      case 'media_layers':
      case 'media_demand':
      case 'media_lost':
      case 'media_moving':
      case 'pong':
        return;
      case 'ring':
      case 'call_progress':
      case 'call_answered':
      case 'call_ended':
      case 'media_changed':
      case 'group_changed':
      case 'call_grew':
      case 'call_data':
      case 'media_asked':
      case 'offer':
      case 'answer':
      case 'ice_candidate':
      case 'keys_proposed':
      case 'keys_committed':
      case 'keys_welcome':
      case 'keys_reset':
        receiveEvent(message);
    }
  }

  function receiveEvent(event: ServerEvent): void {
    if (inbox === null) return;
    const received = machines.receiveEvent(inbox, event.seq);
    must(received.verdict !== 'gap', () => `SES2 event ${event.seq} after ${inbox?.lastSeq}: one is missing`);
    must(received.verdict !== 'repeat', () => `SES2 event ${event.seq} came twice`);
    inbox = received.inbox;
    events.event(event);
    if (ackWaits) return;
    ackWaits = true;
    clock.after(ACK_DELAY_MS, () => {
      ackWaits = false;
      if (isRegistered && inbox !== null) wire?.sendUp({ type: 'ack', payload: { seq: inbox.lastSeq } });
    });
  }

  return {
    connect,
    request(key, request) {
      const id = makeId(KIND.request);
      pending.set(id, { key, request });
      if (isRegistered) wire?.sendUp(toMessage(id, request));
    },
    goDark(forMs) {
      darkUntil = clock.now() + forMs;
      isPathDead = true;
      wire?.cut();
    },
    cut() {
      isPathDead = true;
      wire?.cut();
    },
    drop() {
      if (wire === null) return;
      wire.abandon();
      lose();
    },
    forget(backAfterMs) {
      wire?.abandon();
      wire = null;
      isRegistered = false;
      inbox = null;
      pending.clear();
      cancelReconnect();
      if (backAfterMs !== null) cancelReconnect = clock.after(backAfterMs, connect);
    },
    soundSinceAt: () => (isRegistered && !isPathDead ? registeredAt : null),
    isQuiet: () => isRegistered && pending.size === 0,
  };
}

const toMessage = (id: string, request: DeviceRequest): ClientMessage => ({ ...request, id });

function doNothing(): void {}
