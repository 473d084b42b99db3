import type { ServerEvent, UnnumberedEvent } from '@visavis/protocol';
import { LIMITS } from '@visavis/protocol';

/**
 * The events of one session that its device has not acknowledged yet (SES2).
 *
 * @typeParam Kept - what is kept of an event, for example its text
 */
export interface Outbox<Kept = ServerEvent> {
  /** The `seq` of the newest event; 0 before the first. */
  readonly lastSeq: number;
  /** Oldest first, without gaps: the last one is the one numbered `lastSeq`. */
  readonly events: readonly Kept[];
}

const EMPTY: Outbox<never> = { lastSeq: 0, events: [] };
export const createOutbox = <Kept = ServerEvent>(): Outbox<Kept> => EMPTY;

/**
 * Keeps the next event, the one numbered `lastSeq + 1`. When more than {@link LIMITS.outboxEvents} wait, the oldest is dropped:
 * a device that has been away that long cannot resume and starts anew with a snapshot.
 */
export function keepNext<Kept>({ lastSeq, events }: Outbox<Kept>, kept: Kept): Outbox<Kept> {
  const before = events.length < LIMITS.outboxEvents ? events : events.slice(1);
  return { lastSeq: lastSeq + 1, events: [...before, kept] };
}

/** Numbers an event and keeps it. */
export function pushEvent(
  outbox: Outbox,
  unnumbered: UnnumberedEvent,
): { readonly outbox: Outbox; readonly event: ServerEvent } {
  const event: ServerEvent = { ...unnumbered, seq: outbox.lastSeq + 1 };
  return { outbox: keepNext(outbox, event), event };
}

/** Forgets every event up to `seq`. A `seq` that was never sent, or is forgotten already, changes nothing. */
export function acknowledge<Kept>(outbox: Outbox<Kept>, seq: number): Outbox<Kept> {
  const left = outbox.lastSeq - seq;
  if (left < 0 || left >= outbox.events.length) return outbox;
  return { lastSeq: outbox.lastSeq, events: outbox.events.slice(outbox.events.length - left) };
}

/**
 * What a device that has handled everything up to `lastSeq` still has to get.
 *
 * @returns null when that cannot be told any more, or never could: the session cannot be resumed
 */
export function eventsAfter<Kept>(outbox: Outbox<Kept>, lastSeq: number): readonly Kept[] | null {
  const missed = outbox.lastSeq - lastSeq;
  if (missed < 0 || missed > outbox.events.length) return null;
  return outbox.events.slice(outbox.events.length - missed);
}
