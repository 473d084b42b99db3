import {
  leaveKeys,
  passKeysDeadline,
  stepKeys,
  type KeyEvent,
  type KeyScene,
  type KeyStep,
} from '../keys/index.ts';
import { joinedOf } from './find.ts';
import type { GroupCall, GroupStep, LiveGroup } from './types.ts';

/** KEY1: of a device that is in the call. */
export const stepGroupKeys = (call: LiveGroup, event: KeyEvent, now: number): GroupStep =>
  withKeys(call, stepKeys(call.keys, event, sceneOf(call, now)));

/** KEY5. */
export const passGroupKeysDeadline = (call: LiveGroup, now: number): GroupStep =>
  withKeys(call, passKeysDeadline(call.keys, sceneOf(call, now)));

/** KEY4: the one end of every step: whoever is not in the call any more is to be removed, whatever it was that they left by. */
export function settleKeys(before: GroupCall, step: GroupStep, now: number): GroupStep {
  const { call, effects } = step;
  if (call.state !== 'live' || before.participants === call.participants) return step;
  const settled = withKeys(call, leaveKeys(call.keys, sceneOf(call, now)));
  return { ...settled, effects: [...effects, ...settled.effects] };
}

const sceneOf = (call: LiveGroup, now: number): KeyScene => ({
  callId: call.callId,
  present: joinedOf(call).map(({ device }) => device.deviceId),
  now,
});

const withKeys = (call: LiveGroup, { keys, effects, refusal }: KeyStep): GroupStep => ({
  call: keys === call.keys ? call : { ...call, keys },
  effects,
  refusal,
});
