import type { CallSnapshot, GroupPerson, GroupView, UserSummary } from '@visavis/protocol';
import { isRung } from '../server/participants.ts';
import { describeJoined } from '../server/view.ts';
import { findDevice, findMember, joinedOf } from './find.ts';
import type { GroupCall, GroupMember, LiveGroup } from './types.ts';

/**
 * A live group call as one device of it sees it (GRP2). Whoever waits to be let in sees the host and nobody else.
 *
 * @returns null when the call is over or this device has no live part in it
 */
export function viewGroup(call: GroupCall, deviceId: string): CallSnapshot | null {
  if (call.state !== 'live') return null;
  const own = findDevice(call, deviceId);
  if (own === undefined) return null;
  const joined = own.part.state === 'joined';
  const member = findMember(call, own.device.userId);
  if (member === undefined || (!joined && !isRung(own.part))) return null;
  const waits = member.status === 'waiting';
  if (!joined && !waits && member.status !== 'ringing') return null;
  const isConnected = joined && call.connectedAt !== null;
  return {
    callId: call.callId,
    callType: call.callType,
    state: isConnected ? 'connected' : 'ringing',
    direction: waits || member.user.userId === call.initiatorId ? 'outgoing' : 'incoming',
    peer: peerOf(call, member),
    createdAt: call.createdAt,
    ringDeadlineAt: ringDeadline(call, member),
    connectedAt: isConnected ? call.connectedAt : null,
    progress: [],
    silent: !joined && member.silent,
    joined,
    mediaState: own.part.state === 'joined' ? own.part.mediaState : null,
    remote: null,
    group: waits ? describeToWaiting(call, member) : describeGroup(call),
  };
}

/** Whoever called this person, or the first whom this one called. */
function peerOf(call: GroupCall, member: GroupMember): UserSummary {
  const { userId } = member.user;
  const caller = findMember(call, member.invitedBy ?? call.hostId);
  if (caller !== undefined && caller.user.userId !== userId) return caller.user;
  return call.people.find(({ user }) => user.userId !== userId)?.user ?? member.user;
}

/** For whoever rings their own; for whoever is in it the last one of all. */
function ringDeadline(call: LiveGroup, member: GroupMember): number {
  const ringing = call.people.filter(({ status }) => status === 'ringing');
  const shown = member.status === 'ringing' ? [member] : ringing;
  return Math.max(call.createdAt, ...shown.map(({ deadlineAt, ringLimitAt }) => deadlineAt ?? ringLimitAt));
}

/** The whole call, the same for everybody in it and everybody whom it rings. */
function describeGroup(call: LiveGroup): GroupView {
  return {
    title: call.title,
    savedGroupId: call.savedGroupId,
    grewFrom: call.grewFrom,
    hostId: call.hostId,
    locked: call.locked,
    people: call.people.map((each) => describePerson(each)),
    participants: joinedOf(call).flatMap((participant) => describeJoined(participant) ?? []),
    ...(call.moves.length === 0
      ? {}
      : { moves: call.moves.map(({ fromDeviceId, toDeviceId }) => ({ fromDeviceId, toDeviceId })) }),
  };
}

const describePerson = ({ user, guest, status, sealedName }: GroupMember): GroupPerson => ({
  user,
  guest,
  status,
  ...(sealedName === undefined ? {} : { sealedName }),
});

function describeToWaiting(call: LiveGroup, member: GroupMember): GroupView {
  const shown = call.people.filter((each) => each === member || each.user.userId === call.hostId);
  return {
    ...describeGroup({ ...call, moves: [] }),
    grewFrom: null,
    people: shown.map((each) => describePerson(each)),
    participants: [],
  };
}
