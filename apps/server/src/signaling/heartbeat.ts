import { TIMES } from '@visavis/protocol';

/** How often every socket is looked at. */
export const SWEEP_MS = 1_000;

export interface Pulse {
  readonly isInCall: boolean;
  readonly lastHeardAt: number;
  readonly lastPingAt: number;
}

/**
 * SES4: what to do with a socket now. It is given up one sweep early, so that a dead device is gone when the time is over and
 * not a sweep later.
 */
export function judgePulse(
  { isInCall, lastHeardAt, lastPingAt }: Pulse,
  now: number,
): 'dead' | 'ping' | 'wait' {
  const [pingMs, deadMs] = isInCall
    ? [TIMES.busyPingMs, TIMES.busyDeadMs]
    : [TIMES.idlePingMs, TIMES.idleDeadMs];
  if (now - lastHeardAt >= deadMs - SWEEP_MS) return 'dead';
  return now - lastPingAt >= pingMs ? 'ping' : 'wait';
}
