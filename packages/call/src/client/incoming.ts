import type { CallSnapshot } from '@visavis/protocol';
import { findByCallId, putCall, step, toIncoming } from './changes.ts';
import type { DeviceCalls, DeviceStep } from './types.ts';

/** RING2, RING3: rings here, and says so. NEG3: what needs nothing from the caller is made ready meanwhile. */
export function placeIncoming(state: DeviceCalls, snapshot: CallSnapshot): DeviceStep {
  const incoming = toIncoming(snapshot);
  const isPrepared = findByCallId(state, snapshot.callId)?.phase === 'incoming';
  const { key, callId, silent } = incoming;
  return step(
    putCall(state, incoming),
    { type: 'request', key, request: { type: 'report_ringing', callId, payload: { silent } } },
    ...(isPrepared ? [] : [{ type: 'media_prepare', key, polite: true } as const]),
  );
}
