import type { UnnumberedEvent } from '@visavis/protocol';

/** An event as its device gets it, once the session has numbered it. */
export const writeEvent = ({ type, callId, payload }: UnnumberedEvent, seq: number): string =>
  JSON.stringify({ type, seq, callId, payload });
