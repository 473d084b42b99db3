import type { EndReason } from '@visavis/protocol';
import type { Call, CallEffect, EndedCall } from './types.ts';
import { describeProgress, viewCall } from './view.ts';

/** The `ring` for one invited device (RING2). */
export function ringEffects(call: Call, deviceId: string): readonly CallEffect[] {
  const snapshot = viewCall(call, deviceId);
  if (snapshot === null) return [];
  return [
    { type: 'send', deviceId, event: { type: 'ring', callId: call.callId, payload: { call: snapshot } } },
  ];
}

/** Tells the caller's device how far ringing got (RING3). */
export function progressEffects(call: Call): readonly CallEffect[] {
  const caller = call.participants[0];
  if (call.state !== 'ringing' || caller === undefined) return [];
  const payload = { progress: describeProgress(call), ringDeadlineAt: call.ringDeadlineAt };
  return [
    {
      type: 'send',
      deviceId: caller.device.deviceId,
      event: { type: 'call_progress', callId: call.callId, payload },
    },
  ];
}

/** The `call_ended` for one device; `by` names the device of the same user that took or declined the call. */
export function endedEvent(
  call: EndedCall,
  deviceId: string,
  reason: EndReason,
  by: string | null = null,
): CallEffect {
  return {
    type: 'send',
    deviceId,
    event: {
      type: 'call_ended',
      callId: call.callId,
      payload: { reason, endedAt: call.endedAt, connectedAt: call.connectedAt, by },
    },
  };
}

/** HIST1: everybody in whose history the call stands. */
export function historyChanged(call: Call): CallEffect {
  const userIds = call.concealed ? [call.caller.userId] : [call.caller.userId, call.callee.userId];
  return { type: 'history_changed', userIds };
}
