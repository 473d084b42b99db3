import { TIMES } from '@visavis/protocol';
import { keysDeadline } from '../keys/index.ts';
import { unchanged } from './change.ts';
import { joinedOf } from './find.ts';
import { passGroupKeysDeadline } from './keys.ts';
import { forget, leave, miss } from './leave.ts';
import { aloneUntil } from './links.ts';
import { moveDue } from './moves.ts';
import { endGroup } from './settle.ts';
import type { GroupCall, GroupEffect, GroupStep, LiveGroup } from './types.ts';

interface Due {
  readonly at: number;
  readonly act: (now: number) => GroupStep;
}

/** Everything that happens to this call by itself, and when. */
function listDue(call: LiveGroup): readonly Due[] {
  const due: Due[] = [];
  for (const member of call.people) {
    const { deadlineAt, status, user } = member;
    if (deadlineAt === null) continue;
    if (status === 'ringing') due.push({ at: deadlineAt, act: (now) => miss(call, member, now) });
    if (status === 'waiting') due.push({ at: deadlineAt, act: (now) => forget(call, user.userId, now) });
  }
  for (const participant of joinedOf(call)) {
    const { part } = participant;
    if (part.state !== 'joined' || part.silentSinceAt === null) continue;
    due.push({
      at: part.silentSinceAt + TIMES.busyDeadMs,
      // It is told all the same: its session may be there, and it then stops.
      act: (now) => leave(call, participant, 'connection_lost', now, true),
    });
  }
  for (const move of call.moves) due.push(moveDue(call, move));
  if (call.aloneSinceAt !== null) {
    const reason = call.connectedAt === null ? 'no_answer' : 'hangup';
    const at = aloneUntil(call.links, call.aloneSinceAt);
    due.push({ at, act: (now) => endGroup(call, reason, now) });
  }
  const keysAt = keysDeadline(call.keys);
  if (keysAt !== null) due.push({ at: keysAt, act: (now) => passGroupKeysDeadline(call, now) });
  return due.sort((one, other) => one.at - other.at);
}

/**
 * When something has to happen to this call by itself (RING5, CALL2, GRP9, KEY5). Data, not a timer: any node can act on it.
 *
 * @returns wall time in ms, or null when the call can stay as it is
 */
export const nextGroupDeadline = (call: GroupCall): number | null =>
  call.state === 'live' ? (listDue(call)[0]?.at ?? null) : null;

/** GRP2: of several words on how the call is, the last one is enough, and none where it is over after it. */
const withoutOutdated = (effects: readonly GroupEffect[]): readonly GroupEffect[] =>
  effects.filter(
    (effect, n) =>
      !saysHowItIs(effect, 'group_changed') ||
      !effects
        .slice(n + 1)
        .some(
          (later) => saysHowItIs(later, 'group_changed', 'call_ended') && later.deviceId === effect.deviceId,
        ),
  );

const saysHowItIs = (
  effect: GroupEffect,
  ...types: readonly string[]
): effect is Extract<GroupEffect, { type: 'send' }> =>
  effect.type === 'send' && types.includes(effect.event.type);

/** Does what is due, one thing after the other in the order of their times. */
export function passDeadline(call: LiveGroup, now: number): GroupStep {
  let step: GroupStep = unchanged(call);
  for (;;) {
    const [first] = step.call.state === 'live' ? listDue(step.call) : [];
    if (first === undefined || first.at > now) return { ...step, effects: withoutOutdated(step.effects) };
    const next = first.act(now);
    step = { ...next, effects: [...step.effects, ...next.effects] };
  }
}
