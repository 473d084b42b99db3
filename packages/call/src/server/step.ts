import type { ErrorCode } from '@visavis/protocol';
import { goneAt } from './deadlines.ts';
import { historyChanged, progressEffects, ringEffects } from './effects.ts';
import { endCall } from './end.ts';
import { passCallKeysDeadline, stepCallKeys } from './keys.ts';
import { changePart, findParticipant, findRemote, inviteDevice, isRung, joinedPart } from './participants.ts';
import { stepSignal } from './stepSignal.ts';
import type {
  Call,
  CallEffect,
  CallEvent,
  CallStep,
  ConnectedCall,
  GrownView,
  Participant,
  RingingCall,
} from './types.ts';
import { describeJoined } from './view.ts';

/**
 * The server's call machine: what one event makes of a call, and who has to be told. Total: any event in any state gives
 * an answer; what is not allowed gives a refusal and the same call.
 *
 * @param now - wall time in ms
 */
export function stepCall(call: Call, event: CallEvent, now: number): CallStep {
  if (call.state !== 'ringing' && call.state !== 'connected') return stepEnded(call, event);
  switch (event.type) {
    case 'device_online':
      return handleOnline(call, event.device, now);
    case 'device_silent':
      return handleSilent(call, event, now);
    case 'device_removed':
      return handleRemoved(call, event.deviceId, now);
    case 'deadline_passed':
      return handleDeadline(call, now);
    case 'ringing_reported':
    case 'answered':
    case 'declined':
    case 'cancelled':
    case 'ended':
    case 'signalled':
    case 'media_updated':
    case 'media_reported':
    case 'grown':
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed': {
      const actor = findParticipant(call, event.deviceId);
      return actor === undefined ? refuse(call, 'FORBIDDEN') : stepActor(call, event, actor, now);
    }
  }
}

/** A finished call changes no more (CALL2); its people learn that it is over, others that it is not theirs. */
function stepEnded(call: Call, event: CallEvent): CallStep {
  switch (event.type) {
    case 'device_online':
    case 'device_silent':
    case 'device_removed':
    case 'deadline_passed':
      return unchanged(call);
    case 'ringing_reported':
    case 'answered':
    case 'declined':
    case 'cancelled':
    case 'ended':
    case 'signalled':
    case 'media_updated':
    case 'media_reported':
    case 'grown':
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed':
      return refuse(
        call,
        findParticipant(call, event.deviceId) === undefined ? 'FORBIDDEN' : 'CALL_UNAVAILABLE',
      );
  }
}

type ActorEvent = Exclude<
  CallEvent,
  { type: 'device_online' | 'device_silent' | 'device_removed' | 'deadline_passed' }
>;
type Silent = Extract<CallEvent, { type: 'device_silent' }>;
type LiveCall = RingingCall | ConnectedCall;

/** CALL1: only participants and invitees act, each only for itself. */
function stepActor(call: LiveCall, event: ActorEvent, actor: Participant, now: number): CallStep {
  const { part } = actor;
  const joined = part.state === 'joined';
  switch (event.type) {
    case 'ringing_reported':
      if (call.state !== 'ringing' || !isRung(part))
        return refuse(call, joined ? 'WRONG_STATE' : 'CALL_UNAVAILABLE');
      // A device that keeps repeating itself must not fill the caller's outbox.
      if (part.state === 'ringing' && part.online && part.silent === event.silent) return unchanged(call);
      return changeProgress(call, event.deviceId, { state: 'ringing', online: true, silent: event.silent });
    case 'answered':
      if (actor.role === 'caller') return refuse(call, 'WRONG_STATE');
      // The answer to a repeat is the first answer again (SES5), on whatever session it comes.
      if (joined) return unchanged(call);
      if (call.state !== 'ringing' || !isRung(part)) return refuse(call, 'CALL_UNAVAILABLE');
      return answerCall(call, actor, event.media, now);
    case 'declined':
      if (joined) return refuse(call, 'WRONG_STATE');
      if (call.state !== 'ringing' || !isRung(part)) return refuse(call, 'CALL_UNAVAILABLE');
      return endCall(call, { state: 'declined', reason: 'declined', by: actor }, now);
    case 'cancelled':
      if (actor.role !== 'caller') return refuse(call, 'FORBIDDEN');
      if (call.state !== 'ringing') return refuse(call, 'WRONG_STATE');
      return endCall(call, { state: 'cancelled', reason: 'cancelled', by: actor }, now);
    case 'ended':
      if (!joined) return refuse(call, 'FORBIDDEN');
      if (call.state !== 'connected') return refuse(call, 'WRONG_STATE');
      return endCall(call, { state: 'ended', reason: event.reason, by: actor }, now);
    case 'signalled':
      if (!joined) return refuse(call, 'FORBIDDEN');
      return stepSignal(call, actor, event.signal);
    case 'media_updated': {
      if (part.state !== 'joined') return refuse(call, 'FORBIDDEN');
      const next = withPart(call, event.deviceId, { ...part, mediaState: event.mediaState });
      const remote = findRemote(next, event.deviceId);
      const payload = { deviceId: event.deviceId, mediaState: event.mediaState };
      if (remote === undefined) return done(next, []);
      return done(next, [send(remote, { type: 'media_changed', callId: call.callId, payload })]);
    }
    case 'media_reported':
      if (part.state !== 'joined') return refuse(call, 'FORBIDDEN');
      if (call.state !== 'connected') return refuse(call, 'WRONG_STATE');
      return part.flow === event.flow
        ? unchanged(call)
        : done(withPart(call, event.deviceId, { ...part, flow: event.flow }), []);
    case 'grown':
      if (!joined) return refuse(call, 'FORBIDDEN');
      if (call.state !== 'connected') return refuse(call, 'WRONG_STATE');
      return growCall(call, event.views, now);
    case 'keys_joined':
    case 'keys_committed':
    case 'keys_refreshed':
      return joined ? stepCallKeys(call, event, now) : refuse(call, 'FORBIDDEN');
  }
}

/** CALL3: over under this name; each device learns how it goes on. */
function growCall(call: ConnectedCall, views: readonly GrownView[], now: number): CallStep {
  const { effects, ...step } = endCall(call, { state: 'ended', reason: 'grown', by: null }, now);
  return {
    ...step,
    effects: effects.map((effect): CallEffect => {
      const view =
        effect.type === 'send' ? views.find(({ deviceId }) => deviceId === effect.deviceId) : undefined;
      if (effect.type !== 'send' || view === undefined) return effect;
      const event = { type: 'call_grew', callId: call.callId, payload: { call: view.call } } as const;
      return { ...effect, event };
    }),
  };
}

/** RING4: the first answer wins; every other device of the callee stops. */
function answerCall(call: RingingCall, winner: Participant, media: Call['callType'], now: number): CallStep {
  // Nobody gets a camera that nobody asked for: a video answer to an audio call is an audio answer.
  const joined = joinedPart(call.callType === 'audio' ? 'audio' : media, now);
  const { ringDeadlineAt: _deadline, held: _held, ...base } = call;
  const next: ConnectedCall = {
    ...base,
    state: 'connected',
    connectedAt: now,
    participants: call.participants.map((participant) => {
      if (participant.device.deviceId === winner.device.deviceId) return { ...participant, part: joined };
      return isRung(participant.part)
        ? { ...participant, part: { state: 'elsewhere', leftAt: now } }
        : participant;
    }),
  };
  const others = call.participants.filter(
    ({ device, part }) => isRung(part) && device.deviceId !== winner.device.deviceId,
  );
  const caller = findRemote(next, winner.device.deviceId);
  const remote = describeJoined({ ...winner, part: joined });
  const effects: CallEffect[] = others.map((other) =>
    send(other, {
      type: 'call_ended',
      callId: call.callId,
      payload: { reason: 'answered_elsewhere', endedAt: now, connectedAt: null, by: winner.device.name },
    }),
  );
  if (caller !== undefined && remote !== null) {
    effects.unshift(
      send(caller, { type: 'call_answered', callId: call.callId, payload: { connectedAt: now, remote } }),
    );
  }
  return done(next, [...effects, historyChanged(next)]);
}

/** RING2: a device that comes online while it rings, rings at once; a joined one is no longer silent. */
function handleOnline(call: LiveCall, device: Participant['device'], now: number): CallStep {
  const known = findParticipant(call, device.deviceId);
  if (known?.part.state === 'joined') {
    return known.part.silentSinceAt === null
      ? unchanged(call)
      : done(withPart(call, device.deviceId, { ...known.part, silentSinceAt: null }), []);
  }
  if (call.state !== 'ringing' || call.concealed || device.userId !== call.callee.userId)
    return unchanged(call);
  const ringDeadlineAt = call.ringLimitAt;
  if (known !== undefined && isRung(known.part)) {
    if (known.part.online) return unchanged(call);
    const next = {
      ...call,
      ringDeadlineAt,
      ...withParts(call, device.deviceId, { ...known.part, online: true }),
    };
    return done(next, progressEffects(next));
  }
  // While a call rings, only a device that said goodbye is in it and rings no more: it is back.
  const others = call.participants.filter((participant) => participant !== known);
  const next = { ...call, ringDeadlineAt, participants: [...others, inviteDevice(device, now)] };
  return done(next, [...ringEffects(next, device.deviceId), ...progressEffects(next)]);
}

function handleSilent(call: LiveCall, event: Silent, now: number): CallStep {
  const { deviceId, lastSeenAt, graceMs = 0 } = event;
  const known = findParticipant(call, deviceId);
  if (known === undefined) return unchanged(call);
  const { part } = known;
  if (part.state === 'joined') {
    if (part.silentSinceAt !== null) return unchanged(call);
    return done(
      withPart(call, deviceId, { ...part, silentSinceAt: Math.min(lastSeenAt, now) + graceMs }),
      [],
    );
  }
  if (call.state !== 'ringing' || !isRung(part) || !part.online) return unchanged(call);
  return changeProgress(call, deviceId, { ...part, online: false });
}

/** A device that was signed out, or that said goodbye, is not waited for. */
function handleRemoved(call: LiveCall, deviceId: string, now: number): CallStep {
  const known = findParticipant(call, deviceId);
  if (known === undefined) return unchanged(call);
  if (known.part.state === 'joined') return removeJoined(call, known, now);
  if (call.state !== 'ringing' || !isRung(known.part)) return unchanged(call);
  const next = withPart(call, deviceId, { state: 'missed', leftAt: now });
  return done(next, progressEffects(next));
}

/** Acts only on what is really due, so that a deadline delivered early, late or twice does no harm. */
function handleDeadline(call: LiveCall, now: number): CallStep {
  const due = call.participants
    .flatMap((participant) => {
      const at = goneAt(call, participant);
      return at === null || at > now ? [] : [{ participant, at }];
    })
    .sort((one, other) => one.at - other.at);
  const gone = due[0];
  const ringingOver = call.state === 'ringing' && call.ringDeadlineAt <= now;
  // Delivered late, more than one thing can be due: what came first is what happened.
  if (gone !== undefined && !(ringingOver && call.ringDeadlineAt <= gone.at)) {
    return removeJoined(call, gone.participant, now);
  }
  if (!ringingOver) return passCallKeysDeadline(call, now);
  const wasReached = call.participants.some(({ role }) => role === 'callee');
  return wasReached
    ? endCall(call, { state: 'missed', reason: 'no_answer', by: null }, now)
    : endCall(call, { state: 'failed', reason: 'unavailable', by: null }, now);
}

/** CALL2: in a call between two, one device gone for good is the end. */
function removeJoined(call: LiveCall, gone: Participant, now: number): CallStep {
  return call.state === 'ringing'
    ? endCall(call, { state: 'cancelled', reason: 'cancelled', by: gone }, now)
    : endCall(call, { state: 'ended', reason: 'connection_lost', by: gone }, now);
}

function changeProgress(call: RingingCall, deviceId: string, part: Participant['part']): CallStep {
  const next = withPart(call, deviceId, part);
  return done(next, progressEffects(next));
}

const withParts = (call: LiveCall, deviceId: string, part: Participant['part']) => ({
  participants: changePart(call.participants, deviceId, () => part),
});
const withPart = <Kind extends LiveCall>(call: Kind, deviceId: string, part: Participant['part']): Kind => ({
  ...call,
  ...withParts(call, deviceId, part),
});
const send = (to: Participant, event: Extract<CallEffect, { type: 'send' }>['event']): CallEffect => ({
  type: 'send',
  deviceId: to.device.deviceId,
  event,
});
const done = (call: Call, effects: readonly CallEffect[]): CallStep => ({ call, effects, refusal: null });
const unchanged = (call: Call): CallStep => ({ call, effects: [], refusal: null });
const refuse = (call: Call, refusal: ErrorCode): CallStep => ({ call, effects: [], refusal });
