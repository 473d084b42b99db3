import type { ServerEvent, UnnumberedEvent } from '@visavis/protocol';
import { LIMITS } from '@visavis/protocol';

/** The events of one session that its device has not acknowledged yet (SES2). */
export interface Outbox {
  /** The `seq` of the newest event; 0 before the first. */
  readonly lastSeq: number;
  /** Oldest first, without gaps. */
  readonly events: readonly ServerEvent[];
}

const EMPTY: Outbox = { lastSeq: 0, events: [] };
export const createOutbox = (): Outbox => EMPTY;

/**
 * Numbers an event and keeps it. When more than {@link LIMITS.outboxEvents} wait, the oldest is dropped: a device that has
 * been away that long cannot resume and starts anew with a snapshot.
 */
export function pushEvent(
  outbox: Outbox,
  unnumbered: UnnumberedEvent,
): { readonly outbox: Outbox; readonly event: ServerEvent } {
  const event: ServerEvent = { ...unnumbered, seq: outbox.lastSeq + 1 };
  const { events: before } = outbox;
  const events = [...(before.length < LIMITS.outboxEvents ? before : before.slice(1)), event];
  return { outbox: { lastSeq: event.seq, events }, event };
}

/** Forgets every event up to `seq`. A `seq` that was never sent, or is forgotten already, changes nothing. */
export function acknowledge(outbox: Outbox, seq: number): Outbox {
  if (seq > outbox.lastSeq) return outbox;
  const events = outbox.events.filter((event) => event.seq > seq);
  return events.length === outbox.events.length ? outbox : { ...outbox, events };
}

/**
 * What a device that has handled everything up to `lastSeq` still has to get.
 *
 * @returns null when that cannot be told any more, or never could: the session cannot be resumed
 */
export function eventsAfter(outbox: Outbox, lastSeq: number): readonly ServerEvent[] | null {
  if (lastSeq > outbox.lastSeq) return null;
  const missed = outbox.events.filter((event) => event.seq > lastSeq);
  return missed.length === outbox.lastSeq - lastSeq ? missed : null;
}
