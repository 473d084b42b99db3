import { TIMES, type MediaState } from '@visavis/protocol';
import { joinedPart } from '../server/participants.ts';
import { done, refuse, unchanged } from './change.ts';
import { devicesOf, findDevice, findMember, joinedOf, placesLeft, takesPlace } from './find.ts';
import { makeRoom } from './invite.ts';
import { letIn } from './join.ts';
import { leave } from './leave.ts';
import { settle } from './settle.ts';
import { enteredMember } from './start.ts';
import type { GroupEvent, GroupMove, GroupParticipant, GroupStep, LiveGroup } from './types.ts';

type Starting = Extract<GroupEvent, { type: 'move_started' }>;

/** What comes along. A screen that is shared does not: only its person can share one. */
const carried = ({ muted, camera, hand }: MediaState): MediaState => ({
  muted,
  camera,
  screen: false,
  hand,
  held: false,
});

/** CALL4: the new device is in the call beside the old one, with what that one sends. */
export function startMove(call: LiveGroup, event: Starting, now: number): GroupStep {
  const { fromDeviceId, device, user } = event;
  const from = findDevice(call, fromDeviceId);
  const known = findDevice(call, device.deviceId);
  if (device.deviceId === fromDeviceId) return refuse(call, 'WRONG_STATE');
  // The answer to a repeat is the first answer again (SES5).
  if (call.moves.some((move) => move.fromDeviceId === fromDeviceId && move.toDeviceId === device.deviceId))
    return unchanged(call);
  if (from?.part.state !== 'joined') return refuse(call, 'CALL_UNAVAILABLE');
  const touches = ({ fromDeviceId: one, toDeviceId: other }: GroupMove): boolean =>
    [one, other].some((each) => each === fromDeviceId || each === device.deviceId);
  if (call.moves.some(touches)) return refuse(call, 'ALREADY_MOVING');
  const isPassed = from.device.userId !== user.userId;
  const member = findMember(call, user.userId);
  const wasIn = known?.part.state === 'joined';
  let roomy: LiveGroup | null = call;
  if (isPassed) {
    if (member?.status === 'removed') return refuse(call, 'FORBIDDEN');
    if (member?.status === 'joined') return refuse(call, 'WRONG_STATE');
    if (call.locked && from.device.userId !== call.hostId) return refuse(call, 'CALL_LOCKED');
    const hasPlace = member !== undefined && takesPlace(member);
    roomy = makeRoom(call, member === undefined ? 1 : 0);
    if ((!hasPlace && placesLeft(call) === 0) || roomy === null) return refuse(call, 'CALL_FULL');
  }
  const move: GroupMove = {
    fromDeviceId,
    toDeviceId: device.deviceId,
    startedAt: now,
    readyAt: null,
    confirmedBy: [],
    wasIn,
  };
  const moving = { ...roomy, moves: [...call.moves, move] };
  if (wasIn) return settle(call, moving, { except: [device.deviceId] }, now);
  const fresh = joinedPart(call.callType, now);
  const part =
    isPassed || fresh.state !== 'joined' ? fresh : { ...fresh, mediaState: carried(from.part.mediaState) };
  const entering = member ?? enteredMember(user, call.callType, from.device.userId, now);
  const { call: next, effects } = letIn(moving, entering, device, part, now);
  return settle(call, next, { effects, except: [device.deviceId] }, now);
}

/** CALL4: here the media of the new device have arrived; where it is that device itself, it has those of the others. */
export function confirmMove(
  call: LiveGroup,
  { device: { deviceId } }: GroupParticipant,
  toDeviceId: string,
  now: number,
): GroupStep {
  const move = call.moves.find((each) => each.toDeviceId === toDeviceId);
  // It came too late for anybody to wait for it.
  if (move === undefined || move.confirmedBy.includes(deviceId)) return unchanged(call);
  const confirmed: GroupMove = {
    ...move,
    readyAt: deviceId === toDeviceId ? now : move.readyAt,
    confirmedBy: [...move.confirmedBy, deviceId],
  };
  const next = {
    ...call,
    moves: call.moves.map((each) => (each === move ? confirmed : each)),
  };
  return isConfirmed(next, confirmed) ? completeMove(next, confirmed, now) : done(next, []);
}

/** Whoever is not connected is not waited for, nor are this person's other devices, which are not played what it sends. */
function isConfirmed(
  call: LiveGroup,
  { fromDeviceId, toDeviceId, readyAt, confirmedBy }: GroupMove,
): boolean {
  const owners = [fromDeviceId, toDeviceId].map((id) => findDevice(call, id)?.device.userId);
  return (
    readyAt !== null &&
    joinedOf(call).every(
      ({ device, part }) =>
        owners.includes(device.userId) ||
        (part.state === 'joined' && part.silentSinceAt !== null) ||
        confirmedBy.includes(device.deviceId),
    )
  );
}

const without = (call: LiveGroup, move: GroupMove): LiveGroup => ({
  ...call,
  moves: call.moves.filter((each) => each !== move),
});

/** The old device leaves. Of somebody who passes the call on, all do. */
function completeMove(call: LiveGroup, move: GroupMove, now: number): GroupStep {
  const from = findDevice(call, move.fromDeviceId);
  const to = findDevice(call, move.toDeviceId);
  if (from === undefined || to === undefined) return done(without(call, move), []);
  if (from.device.userId === to.device.userId)
    return leave(without(call, move), from, 'moved', now, true, to.device.name);
  const by = findMember(call, to.device.userId)?.user.name ?? null;
  // Who takes somebody's place is host in their place.
  const isHost = call.hostId === from.device.userId;
  const handed = isHost ? { ...without(call, move), hostId: to.device.userId } : without(call, move);
  let step: GroupStep = done(handed, []);
  for (const each of devicesOf(call, from.device.userId)) {
    if (each.part.state !== 'joined' || step.call.state !== 'live') continue;
    const next = leave(step.call, each, 'passed', now, true, by);
    step = { ...next, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

/** The call stays where it was. */
function failMove(call: LiveGroup, move: GroupMove, now: number): GroupStep {
  const from = findDevice(call, move.fromDeviceId);
  const to = findDevice(call, move.toDeviceId);
  if (to === undefined || move.wasIn) return settle(call, without(call, move), {}, now);
  return leave(without(call, move), to, 'move_failed', now, true, from?.device.name ?? null);
}

/** When this move is over by itself, and what becomes of it. */
export const moveDue = (call: LiveGroup, move: GroupMove) =>
  move.readyAt === null
    ? { at: move.startedAt + TIMES.moveMs, act: (now: number): GroupStep => failMove(call, move, now) }
    : {
        at: move.readyAt + TIMES.moveConfirmMs,
        act: (now: number): GroupStep => completeMove(call, move, now),
      };
