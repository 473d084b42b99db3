import type { CallType, UserSummary } from '@visavis/protocol';
import { TIMES } from '@visavis/protocol';
import { initialMediaState, inviteDevice } from './participants.ts';
import { endedEvent, historyChanged, ringEffects } from './effects.ts';
import type { Call, CallDevice, CallEffect } from './types.ts';

export interface DialInput {
  readonly callId: string;
  readonly callType: CallType;
  readonly caller: UserSummary;
  readonly callerDevice: CallDevice;
  readonly callee: UserSummary;
  /** The callee's devices that are online now. */
  readonly calleeDevices: readonly CallDevice[];
  readonly policy: CalleePolicy;
  readonly now: number;
  /** How long to ring (RING5); {@link TIMES.ringMs} unless the operator set another time. */
  readonly ringMs: number;
}

/** What the callee's settings and state say about this caller (RING3, RING6, RING8). */
export interface CalleePolicy {
  readonly inCall: boolean;
  readonly callWaiting: boolean;
  readonly doNotDisturb: boolean;
  readonly admits: 'ring' | 'silent' | 'nothing';
}

/**
 * Makes a call: `ringing`, or `busy` at once (RING6). Somebody whom the callee does not admit gets the same as when no
 * device is online, and no way to tell the two apart (RING8).
 */
export function dialCall(input: DialInput): { readonly call: Call; readonly effects: readonly CallEffect[] } {
  const { now, policy } = input;
  const concealed = policy.admits === 'nothing';
  const devices = concealed ? [] : input.calleeDevices;
  const base = {
    callId: input.callId,
    callType: input.callType,
    caller: input.caller,
    callee: input.callee,
    createdAt: now,
    ringLimitAt: now + input.ringMs,
    silent: policy.doNotDisturb || policy.admits === 'silent',
    concealed,
  };
  const caller = {
    device: input.callerDevice,
    role: 'caller',
    invitedAt: now,
    part: {
      state: 'joined',
      joinedAt: now,
      mediaState: initialMediaState(input.callType),
      flow: 'connecting',
      silentSinceAt: null,
    },
  } as const;
  if (!concealed && policy.inCall && !policy.callWaiting) {
    const call: Call = {
      ...base,
      state: 'busy',
      connectedAt: null,
      endedAt: now,
      endReason: 'busy',
      participants: [{ ...caller, part: { state: 'left', joinedAt: now, leftAt: now } }],
    };
    return { call, effects: [endedEvent(call, input.callerDevice.deviceId, 'busy'), historyChanged(call)] };
  }
  const call: Call = {
    ...base,
    state: 'ringing',
    ringDeadlineAt: now + (devices.length > 0 ? input.ringMs : Math.min(TIMES.unreachableMs, input.ringMs)),
    held: [],
    keys: null,
    participants: [caller, ...devices.map((device) => inviteDevice(device, now))],
  };
  return {
    call,
    effects: [...devices.flatMap((device) => ringEffects(call, device.deviceId)), historyChanged(call)],
  };
}
