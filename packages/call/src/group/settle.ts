import type { EndReason } from '@visavis/protocol';
import { isRung } from '../server/participants.ts';
import { leftPart } from './change.ts';
import { changedEffects, endedEffect, historyChanged, ringEffects } from './effects.ts';
import { findMember, joinedOf, liveOf } from './find.ts';
import type {
  EndedGroup,
  GroupCall,
  GroupEffect,
  GroupMember,
  GroupParticipant,
  GroupStep,
  LiveGroup,
} from './types.ts';

export interface Outcome {
  /** What does not depend on how the call looks after the change. */
  readonly effects?: readonly GroupEffect[];
  /** Devices that begin to ring. */
  readonly rung?: readonly string[];
  /** Devices that learn of it by the answer to their own request. */
  readonly except?: readonly string[];
  /** Why the call ends if nobody is left in it. */
  readonly reason?: EndReason;
}

/**
 * The one end of every change: who is host, who is alone, whether it is over, and who has to be told (GRP2, GRP5, GRP9).
 *
 * @param before - the call that the event met; null for a new one
 */
export function settle(
  before: LiveGroup | null,
  changed: LiveGroup,
  outcome: Outcome,
  now: number,
): GroupStep {
  const joined = changed.people.filter(({ status }) => status === 'joined');
  const { effects = [], rung = [], except = [] } = outcome;
  if (joined.length === 0) {
    const step = endGroup(changed, outcome.reason ?? 'hangup', now);
    return { ...step, effects: [...effects, ...step.effects] };
  }
  const call: LiveGroup = {
    ...changed,
    hostId: joined.some(({ user }) => user.userId === changed.hostId)
      ? changed.hostId
      : heirOf(changed, joined),
    connectedAt: changed.connectedAt ?? (joined.length > 1 ? now : null),
    aloneSinceAt: isAlone(changed.people) ? (changed.aloneSinceAt ?? now) : null,
    moves: goingOn(changed),
  };
  const ringing = call.participants.filter(({ device }) => rung.includes(device.deviceId));
  const known = new Set([...rung, ...except]);
  return {
    call,
    effects: [
      ...effects,
      ...ringEffects(call, ringing),
      ...changedEffects(call, known),
      ...historyChanged(call, changedPeople(before, call)),
    ],
    refusal: null,
  };
}

/** GRP5: whoever joined first of those who are in it; somebody with an account before any guest. */
function heirOf(call: LiveGroup, joined: readonly GroupMember[]): string {
  const inOrder = joinedOf(call).map(({ device }) => device.userId);
  const accounts = new Set(joined.filter(({ guest }) => !guest).map(({ user }) => user.userId));
  return inOrder.find((userId) => accounts.has(userId)) ?? inOrder[0] ?? call.hostId;
}

/** CALL4: a move whose old or new device has left, however that was, is over. */
function goingOn(call: LiveGroup): LiveGroup['moves'] {
  if (call.moves.length === 0) return call.moves;
  const joined = new Set(joinedOf(call).map(({ device }) => device.deviceId));
  return call.moves.filter(
    ({ fromDeviceId, toDeviceId }) => joined.has(fromDeviceId) && joined.has(toDeviceId),
  );
}

const isAlone = (people: readonly GroupMember[]): boolean =>
  people.filter(({ status }) => status === 'joined').length === 1 &&
  !people.some(({ status }) => status === 'ringing' || status === 'waiting');

/** Those whose line in the history says something else now. */
function changedPeople(before: GroupCall | null, call: GroupCall): readonly string[] {
  if (before === null) return call.people.map(({ user }) => user.userId);
  const isOther = before.state !== call.state || before.connectedAt !== call.connectedAt;
  return call.people
    .filter(({ user, status }) => isOther || findMember(before, user.userId)?.status !== status)
    .map(({ user }) => user.userId);
}

/** CALL2, GRP9: the one way in which a group call ends. */
export function endGroup(call: LiveGroup, reason: EndReason, at: number): GroupStep {
  // The clock of another node may be behind that of the one that wrote down the beginning.
  const now = Math.max(at, call.connectedAt ?? call.createdAt);
  const { aloneSinceAt: _alone, links: _links, keys: _keys, moves: _moves, ...base } = call;
  const endReason = call.connectedAt === null && reason === 'hangup' ? 'cancelled' : reason;
  const next: EndedGroup = {
    ...base,
    state: 'ended',
    endedAt: now,
    endReason,
    // Whoever only waited was never of the call.
    people: call.people.flatMap((member) => (member.status === 'waiting' ? [] : [endMember(member, now)])),
    participants: call.participants.map((each) => endPart(each, now)),
  };
  const told = liveOf(call).map(({ device, part }) =>
    endedEffect(next, device.deviceId, isRung(part) ? 'cancelled' : endReason, now),
  );
  const everybody = next.people.map(({ user }) => user.userId);
  return { call: next, effects: [...told, ...historyChanged(next, everybody)], refusal: null };
}

function endMember({ sealedName: _name, ...member }: GroupMember, now: number): GroupMember {
  switch (member.status) {
    case 'joined':
      return { ...member, status: 'left', leftAt: now, deadlineAt: null };
    case 'ringing':
      return { ...member, status: 'missed', deadlineAt: null };
    case 'left':
    case 'declined':
    case 'missed':
    case 'removed':
    case 'waiting':
      return member;
  }
}

const endPart = (participant: GroupParticipant, now: number): GroupParticipant =>
  participant.part.state === 'joined' || isRung(participant.part)
    ? { ...participant, part: leftPart(participant.part, now) }
    : participant;
