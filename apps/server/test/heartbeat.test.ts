import { TIMES } from '@visavis/protocol';
import { expect, test } from 'vitest';
import { judgePulse, SWEEP_MS } from '../src/signaling/heartbeat.ts';

const judge = (isInCall: boolean, silentMs: number, sincePingMs: number) =>
  judgePulse({ isInCall, lastHeardAt: -silentMs, lastPingAt: -sincePingMs }, 0);

test.each([
  [false, TIMES.idlePingMs, TIMES.idleDeadMs],
  [true, TIMES.busyPingMs, TIMES.busyDeadMs],
])('SES4 in a call %s: pinged after %i ms, dead before %i ms are over', (isInCall, pingMs, deadMs) => {
  expect(judge(isInCall, 0, pingMs - 1)).toBe('wait');
  expect(judge(isInCall, 0, pingMs)).toBe('ping');
  expect(judge(isInCall, deadMs - SWEEP_MS - 1, pingMs)).toBe('ping');
  // The next look would be too late.
  expect(judge(isInCall, deadMs - SWEEP_MS, 0)).toBe('dead');
});
