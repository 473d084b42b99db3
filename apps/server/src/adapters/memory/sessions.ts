import { acknowledge, createOutbox, eventsAfter, pushEvent, type Outbox } from '@visavis/call';
import type { Bus, Sessions } from '../../ports.ts';

/** Sessions of a single node. */
export function createMemorySessions(bus: Pick<Bus, 'publish'>): Sessions {
  const sessions = new Map<
    string,
    { readonly sessionId: string; outbox: Outbox; readonly keys: Set<string> }
  >();
  return {
    open: async (deviceId, sessionId) => {
      sessions.set(deviceId, { sessionId, outbox: createOutbox(), keys: new Set() });
    },
    resume: async (deviceId, sessionId, lastSeq) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId !== sessionId) return null;
      const events = eventsAfter(session.outbox, lastSeq);
      if (events !== null) session.outbox = acknowledge(session.outbox, lastSeq);
      return events;
    },
    push: async (deviceId, event, key = null) => {
      const session = sessions.get(deviceId);
      if (session === undefined || (key !== null && session.keys.has(key))) return null;
      if (key !== null) remember(session.keys, key);
      const pushed = pushEvent(session.outbox, event);
      session.outbox = pushed.outbox;
      const numbered = { sessionId: session.sessionId, event: pushed.event };
      bus.publish(deviceId, { kind: 'event', ...numbered });
      return numbered;
    },
    acknowledge: async (deviceId, sessionId, seq) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId === sessionId) session.outbox = acknowledge(session.outbox, seq);
    },
    close: async (deviceId, sessionId) => {
      if (sessions.get(deviceId)?.sessionId === sessionId) sessions.delete(deviceId);
    },
  };
}

/** How many keys are remembered; the same is handed over again soon or never. */
const KEYS_KEPT = 512;

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  const oldest = keys.keys().next();
  if (keys.size > KEYS_KEPT && oldest.done !== true) keys.delete(oldest.value);
}
