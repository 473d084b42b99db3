import { acknowledge, createOutbox, eventsAfter, pushEvent, type Outbox } from '@visavis/call';
import type { Bus, Sessions } from '../../ports.ts';

/** Sessions of a single node. */
export function createMemorySessions(bus: Pick<Bus, 'publish'>): Sessions {
  const sessions = new Map<string, { readonly sessionId: string; outbox: Outbox }>();
  return {
    open: async (deviceId, sessionId) => {
      sessions.set(deviceId, { sessionId, outbox: createOutbox() });
    },
    resume: async (deviceId, sessionId, lastSeq) => {
      const session = sessions.get(deviceId);
      if (session?.sessionId !== sessionId) return null;
      const events = eventsAfter(session.outbox, lastSeq);
      if (events !== null) session.outbox = acknowledge(session.outbox, lastSeq);
      return events;
    },
    push: async (deviceId, event) => {
      const session = sessions.get(deviceId);
      if (session === undefined) return null;
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
