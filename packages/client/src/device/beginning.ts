import type { ClientCall } from '@visavis/call';
import type { DirectMedia } from '../media/index.ts';

/** Of somebody who sends nothing, nothing arrives: what can wait for it does not wait longer. */
const BEGINNING_MS = 3_000;

/** What is known of the beginning of a direct call. */
export interface Beginning {
  readonly media: DirectMedia | null;
  /** Something of the other was seen or heard on the direct media. */
  hasArrived: boolean;
  /** When it was first waited for. */
  beganAt: number | null;
}

/** Whether nothing has arrived yet: this thread has no time for what can wait. */
export function isBeginning({ phase }: ClientCall, of: Beginning, now: number): boolean {
  if (phase !== 'joined' || of.media === null || of.hasArrived) return false;
  of.beganAt ??= now;
  return now - of.beganAt < BEGINNING_MS;
}
