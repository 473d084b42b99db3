import { passKeysDeadline, stepKeys, type KeyEvent, type KeyScene, type KeyStep } from '../keys/index.ts';
import { joinedParticipants } from './participants.ts';
import type { CallStep, ConnectedCall, RingingCall } from './types.ts';

type LiveCall = RingingCall | ConnectedCall;

/** KEY1: of a device that is in the call, which the caller's is while it rings. Nobody leaves it without ending it. */
export const stepCallKeys = (call: LiveCall, event: KeyEvent, now: number): CallStep =>
  withKeys(call, stepKeys(call.keys, event, sceneOf(call, now)));

/** KEY5. */
export const passCallKeysDeadline = (call: LiveCall, now: number): CallStep =>
  withKeys(call, passKeysDeadline(call.keys, sceneOf(call, now)));

const sceneOf = (call: LiveCall, now: number): KeyScene => ({
  callId: call.callId,
  present: joinedParticipants(call).map(({ device }) => device.deviceId),
  now,
});

const withKeys = (call: LiveCall, { keys, effects, refusal }: KeyStep): CallStep => ({
  call: keys === call.keys ? call : { ...call, keys },
  effects,
  refusal,
});
