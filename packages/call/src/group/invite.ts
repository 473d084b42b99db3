import { LIMITS, TIMES, type ErrorCode } from '@visavis/protocol';
import { putMember, putPart } from './change.ts';
import { findMember, placesLeft } from './find.ts';
import type { GroupMember, Invitee, LiveGroup } from './types.ts';

type Invited =
  | { readonly ok: true; readonly call: LiveGroup; readonly rung: readonly string[] }
  | { readonly ok: false; readonly code: ErrorCode };

/** GRP1, CALL3: rings these people. All of them or none: where they do not fit, nobody is rung. */
export function invite(
  call: LiveGroup,
  inviterId: string,
  invitees: readonly Invitee[],
  now: number,
): Invited {
  const isHost = inviterId === call.hostId;
  const added = invitees.filter(({ user }) => {
    const status = findMember(call, user.userId)?.status;
    return status !== 'joined' && status !== 'ringing' && status !== 'waiting';
  });
  if (added.length === 0) return { ok: true, call, rung: [] };
  if (call.locked && !isHost) return { ok: false, code: 'CALL_LOCKED' };
  const isRemoved = ({ user }: Invitee): boolean => findMember(call, user.userId)?.status === 'removed';
  if (!isHost && added.some(isRemoved)) return { ok: false, code: 'FORBIDDEN' };
  const unknown = added.filter(({ user }) => findMember(call, user.userId) === undefined);
  const roomy = makeRoom(call, unknown.length);
  if (added.length > placesLeft(call) || roomy === null) return { ok: false, code: 'CALL_FULL' };
  let next = roomy;
  const rung: string[] = [];
  for (const invitee of added) {
    next = putMember(next, called(next, invitee, inviterId, now));
    if (!rings(invitee)) continue;
    for (const device of invitee.devices) {
      next = putPart(next, device, { state: 'invited', online: true }, now);
      rung.push(device.deviceId);
    }
  }
  return { ok: true, call: next, rung };
}

/** RING6: with call waiting off, whoever is in a call is not rung and finds a missed call. */
const isBusy = ({ policy }: Invitee): boolean => policy.inCall && !policy.callWaiting;
const isConcealed = ({ policy }: Invitee): boolean => policy.admits === 'nothing';
const rings = (invitee: Invitee): boolean => !isBusy(invitee) && !isConcealed(invitee);

function called(call: LiveGroup, invitee: Invitee, inviterId: string, now: number): GroupMember {
  const { user, devices, policy } = invitee;
  const known = findMember(call, user.userId);
  const concealed = isConcealed(invitee);
  const isMissed = !concealed && isBusy(invitee);
  const isReached = !concealed && devices.length > 0;
  return {
    user,
    guest: false,
    status: isMissed ? 'missed' : 'ringing',
    invitedAt: now,
    invitedBy: inviterId,
    deadlineAt: isMissed
      ? null
      : now + (isReached ? call.ringMs : Math.min(TIMES.unreachableMs, call.ringMs)),
    ringLimitAt: now + call.ringMs,
    silent: policy.doNotDisturb || policy.admits === 'silent',
    // Whoever was in it knows of it.
    concealed: concealed && (known === undefined || known.concealed),
    joinedAt: known?.joinedAt ?? null,
    leftAt: known?.leftAt ?? null,
    comesWith: call.callType,
  };
}

/** Forgets guests who are gone where there is no room for so many more. @returns null where there is none at all */
export function makeRoom(call: LiveGroup, more: number): LiveGroup | null {
  let excess = call.people.length + more - LIMITS.groupRoll;
  if (excess <= 0) return call;
  const people = call.people.filter(({ guest, status }) => {
    const isForgotten = excess > 0 && guest && (status === 'left' || status === 'removed');
    if (isForgotten) excess -= 1;
    return !isForgotten;
  });
  if (excess > 0) return null;
  const kept = new Set(people.map(({ user }) => user.userId));
  return {
    ...call,
    people,
    participants: call.participants.filter(({ device }) => kept.has(device.userId)),
  };
}
