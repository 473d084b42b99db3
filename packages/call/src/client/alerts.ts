import { isActive } from './changes.ts';
import type { DeviceCalls } from './types.ts';

/** What a device sounds like (RING9): a function of its calls, so that it stops the moment they change. */
export type Alert = 'ringtone' | 'call_waiting' | 'ringback' | 'none';

export function alertOf(state: DeviceCalls): Alert {
  const rings = state.calls.some((call) => call.phase === 'incoming' && !call.silent);
  if (rings) return state.calls.some(isActive) ? 'call_waiting' : 'ringtone';
  const tries = state.calls.some(
    (call) => call.phase === 'calling' && call.progress.some(({ reach }) => reach !== 'unreachable'),
  );
  return tries ? 'ringback' : 'none';
}
