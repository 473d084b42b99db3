import { must } from '@visavis/call/simulation';
import { ServerEvent, type UnnumberedEvent } from '@visavis/protocol';
import * as z from 'zod/mini';
import { count, type World } from '../world.ts';

/** Every event that was numbered for a session, in the order in which Redis did it. */
export interface Pushes {
  /** Sees what is published; anything but an event of a device is left alone. */
  readonly observe: (channel: string, message: string) => void;
  find(sessionId: string, seq: number): ServerEvent | undefined;
  lastSeq(sessionId: string): number;
  /** There was no session to take it. */
  readonly noteUnheard: (event: UnnumberedEvent) => void;
  /** Whether a signal with this content has ever been numbered for anybody, or there was nobody to hear it. */
  hasSignal(event: ServerEvent | Pick<ServerEvent, 'type' | 'callId' | 'payload'>): boolean;
  /** When Redis last lost everything, in ms since 1970; never: minus infinity. */
  forgottenAt(): number;
  /** Redis has lost everything: who has heard what is not known any more. */
  forget(): void;
}

/** Session, number and text. */
const MESSAGE = /^event (\S+) (\d+) (\{.*\})$/s;

export function createPushes(world: World): Pushes {
  const sessions = new Map<string, ServerEvent[]>();
  const signals = new Set<string>();
  /** The device and the call, of those that were told that it is over. */
  const ended = new Set<string>();

  /** The session, what happens once in it, and to which call. */
  const told = new Set<string>();
  let forgottenAt = -Infinity;

  const audit = (channel: string, sessionId: string, event: ServerEvent): void => {
    const once = isSignal(event) ? contentOf(event) : `${event.type} ${event.callId}`;
    if (isSignal(event) || event.type === 'ring' || event.type === 'call_answered') {
      must(!told.has(`${sessionId} ${once}`), () => `SES2 ${event.type} is said twice to ${channel}`);
      told.add(`${sessionId} ${once}`);
    }
    const about = `${channel} ${event.callId}`;
    if (event.type === 'call_ended') {
      must(!ended.has(about), () => `CALL2 ${about} is told twice that it is over`);
      ended.add(about);
    }
    must(!isPassing(event) || !ended.has(about), () => `RING5 ${event.type} comes after the end of ${about}`);
  };
  return {
    observe: (channel, message) => {
      if (!message.startsWith('event ')) return;
      const [, sessionId = '', seq = '', text = ''] = MESSAGE.exec(message) ?? [];
      const event = z.parse(ServerEvent, JSON.parse(text));
      count(world, 'events');
      world.note(() => `→ ${channel.slice(-4)} ${String(event.seq)} ${event.type} ${event.callId.slice(-4)}`);
      const events = sessions.get(sessionId) ?? [];
      sessions.set(sessionId, events);
      if (isSignal(event)) signals.add(contentOf(event));
      try {
        must(
          event.seq === Number(seq),
          () => `SES2 ${event.type} says that it has another number than ${seq}`,
        );
        must(event.seq === events.length + 1, () => `SES2 ${event.type} has the number ${String(event.seq)}`);
        audit(channel, sessionId, event);
      } catch (error) {
        world.fail(error);
      }
      events.push(event);
    },
    find: (sessionId, seq) => sessions.get(sessionId)?.[seq - 1],
    lastSeq: (sessionId) => sessions.get(sessionId)?.length ?? 0,
    noteUnheard: (event) => {
      signals.add(contentOf(event));
    },
    hasSignal: (event) => signals.has(contentOf(event)),
    forgottenAt: () => forgottenAt,
    forget: () => {
      forgottenAt = world.clock.now();
      ended.clear();
    },
  };
}

/** What is wrong once the call is over. */
const isPassing = ({ type }: ServerEvent): boolean =>
  type === 'ring' || type === 'call_progress' || type === 'media_changed';

const isSignal = ({ type }: ServerEvent): boolean =>
  type === 'offer' || type === 'answer' || type === 'ice_candidate';

const contentOf = ({ type, callId, payload }: Pick<ServerEvent, 'type' | 'callId' | 'payload'>): string =>
  `${type} ${callId} ${JSON.stringify(Object.entries(payload).sort(([one], [other]) => (one < other ? -1 : 1)))}`;
