import type { EndReason } from '@visavis/protocol';
import { isRung } from '../server/participants.ts';
import { endParts, leftPart, putMember, putPart, unchanged } from './change.ts';
import { endedEffect } from './effects.ts';
import { devicesOf, findMember } from './find.ts';
import { settle } from './settle.ts';
import type { GroupMember, GroupParticipant, GroupStep, LiveGroup } from './types.ts';

/** CALL2: one device leaves; the person has left with their last one. */
export function leave(
  call: LiveGroup,
  gone: GroupParticipant,
  reason: EndReason,
  now: number,
  isTold: boolean,
  by: string | null = null,
): GroupStep {
  const { device, part } = gone;
  const left = leftPart(part, now);
  const parted = putPart(call, device, left, now);
  const member = findMember(call, device.userId);
  if (member === undefined) return unchanged(call);
  const isStillIn = devicesOf(parted, device.userId).some((each) => each.part.state === 'joined');
  const leftAt = left.state === 'left' ? left.leftAt : now;
  const next = isStillIn ? parted : putMember(parted, { ...member, status: 'left', leftAt });
  const effects = isTold ? [endedEffect(call, device.deviceId, reason, now, by)] : [];
  return settle(call, next, { effects, reason }, now);
}

/** RING5: no on one device is no on all of this person's. */
export function decline(
  call: LiveGroup,
  actor: GroupParticipant,
  member: GroupMember,
  now: number,
): GroupStep {
  const { device } = actor;
  const effects = devicesOf(call, device.userId)
    .filter(({ part }) => isRung(part))
    .map((each) =>
      each === actor
        ? endedEffect(call, device.deviceId, 'declined', now)
        : endedEffect(call, each.device.deviceId, 'declined_elsewhere', now, device.name),
    );
  const stopped = endParts(call, device.userId, () => ({ state: 'elsewhere', leftAt: now }));
  const declined = putPart(stopped, device, { state: 'declined', leftAt: now }, now);
  const next = putMember(declined, { ...member, status: 'declined', deadlineAt: null });
  return settle(call, next, { effects }, now);
}

/** RING5: nobody of this person's answered in time. */
export function miss(call: LiveGroup, member: GroupMember, now: number): GroupStep {
  const { userId } = member.user;
  const effects = devicesOf(call, userId)
    .filter(({ part }) => isRung(part))
    .map(({ device }) => endedEffect(call, device.deviceId, 'no_answer', now));
  const stopped = endParts(call, userId, () => ({ state: 'missed', leftAt: now }));
  const next = putMember(stopped, { ...member, status: 'missed', deadlineAt: null });
  return settle(call, next, { effects }, now);
}

/** GRP5, GRP6: out, whatever this person was, and not back by themselves. */
export function expel(
  call: LiveGroup,
  member: GroupMember,
  reason: 'removed' | 'not_admitted',
  now: number,
): GroupStep {
  const { userId } = member.user;
  const effects = devicesOf(call, userId)
    .filter(({ part }) => part.state === 'joined' || isRung(part))
    .map(({ device }) => endedEffect(call, device.deviceId, reason, now));
  const parted = endParts(call, userId, (part) => leftPart(part, now));
  const leftAt = member.status === 'joined' ? now : member.leftAt;
  const next = putMember(parted, { ...member, status: 'removed', deadlineAt: null, leftAt });
  return settle(call, next, { effects, reason }, now);
}

/** GRP6: whoever waited and is gone was never of the call. */
export function forget(call: LiveGroup, userId: string, now: number): GroupStep {
  const next: LiveGroup = {
    ...call,
    people: call.people.filter(({ user }) => user.userId !== userId),
    participants: call.participants.filter(({ device }) => device.userId !== userId),
  };
  return settle(call, next, {}, now);
}
