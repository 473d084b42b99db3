import { TIMES } from '@visavis/protocol';
import type { ClientCall, DeviceCalls } from './types.ts';

/** After its deadline a ringing call waits this long for the server's word before it stops by itself. */
export const DEADLINE_GRACE_MS = 5_000;

/**
 * RING5: when this device stops by itself what it hears nothing of; NEG4: when a direct call that has not connected is to go
 * through the SFU. In the server's wall time, ms.
 */
export function deadlineOf(call: ClientCall): number | null {
  switch (call.phase) {
    case 'calling':
    case 'incoming':
      return call.ringDeadlineAt + DEADLINE_GRACE_MS;
    case 'dialing':
    case 'answering':
    case 'joining':
    case 'waiting':
    case 'ended':
      return null;
    case 'joined':
      return call.group === null && call.flow === 'connecting' && !call.askedToForward
        ? call.flowSinceAt + TIMES.forwardAfterMs
        : null;
  }
}

/** When `deadline_passed` is due; null when nothing waits. In the server's wall time, ms. */
export function nextDeviceDeadline(state: DeviceCalls): number | null {
  const times = state.calls.map(deadlineOf).filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}
