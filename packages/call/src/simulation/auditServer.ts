import type { Call, CallEffect, CallEvent, CallStep } from '../server/index.ts';
import { isLive } from './store.ts';
import { must } from './world.ts';

const isRung = (state: string): boolean => state === 'invited' || state === 'ringing';

/** Devices of the callee that have ever joined: there is never a second (RING4). */
const winnersOf = (call: Call): readonly string[] =>
  call.participants.flatMap(({ role, part, device }) =>
    role === 'callee' && (part.state === 'joined' || part.state === 'left') ? [device.deviceId] : [],
  );

const joinedIds = (call: Call): ReadonlySet<string> =>
  new Set(
    call.participants.flatMap(({ part, device }) => (part.state === 'joined' ? [device.deviceId] : [])),
  );

/** Devices that still ring or talk: everyone that has to hear of the end. */
const concernedIds = (call: Call): readonly string[] =>
  call.participants.flatMap(({ part, device }) =>
    part.state === 'joined' || isRung(part.state) ? [device.deviceId] : [],
  );

const NEXT_STATES: Readonly<Record<Call['state'], readonly Call['state'][]>> = {
  ringing: ['ringing', 'connected', 'missed', 'declined', 'cancelled', 'failed'],
  connected: ['connected', 'ended'],
  ended: [],
  missed: [],
  declined: [],
  cancelled: [],
  busy: [],
  failed: [],
};

/** Which call state an event may lead to by itself; anything else is a change out of nothing. */
function isCauseOf(
  event: CallEvent,
  before: Call,
  state: Call['state'],
  now: number,
  dueAt: number | null,
): boolean {
  const isDue = event.type === 'deadline_passed' && dueAt !== null && dueAt <= now;
  switch (state) {
    case 'connected':
      return event.type === 'answered';
    case 'declined':
      return event.type === 'declined';
    case 'cancelled':
      return event.type === 'cancelled' || event.type === 'device_removed' || isDue;
    case 'missed':
    case 'failed':
      return isDue;
    case 'ended':
      return event.type === 'ended' || event.type === 'grown' || event.type === 'device_removed' || isDue;
    case 'ringing':
      return before.state === 'ringing';
    case 'busy':
      return false;
  }
}

/**
 * What has to hold for every step of the server's call machine, whatever led to it (RING4, RING5, CALL1, CALL2, NEG3).
 *
 * @param dueAt - what `nextDeadline` says of the call before the step
 */
export function auditStep(
  before: Call,
  event: CallEvent,
  step: CallStep,
  now: number,
  dueAt: number | null,
): void {
  const { call: after, effects, refusal } = step;
  const about = (): string => `${event.type} in ${before.state}`;
  if (refusal !== null) {
    must(after === before && effects.length === 0, () => `a refusal changes nothing: ${about()}`);
  }
  if (!isLive(before)) {
    must(
      after === before && effects.length === 0,
      () => `CALL2 a call that is over never changes: ${about()}`,
    );
    return;
  }
  auditActor(before, event, step);
  if (after === before) {
    must(effects.length === 0 || event.type === 'signalled', () => `no effect without a change: ${about()}`);
  }
  must(
    NEXT_STATES[before.state].includes(after.state),
    () => `no way from ${before.state} to ${after.state}`,
  );
  if (after.state !== before.state) {
    must(isCauseOf(event, before, after.state, now, dueAt), () => `${about()} is no cause of ${after.state}`);
    must(
      effects.some(({ type }) => type === 'history_changed'),
      () => `HIST1 histories learn of ${after.state}`,
    );
  }
  auditShape(before, after);
  auditEffects(before, after, effects);
  if (refusal === null) auditDone(event, step);
}

/** What an event that was not refused has to have done. */
function auditDone(event: CallEvent, { call, effects }: CallStep): void {
  if (event.type === 'signalled') {
    const isPassedOn = effects.some(
      (effect) => effect.type === 'send' && effect.event.type === event.signal.type,
    );
    const isKept =
      call.state === 'ringing' &&
      call.held.some(
        ({ type, payload }) =>
          type === event.signal.type && payload.connectionId === event.signal.payload.connectionId,
      );
    must(call.state === 'connected' ? isPassedOn : isKept, () => `NEG2 ${event.signal.type} is lost`);
  }
  if (event.type !== 'device_online' && event.type !== 'device_silent') return;
  const deviceId = event.type === 'device_online' ? event.device.deviceId : event.deviceId;
  const part = call.participants.find(({ device }) => device.deviceId === deviceId)?.part;
  if (part?.state !== 'joined') return;
  must(
    (part.silentSinceAt === null) === (event.type === 'device_online'),
    () => 'SES4 a joined device is silent if and only if its socket is lost',
  );
}

/** CALL1: a device that is no participant changes nothing, whatever it says. */
function auditActor(before: Call, event: CallEvent, step: CallStep): void {
  if (!('deviceId' in event)) return;
  if (before.participants.some(({ device }) => device.deviceId === event.deviceId)) return;
  must(step.call === before, () => `CALL1 ${event.type} of a stranger changed the call`);
  if (event.type === 'device_silent' || event.type === 'device_removed') return;
  must(step.refusal === 'FORBIDDEN', () => `CALL1 ${event.type} of a stranger is forbidden`);
}

/** Who is what in a call that is in this state. */
export function auditShape(before: Call, after: Call): void {
  const winners = winnersOf(after);
  must(winners.length <= 1, () => `RING4 one winner, not ${winners.length}`);
  must(
    winnersOf(before).every((deviceId) => winners.includes(deviceId)),
    () => 'RING4 a winner stays the winner',
  );
  const joined = joinedIds(after);
  const rung = after.participants.filter(({ part }) => isRung(part.state));
  switch (after.state) {
    case 'ringing':
      must(joined.size === 1 && winners.length === 0, () => 'only the caller has joined while it rings');
      return;
    case 'connected':
      must(joined.size === 2, () => `two have joined a connected call, not ${joined.size}`);
      must(rung.length === 0, () => 'RING4 no device rings on in a connected call');
      return;
    case 'ended':
    case 'missed':
    case 'declined':
    case 'cancelled':
    case 'busy':
    case 'failed':
      must(
        joined.size === 0 && rung.length === 0,
        () => 'CALL2 nobody has a live part in a call that is over',
      );
      must(
        (after.connectedAt !== null) === (after.state === 'ended'),
        () => 'only an answered call was connected',
      );
      must(after.endedAt >= (after.connectedAt ?? after.createdAt), () => 'CALL2 a call ends after it began');
  }
}

/** Who is told what: signals only between joined devices (NEG3), the end once to everybody whom it concerns (CALL2, RING4). */
function auditEffects(before: Call, after: Call, effects: readonly CallEffect[]): void {
  const joined = joinedIds(after);
  const told: string[] = [];
  for (const effect of effects) {
    if (effect.type !== 'send') continue;
    const { deviceId, event } = effect;
    must(
      after.participants.some(({ device }) => device.deviceId === deviceId),
      () => `${event.type} to a device that is not in the call`,
    );
    if (event.type === 'call_ended' || event.type === 'call_grew') told.push(deviceId);
    if (event.type === 'offer' || event.type === 'answer' || event.type === 'ice_candidate') {
      must(after.state === 'connected', () => `NEG3 ${event.type} sent while the call is ${after.state}`);
      must(joined.has(deviceId), () => `NEG3 ${event.type} sent to a device that has not joined`);
    }
  }
  const stillIn = new Set(concernedIds(after));
  const over = concernedIds(before).filter((deviceId) => !stillIn.has(deviceId));
  // A device that said goodbye is not told: there is nobody to tell.
  const mustHear = isLive(after) && after.state === before.state ? [] : over;
  must(
    mustHear.every((deviceId) => told.filter((other) => other === deviceId).length === 1),
    () => `CALL2 each of ${mustHear.length} devices hears once that it is over, told ${told.length}`,
  );
  must(told.length === mustHear.length, () => 'CALL2 nobody else is told of an end');
}
