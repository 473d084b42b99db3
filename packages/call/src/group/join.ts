import type { CallType, ErrorCode } from '@visavis/protocol';
import type { CallDevice, Participation } from '../server/index.ts';
import { isRung, joinedPart } from '../server/participants.ts';
import { endParts, putMember, putPart, refuse, unchanged } from './change.ts';
import { endedEffect } from './effects.ts';
import { devicesOf, findDevice, findMember, placesLeft, takesPlace } from './find.ts';
import { makeRoom } from './invite.ts';
import { settle } from './settle.ts';
import { enteredMember } from './start.ts';
import type { GroupCall, GroupEffect, GroupEvent, GroupMember, GroupStep, LiveGroup } from './types.ts';

type Joining = Extract<GroupEvent, { type: 'joined' }>;

/** Lets a device in. The person's other devices that ring stop (RING4); those that are in it stay (CALL5). */
export function enter(
  call: LiveGroup,
  member: GroupMember,
  device: CallDevice,
  media: CallType,
  now: number,
): GroupStep {
  const { call: next, effects } = letIn(call, member, device, joinedPart(media, now), now);
  return settle(call, next, { effects, except: [device.deviceId] }, now);
}

/** A device is in it with this part; nobody is told yet but the person's other devices, which ring no more. */
export function letIn(
  call: LiveGroup,
  member: GroupMember,
  device: CallDevice,
  part: Participation,
  now: number,
): { readonly call: LiveGroup; readonly effects: readonly GroupEffect[] } {
  const { userId } = device;
  const others = devicesOf(call, userId).filter(
    (each) => isRung(each.part) && each.device.deviceId !== device.deviceId,
  );
  const joined: GroupMember = {
    ...member,
    status: 'joined',
    deadlineAt: null,
    concealed: false,
    joinedAt: member.joinedAt ?? now,
    leftAt: null,
  };
  const stopped = endParts(call, userId, (part) =>
    isRung(part) ? { state: 'elsewhere', leftAt: now } : part,
  );
  const next = putPart(putMember(stopped, joined), device, part, now);
  const effects = others.map((each) =>
    endedEffect(call, each.device.deviceId, 'answered_elsewhere', now, device.name),
  );
  return { call: next, effects };
}

/** GRP3, GRP6: joins without being rung, or into the waiting room. */
export function join(call: LiveGroup, event: Joining, now: number): GroupStep {
  const { device, user, media, entrance } = event;
  const member = findMember(call, user.userId);
  // The answer to a repeat is the first answer again (SES5).
  if (findDevice(call, device.deviceId)?.part.state === 'joined') return unchanged(call);
  if (member?.status === 'removed') return refuse(call, 'FORBIDDEN');
  const isWelcome =
    member !== undefined && member.status !== 'waiting' && (!member.concealed || member.joinedAt !== null);
  if (!isWelcome && entrance.type === 'own' && !entrance.isGroupMember)
    return refuse(call, member?.status === 'waiting' ? 'WRONG_STATE' : 'FORBIDDEN');
  const wasOrIsCalled = isWelcome && (member.joinedAt !== null || member.status === 'ringing');
  if (call.locked && !wasOrIsCalled && member?.status !== 'waiting') return refuse(call, 'CALL_LOCKED');
  const hasPlace = member !== undefined && takesPlace(member);
  if (!hasPlace && placesLeft(call) === 0) return refuse(call, 'CALL_FULL');
  const roomy = makeRoom(call, member === undefined ? 1 : 0);
  if (roomy === null) return refuse(call, 'CALL_FULL');
  if (isWelcome) return enter(call, member, device, media, now);
  if (entrance.type === 'own') {
    // A member of the saved group: known by name only, or rung by somebody whom they blocked.
    return enter(roomy, member ?? enteredMember(user, media, null, now), device, media, now);
  }
  return wait(roomy, { ...event, ...entrance }, now);
}

/** GRP6: knocks. */
function wait(
  call: LiveGroup,
  event: Omit<Joining, 'type' | 'entrance'> & { guest: boolean; sealedName?: string | undefined },
  now: number,
): GroupStep {
  const { device, user, media, guest, sealedName } = event;
  const part = findDevice(call, device.deviceId)?.part;
  const known = findMember(call, user.userId);
  if (known?.status === 'waiting' && part !== undefined && isRung(part)) return unchanged(call);
  const member: GroupMember = {
    ...enteredMember(user, media, null, now),
    guest,
    status: 'waiting',
    joinedAt: null,
    invitedAt: known?.invitedAt ?? now,
    ...(guest && sealedName !== undefined ? { sealedName } : {}),
  };
  const next = putPart(putMember(call, member), device, { state: 'invited', online: true }, now);
  return settle(call, next, { except: [device.deviceId] }, now);
}

/** GRP6: the host lets somebody in who waits, on every device that knocked, or does not. */
export function admit(call: LiveGroup, member: GroupMember, now: number): GroupStep {
  if (placesLeft(call) === 0) return refuse(call, 'CALL_FULL');
  let next = putMember(call, {
    ...member,
    status: 'joined',
    deadlineAt: null,
    joinedAt: member.joinedAt ?? now,
  });
  for (const { device, part } of devicesOf(call, member.user.userId))
    if (isRung(part)) next = putPart(next, device, joinedPart(member.comesWith, now), now);
  return settle(call, next, {}, now);
}

/** Why somebody who is not in a call that is over cannot join it. */
export const refusalAfterEnd = (call: GroupCall, userId: string): ErrorCode => {
  const member = findMember(call, userId);
  return member === undefined || member.concealed ? 'FORBIDDEN' : 'CALL_UNAVAILABLE';
};
