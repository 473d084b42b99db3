import type { ServerMessage } from '@visavis/protocol';
import { CLOSE, LIMITS } from '@visavis/protocol';
import type { BusMessage, SessionEvent, SignedInDevice, Subscription } from '../ports.ts';
import type { Connection } from './connection.ts';

/**
 * One accepted socket of a signed-in device.
 *
 *   waiting ──register──▶ registering ──▶ registered ──▶ closed
 *      └──────────────────────┴───────────────────────────▲
 */
export type LinkState =
  | { readonly phase: 'waiting' }
  /** Events that come in between are for after `registered`. */
  | { readonly phase: 'registering'; readonly early: SessionEvent[] }
  | { readonly phase: 'registered'; readonly sessionId: string; lastSeq: number; ackedSeq: number }
  | { readonly phase: 'closed' };

type Replaced = Extract<BusMessage, { kind: 'replaced' }>;

export interface Link {
  readonly connectionId: string;
  readonly device: SignedInDevice;
  readonly address: string;
  readonly openedAt: number;
  /** The session that its window had before, once it has said so. */
  resume: string | null;
  /** Its window, once it has said so (SES3). */
  window: string | null;
  /** Its place among the sockets that had the device, once it has it; null before. */
  order: number | null;
  /** The latest of the other sockets that have taken the device, as far as this node has heard. */
  successor: Replaced | null;
  readonly connection: Connection;
  state: LinkState;
  lastHeardAt: number;
  lastPingAt: number;
  /** Requests that have no answer yet. */
  underWay: number;
  /** The calls that the device is in (SES4). */
  calls: ReadonlySet<string>;
  /** Replaced when the link is listened for. */
  subscription: Subscription;
}

/** Sends unless the link is closed; a device that does not read is given up. */
function sendText(link: Link, text: string): void {
  if (link.state.phase === 'closed') return;
  if (link.connection.bufferedBytes() > LIMITS.bufferedBytes) {
    link.connection.close(CLOSE.tooSlow);
    return;
  }
  link.connection.send(text);
}

export const sendMessage = (link: Link, message: ServerMessage): void => {
  sendText(link, JSON.stringify(message));
};

/** That a request was done, and nothing more: most answers. Ids are of letters that JSON does not escape. */
export const sendDone = (link: Link, id: string): void => {
  sendText(link, `{"type":"ok","id":"${id}","payload":{}}`);
};

/** SES2: in order and once; an event of a former session is nobody's. */
function sendEvent(link: Link, event: SessionEvent): void {
  const { state } = link;
  if (state.phase === 'registering') state.early.push(event);
  if (state.phase !== 'registered' || state.sessionId !== event.sessionId || event.seq <= state.lastSeq)
    return;
  state.lastSeq = event.seq;
  sendText(link, event.text);
}

/** SES1: the link is the session's from here on; what the device has missed follows. */
export function startSession(
  link: Link,
  registered: Extract<ServerMessage, { type: 'registered' }>,
  replay: { readonly after: number; readonly events: readonly string[] },
): void {
  if (link.state.phase !== 'registering') return;
  const { early } = link.state;
  const { sessionId } = registered.payload;
  link.state = { phase: 'registered', sessionId, lastSeq: replay.after, ackedSeq: replay.after };
  sendMessage(link, registered);
  for (const [n, text] of replay.events.entries())
    sendEvent(link, { sessionId, seq: replay.after + 1 + n, text });
  for (const event of early) sendEvent(link, event);
}

/** For what is counted; the session's own count is the sessions' (SES2). */
export function handleAcknowledged({ state }: Link, seq: number): void {
  if (state.phase === 'registered') state.ackedSeq = Math.min(state.lastSeq, Math.max(state.ackedSeq, seq));
}

/** Remembers that the device is in this call, or no longer (SES4). */
export function joinCall(link: Link, callId: string, joined: boolean): void {
  const calls = new Set(link.calls);
  if (joined) calls.add(callId);
  else calls.delete(callId);
  link.calls = calls;
}

/** Closes for good: nothing that the socket says or how it closes later has an effect (SES3). */
export function detach(link: Link, code: number): void {
  if (link.state.phase === 'closed') return;
  link.state = { phase: 'closed' };
  link.subscription.cancel();
  link.connection.close(code);
}

/** SES3: the link has its device from here on, unless another one has taken it since. */
export function takeDevice(link: Link, order: number): void {
  link.order = order;
  giveUpTo(link);
}

/** Whichever came first is heard first: a link that has not its device yet takes it later than this one did, or hears that it is too late. */
function giveUpTo(link: Link): void {
  const { successor, order, state } = link;
  if (successor === null || order === null || successor.order < order) return;
  // Where a socket that this window has given up is heard after this one, nobody took over.
  const known = [link.resume, state.phase === 'registered' ? state.sessionId : null];
  const isSameWindow =
    (successor.byResume !== undefined && known.includes(successor.byResume)) ||
    (successor.byWindow !== undefined && successor.byWindow === link.window);
  detach(link, isSameWindow ? CLOSE.restart : CLOSE.replaced);
}

/** What other parts, here or on other nodes, have for this device. */
export function handleBusMessage(
  link: Link,
  message: BusMessage,
  handle: {
    readonly signOut: () => void;
    readonly rename: (name: string) => void;
    /** The device has another session by now, which this link is not part of: it has to come back. */
    readonly startAnew: () => void;
  },
): void {
  switch (message.kind) {
    case 'event':
      if (link.state.phase === 'registered' && link.state.sessionId !== message.sessionId) handle.startAnew();
      else sendEvent(link, message);
      break;
    case 'notice':
      if (link.state.phase === 'registered') sendText(link, message.text);
      break;
    case 'replaced':
      if (message.byConnectionId === link.connectionId) break;
      if (link.successor === null || link.successor.order < message.order) link.successor = message;
      giveUpTo(link);
      break;
    case 'signed_out':
      detach(link, CLOSE.unauthenticated);
      handle.signOut();
      break;
    case 'in_call':
      joinCall(link, message.callId, message.joined);
      break;
    case 'renamed':
      handle.rename(message.name);
      break;
    case 'media_request':
    case 'media_answer':
    case 'media_left':
    case 'media_part':
  }
}
