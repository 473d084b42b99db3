import { acknowledge, createOutbox, eventsAfter, keepNext, type Outbox } from '@visavis/call';
import { placeInCall } from '../../calls/placeInCall.ts';
import type { Bus, Sessions } from '../../ports.ts';
import { writeEvent } from '../../signaling/eventText.ts';

interface Session {
  readonly sessionId: string;
  /** Of the socket that has it. */
  order: number;
  outbox: Outbox<string>;
  /** Null until there is one: most sessions get no events. */
  keys: Set<string> | null;
}

/** Sessions of a single node. */
export function createMemorySessions(bus: Pick<Bus, 'publish'>): Sessions {
  const sessions = new Map<string, Session>();
  const newest = new Map<string, number>();
  return {
    open: async (deviceId, sessionId, order) => {
      if ((sessions.get(deviceId)?.order ?? 0) > order) return false;
      sessions.set(deviceId, { sessionId, order, outbox: createOutbox(), keys: null });
      return true;
    },
    resume: async (deviceId, sessionId, lastSeq, order) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId !== sessionId || session.order > order) return null;
      const events = eventsAfter(session.outbox, lastSeq);
      if (events === null) return null;
      session.outbox = acknowledge(session.outbox, lastSeq);
      session.order = order;
      return events;
    },
    push: (deviceId, event, key = null, order = null) => {
      const session = sessions.get(deviceId);
      if (order !== null && !isNewest(newest, `${deviceId} ${order.of}`, order.number))
        return session === undefined ? null : 'known';
      if (session === undefined) return null;
      const place = placeInCall(event);
      if (place === 'passes' && session.keys?.has(overKey(event.callId)) === true) return 'known';
      if (key !== null && session.keys?.has(key)) return 'known';
      if (key !== null) remember((session.keys ??= new Set()), key);
      if (place === 'ends') remember((session.keys ??= new Set()), overKey(event.callId));
      const seq = session.outbox.lastSeq + 1;
      const text = writeEvent(event, seq);
      session.outbox = keepNext(session.outbox, text);
      const pushed = { kind: 'event', sessionId: session.sessionId, seq, text } as const;
      bus.publish(deviceId, pushed);
      return pushed;
    },
    acknowledge: (deviceId, sessionId, seq) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId === sessionId) session.outbox = acknowledge(session.outbox, seq);
    },
    close: async (deviceId, sessionId, order) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId === sessionId && session.order <= order) sessions.delete(deviceId);
    },
  };
}

/** Of how many orders the newest is remembered. */
const NEWEST_KEPT = 4_096;

function isNewest(newest: Map<string, number>, name: string, number: number): boolean {
  if (number < (newest.get(name) ?? -1)) return false;
  newest.delete(name);
  newest.set(name, number);
  const oldest = newest.keys().next();
  if (newest.size > NEWEST_KEPT && oldest.done !== true) newest.delete(oldest.value);
  return true;
}

/** How many keys are remembered; the same is handed over again soon or never. */
const KEYS_KEPT = 512;

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  const oldest = keys.keys().next();
  if (keys.size > KEYS_KEPT && oldest.done !== true) keys.delete(oldest.value);
}

/** Among the keys of a session: this call is over for it. */
const overKey = (callId: string): string => `over ${callId}`;
