import { TIMES } from '@visavis/protocol';
import { isRung } from '../server/participants.ts';
import type { CallDevice } from '../server/index.ts';
import { done, putMember, putPart, refuse, unchanged } from './change.ts';
import { passDeadline } from './deadlines.ts';
import { historyChanged, send } from './effects.ts';
import { devicesOf, findDevice, findMember, joinedOf, ringsFor } from './find.ts';
import { stepHost } from './host.ts';
import { invite } from './invite.ts';
import { enter, join, refusalAfterEnd } from './join.ts';
import { settleKeys, stepGroupKeys } from './keys.ts';
import { decline, forget, leave } from './leave.ts';
import { stepLinks } from './links.ts';
import { confirmMove, startMove } from './moves.ts';
import { endGroup, settle } from './settle.ts';
import type {
  GroupActorEvent,
  GroupCall,
  GroupEvent,
  GroupMember,
  GroupParticipant,
  GroupStep,
  LiveGroup,
} from './types.ts';

/**
 * The machine of group calls: what one event makes of a call, and who has to be told. Total: any event in any state gives an
 * answer; what is not allowed gives a refusal and the same call.
 *
 * @param now - wall time in ms
 */
export const stepGroup = (call: GroupCall, event: GroupEvent, now: number): GroupStep =>
  settleKeys(call, stepPeople(call, event, now), now);

function stepPeople(call: GroupCall, event: GroupEvent, now: number): GroupStep {
  switch (event.type) {
    case 'device_online':
      return call.state === 'live' ? comeOnline(call, event.device, now) : unchanged(call);
    case 'device_silent':
      return call.state === 'live' ? fallSilent(call, event, now) : unchanged(call);
    case 'device_removed':
      return call.state === 'live' ? goAway(call, event.deviceId, now) : unchanged(call);
    case 'deadline_passed':
      return call.state === 'live' ? passDeadline(call, now) : unchanged(call);
    case 'abandoned':
      return call.state === 'live' ? endGroup(call, 'hangup', now) : unchanged(call);
    case 'link_made':
      return call.state === 'live' ? stepLinks(call, event, now) : refuse(call, 'CALL_UNAVAILABLE');
    case 'link_revoked':
      return call.state === 'live' ? stepLinks(call, event, now) : unchanged(call);
    case 'group_saved':
      return call.state === 'live' ? belong(call, event, now) : refuse(call, 'CALL_UNAVAILABLE');
    case 'joined':
      return call.state === 'live'
        ? join(call, event, now)
        : refuse(call, refusalAfterEnd(call, event.user.userId));
    case 'move_started':
      return call.state === 'live' ? startMove(call, event, now) : refuse(call, 'CALL_UNAVAILABLE');
    case 'ringing_reported':
    case 'answered':
    case 'declined':
    case 'left':
    case 'media_updated':
    case 'media_reported':
    case 'signalled':
    case 'move_confirmed':
    case 'people_added':
    case 'person_removed':
    case 'person_admitted':
    case 'locked':
    case 'media_asked':
    case 'data_sent':
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed': {
      const actor = findDevice(call, event.deviceId);
      if (actor === undefined) return refuse(call, 'FORBIDDEN');
      const member = findMember(call, actor.device.userId);
      if (call.state !== 'live' || member === undefined) return refuse(call, 'CALL_UNAVAILABLE');
      return stepActor(call, event, actor, member, now);
    }
  }
}

/** GRP10: the call is one of this group from now on, by its name. Of several groups the first has it. */
function belong(
  call: LiveGroup,
  { userId, savedGroupId, title }: Extract<GroupEvent, { type: 'group_saved' }>,
  now: number,
): GroupStep {
  const member = findMember(call, userId);
  if (member?.status !== 'joined' || member.guest) return refuse(call, 'FORBIDDEN');
  if (call.savedGroupId === savedGroupId) return unchanged(call);
  if (call.savedGroupId !== null) return refuse(call, 'WRONG_STATE');
  const next = { ...call, savedGroupId, title };
  const everybody = call.people.map((each) => each.user.userId);
  return settle(call, next, { effects: historyChanged(next, everybody) }, now);
}

/** CALL1: only devices of the call act, each only for itself. */
function stepActor(
  call: LiveGroup,
  event: GroupActorEvent,
  actor: GroupParticipant,
  member: GroupMember,
  now: number,
): GroupStep {
  const { part, device } = actor;
  switch (event.type) {
    case 'ringing_reported':
      if (part.state === 'joined') return refuse(call, 'WRONG_STATE');
      if (!ringsFor(call, actor)) return refuse(call, outsider(member));
      if (part.state === 'ringing' && part.online && part.silent === event.silent) return unchanged(call);
      return done(putPart(call, device, { state: 'ringing', online: true, silent: event.silent }, now), []);
    case 'answered': {
      if (part.state === 'joined') return unchanged(call);
      if (!ringsFor(call, actor)) return refuse(call, outsider(member));
      const media = call.callType === 'audio' ? 'audio' : event.media;
      return enter(call, member, device, media, now);
    }
    case 'declined':
      if (part.state === 'joined') return refuse(call, 'WRONG_STATE');
      if (!ringsFor(call, actor)) return refuse(call, outsider(member));
      return decline(call, actor, member, now);
    case 'left':
      if (part.state === 'joined') return leave(call, actor, event.reason, now, true);
      if (member.status === 'waiting') return forget(call, member.user.userId, now);
      return refuse(call, ringsFor(call, actor) ? 'FORBIDDEN' : 'CALL_UNAVAILABLE');
    case 'media_updated':
    case 'media_reported':
    case 'signalled':
    case 'move_confirmed':
    case 'people_added':
    case 'person_removed':
    case 'person_admitted':
    case 'locked':
    case 'media_asked':
    case 'data_sent':
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed':
      return part.state === 'joined'
        ? stepJoined(call, event, actor, now)
        : refuse(call, member.status === 'waiting' || isRung(part) ? 'FORBIDDEN' : 'CALL_UNAVAILABLE');
  }
}

/** Whoever waits is not called: there is nothing to answer. */
const outsider = ({ status }: GroupMember) => (status === 'waiting' ? 'FORBIDDEN' : 'CALL_UNAVAILABLE');

type JoinedEvent = Exclude<GroupActorEvent, { type: 'ringing_reported' | 'answered' | 'declined' | 'left' }>;

function stepJoined(call: LiveGroup, event: JoinedEvent, actor: GroupParticipant, now: number): GroupStep {
  const { callId } = call;
  const { device, part } = actor;
  const { userId } = device;
  if (part.state !== 'joined') return refuse(call, 'FORBIDDEN');
  switch (event.type) {
    case 'media_updated':
      if (JSON.stringify(part.mediaState) === JSON.stringify(event.mediaState)) return unchanged(call);
      return settle(call, putPart(call, device, { ...part, mediaState: event.mediaState }, now), {}, now);
    case 'media_reported':
      if (part.flow === event.flow) return unchanged(call);
      return done(putPart(call, device, { ...part, flow: event.flow }, now), []);
    case 'signalled':
      return refuse(call, 'WRONG_STATE');
    case 'move_confirmed':
      return confirmMove(call, actor, event.toDeviceId, now);
    case 'people_added': {
      const invited = invite(call, userId, event.invitees, now);
      if (!invited.ok) return refuse(call, invited.code);
      if (invited.call === call) return unchanged(call);
      return settle(call, invited.call, { rung: invited.rung }, now);
    }
    case 'data_sent': {
      const { messageId, sealed } = event;
      const payload = { messageId, userId, deviceId: device.deviceId, at: now, sealed };
      // Whoever said it knows by the answer.
      const others = joinedOf(call).filter((each) => each.device.deviceId !== device.deviceId);
      return done(
        call,
        others.map((each) => send(each.device.deviceId, { type: 'call_data', callId, payload })),
      );
    }
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed':
      return stepGroupKeys(call, event, now);
    case 'person_removed':
    case 'person_admitted':
    case 'locked':
    case 'media_asked':
      return stepHost(call, event, userId, now);
  }
}

/** RING2: a device that comes online while it rings for its person, rings at once; one that is in it is no longer silent. */
function comeOnline(call: LiveGroup, device: CallDevice, now: number): GroupStep {
  const part = findDevice(call, device.deviceId)?.part;
  if (part?.state === 'joined') {
    if (part.silentSinceAt === null) return unchanged(call);
    return done(putPart(call, device, { ...part, silentSinceAt: null }, now), []);
  }
  const member = findMember(call, device.userId);
  if (member === undefined) return unchanged(call);
  if (member.status === 'waiting') {
    if (part === undefined || member.deadlineAt === null) return unchanged(call);
    return done(putMember(call, { ...member, deadlineAt: null }), []);
  }
  if (member.status !== 'ringing' || member.concealed) return unchanged(call);
  const rung = putMember(call, { ...member, deadlineAt: member.ringLimitAt });
  if (part !== undefined && isRung(part)) {
    return part.online ? unchanged(call) : done(putPart(rung, device, { ...part, online: true }, now), []);
  }
  const next = putPart(rung, device, { state: 'invited', online: true }, now);
  // Nobody sees whose devices ring.
  const isSeen = member.deadlineAt !== member.ringLimitAt;
  const others = isSeen ? [] : call.participants.map((each) => each.device.deviceId);
  return settle(call, next, { rung: [device.deviceId], except: others }, now);
}

type Silent = Extract<GroupEvent, { type: 'device_silent' }>;

function fallSilent(call: LiveGroup, event: Silent, now: number): GroupStep {
  const { deviceId, lastSeenAt, graceMs = 0 } = event;
  const known = findDevice(call, deviceId);
  if (known === undefined) return unchanged(call);
  const { part, device } = known;
  if (part.state === 'joined') {
    if (part.silentSinceAt !== null) return unchanged(call);
    const silentSinceAt = Math.min(lastSeenAt, now) + graceMs;
    return done(putPart(call, device, { ...part, silentSinceAt }, now), []);
  }
  if (!isRung(part) || !part.online) return unchanged(call);
  const member = findMember(call, device.userId);
  if (member?.status === 'waiting') {
    if (member.deadlineAt !== null) return unchanged(call);
    return done(putMember(call, { ...member, deadlineAt: Math.min(lastSeenAt, now) + TIMES.busyDeadMs }), []);
  }
  return done(putPart(call, device, { ...part, online: false }, now), []);
}

/** A device that was signed out, or that said goodbye, is not waited for. */
function goAway(call: LiveGroup, deviceId: string, now: number): GroupStep {
  const known = findDevice(call, deviceId);
  if (known === undefined) return unchanged(call);
  if (known.part.state === 'joined') return leave(call, known, 'connection_lost', now, true);
  if (!isRung(known.part)) return unchanged(call);
  const { userId } = known.device;
  const isLast = devicesOf(call, userId).filter(({ part }) => isRung(part)).length === 1;
  if (findMember(call, userId)?.status === 'waiting' && isLast) return forget(call, userId, now);
  return done(putPart(call, known.device, { state: 'missed', leftAt: now }, now), []);
}
