import type { ErrorCode } from '@visavis/protocol';
import type { CallDevice, Participation } from '../server/index.ts';
import { findDevice } from './find.ts';
import type { GroupCall, GroupEffect, GroupMember, GroupStep, LiveGroup } from './types.ts';

export const unchanged = (call: GroupCall): GroupStep => ({ call, effects: [], refusal: null });
export const refuse = (call: GroupCall, refusal: ErrorCode): GroupStep => ({ call, effects: [], refusal });
export const done = (call: GroupCall, effects: readonly GroupEffect[]): GroupStep => ({
  call,
  effects,
  refusal: null,
});

/** @returns the call with this person changed, or added at the end */
export function putMember(call: LiveGroup, member: GroupMember): LiveGroup {
  const isKnown = call.people.some(({ user }) => user.userId === member.user.userId);
  return {
    ...call,
    people: isKnown
      ? call.people.map((each) => (each.user.userId === member.user.userId ? member : each))
      : [...call.people, member],
  };
}

/** @returns the call with this device's part changed, or added at the end */
export function putPart(call: LiveGroup, device: CallDevice, part: Participation, now: number): LiveGroup {
  const known = findDevice(call, device.deviceId);
  if (known === undefined)
    return { ...call, participants: [...call.participants, { device, invitedAt: now, part }] };
  // Whoever joins anew comes last: what is in the order of joining stays so.
  if (part.state === 'joined' && known.part.state !== 'joined') {
    const others = call.participants.filter((each) => each !== known);
    return { ...call, participants: [...others, { ...known, device, part }] };
  }
  return {
    ...call,
    participants: call.participants.map((each) => (each === known ? { ...each, device, part } : each)),
  };
}

/** @returns the call in which all devices of these people that ring or have joined have the part that `end` gives */
export function endParts(
  call: LiveGroup,
  userId: string,
  end: (part: Participation) => Participation,
): LiveGroup {
  return {
    ...call,
    participants: call.participants.map((each) => {
      const isLive =
        each.part.state === 'joined' || each.part.state === 'invited' || each.part.state === 'ringing';
      return each.device.userId === userId && isLive ? { ...each, part: end(each.part) } : each;
    }),
  };
}

/** A device that crashed left when it was last heard of, not when the server gave it up. */
export const leftPart = (part: Participation, now: number): Participation =>
  part.state === 'joined'
    ? {
        state: 'left',
        joinedAt: part.joinedAt,
        // Where it has time to come back after a start, that is still ahead.
        leftAt: Math.max(part.joinedAt, Math.min(part.silentSinceAt ?? now, now)),
      }
    : { state: 'missed', leftAt: now };
