import type { Call, CallEffect, CallEvent, CallStep, DeviceEffect } from '../src/index.ts';
import { REAL_MACHINES, type Machines } from '../src/simulation/index.ts';

/** Machines with one fault each, of the kind that a slip of the hand makes. */
export interface PlantedFault {
  readonly name: string;
  readonly machines: Machines;
}

const { stepCall, stepDevice, dialCall, nextDeadline, pushEvent, eventsAfter, acknowledge, receiveEvent } =
  REAL_MACHINES;

const server = (
  name: string,
  change: (step: CallStep, before: Call, event: CallEvent, now: number) => CallStep,
): PlantedFault => ({
  name,
  machines: {
    ...REAL_MACHINES,
    stepCall: (call, event, now) => change(stepCall(call, event, now), call, event, now),
  },
});

const ends = (effect: CallEffect, reason: string): boolean =>
  effect.type === 'send' && effect.event.type === 'call_ended' && effect.event.payload.reason === reason;

/** The second device to answer joins as well. */
const secondWins = server('a second answer wins', (step, before, event) => {
  if (event.type !== 'answered' || before.state !== 'connected' || step.refusal === null) return step;
  const winner = before.participants.find(({ role, part }) => role === 'callee' && part.state === 'joined');
  if (winner === undefined) return step;
  const participants = before.participants.map((participant) =>
    participant.device.deviceId === event.deviceId ? { ...participant, part: winner.part } : participant,
  );
  return { call: { ...before, participants }, effects: [], refusal: null };
});

const lateAnswerReplaces = server('a late answer takes the call over', (step, before, event) => {
  if (event.type !== 'answered' || before.state !== 'connected' || step.refusal === null) return step;
  const winner = before.participants.find(({ role, part }) => role === 'callee' && part.state === 'joined');
  if (winner === undefined) return step;
  const participants = before.participants.map((participant) => {
    if (participant.device.deviceId === event.deviceId) return { ...participant, part: winner.part };
    return participant === winner
      ? { ...winner, part: { state: 'elsewhere', leftAt: 0 } as const }
      : participant;
  });
  return { call: { ...before, participants }, effects: [], refusal: null };
});

const drop = (name: string, isDropped: (effect: CallEffect, before: Call, event: CallEvent) => boolean) =>
  server(name, (step, before, event) => ({
    ...step,
    effects: step.effects.filter((effect) => !isDropped(effect, before, event)),
  }));

const device = (
  name: string,
  change: (effects: readonly DeviceEffect[], key: string) => readonly DeviceEffect[],
) => ({
  name,
  machines: {
    ...REAL_MACHINES,
    stepDevice: (...[state, input, now]: Parameters<typeof stepDevice>) => {
      const step = stepDevice(state, input, now);
      return { ...step, effects: change(step.effects, 'key' in input ? input.key : '') };
    },
  },
});

const ignores = (
  name: string,
  isIgnored: (...args: Parameters<typeof stepDevice>) => boolean,
): PlantedFault => ({
  name,
  machines: {
    ...REAL_MACHINES,
    stepDevice: (state, input, now) =>
      isIgnored(state, input, now) ? { state, effects: [] } : stepDevice(state, input, now),
  },
});

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  secondWins,
  lateAnswerReplaces,
  drop('the other devices are not stopped by an answer', (effect) => ends(effect, 'answered_elsewhere')),
  drop('the other devices are not stopped by a decline', (effect) => ends(effect, 'declined_elsewhere')),
  drop('the caller is not told of a decline', (effect) => ends(effect, 'declined')),
  drop('a cancel tells nobody', (effect) => ends(effect, 'cancelled')),
  drop('the timeout tells nobody', (effect) => ends(effect, 'no_answer')),
  drop('the other side is not told of the end', (effect) => ends(effect, 'hangup')),
  drop('nobody is told of a lost device', (effect) => ends(effect, 'connection_lost')),
  drop(
    'the caller is not told of the answer',
    (effect) => effect.type === 'send' && effect.event.type === 'call_answered',
  ),
  drop(
    'changes of sound and picture are not passed on',
    (effect) => effect.type === 'send' && effect.event.type === 'media_changed',
  ),
  drop('signals are not passed on', (effect) => effect.type === 'send' && effect.event.type === 'offer'),
  drop('histories are not told', (effect) => effect.type === 'history_changed'),
  server('anybody may end a call', (step, before, event, now) =>
    event.type === 'ended' && step.refusal === 'WRONG_STATE' && before.state === 'ringing'
      ? stepCall(before, { type: 'cancelled', deviceId: event.deviceId }, now)
      : event.type === 'declined' && step.refusal === 'WRONG_STATE'
        ? stepCall(before, { type: 'ended', deviceId: event.deviceId, reason: 'hangup' }, now)
        : step,
  ),
  server('held signals reach every ringing device', (step, before, event) => {
    if (event.type !== 'signalled' || before.state !== 'ringing' || event.signal.type !== 'offer')
      return step;
    const { signal } = event;
    const rung = before.participants.filter(({ part }) => part.state === 'ringing');
    const effects = rung.map((participant): CallEffect => ({
      type: 'send',
      deviceId: participant.device.deviceId,
      event: { ...signal, callId: before.callId },
    }));
    return { ...step, effects };
  }),
  server('a late deadline ends a call that was answered', (step, before, event, now) =>
    event.type === 'deadline_passed' && before.state === 'connected'
      ? stepCall(
          before,
          { type: 'device_removed', deviceId: before.participants[0]?.device.deviceId ?? '' },
          now,
        )
      : step,
  ),
  server('a lost device is not noticed', (step, before, event) =>
    event.type === 'device_silent' ? { call: before, effects: [], refusal: null } : step,
  ),
  server('a device that came back counts as lost', (step, before, event) =>
    event.type === 'device_online' && before.state === 'connected'
      ? { call: before, effects: [], refusal: null }
      : step,
  ),
  server('a second end overwrites the first', (step, before, event, now) =>
    event.type === 'deadline_passed' && before.state === 'ended'
      ? { ...step, call: { ...before, endedAt: now } }
      : step,
  ),
  {
    name: 'a call rings for ever',
    machines: {
      ...REAL_MACHINES,
      nextDeadline: (call) => (call.state === 'ringing' ? null : nextDeadline(call)),
    },
  },
  {
    name: 'a lost device is waited for, for ever',
    machines: {
      ...REAL_MACHINES,
      nextDeadline: (call) => (call.state === 'connected' ? null : nextDeadline(call)),
    },
  },
  {
    name: 'a blocked caller gets through',
    machines: { ...REAL_MACHINES, dialCall: (input) => withoutConcealment(dialCall(input)) },
  },
  device('signals are processed on ringing', (effects) =>
    effects.flatMap((effect) =>
      effect.type === 'request' && effect.request.type === 'report_ringing'
        ? [effect, { type: 'media_accept', key: effect.key, signals: [] } as const]
        : [effect],
    ),
  ),
  device('media start at the press of Answer', (effects, key) =>
    effects.flatMap((effect) =>
      effect.type === 'request' && effect.request.type === 'answer_call'
        ? [effect, { type: 'media_accept', key, signals: [] } as const]
        : [effect],
    ),
  ),
  device('media are not closed', (effects) => effects.filter(({ type }) => type !== 'media_close')),
  device('nothing is offered anew after a lost session', (effects) =>
    effects.filter(({ type }) => type !== 'media_rejoin'),
  ),
  device('the cancel is not sent', (effects) =>
    effects.filter((effect) => effect.type !== 'request' || effect.request.type !== 'cancel_call'),
  ),
  device('the end is not sent', (effects) =>
    effects.filter((effect) => effect.type !== 'request' || effect.request.type !== 'end_call'),
  ),
  device('a mute is not sent', (effects) =>
    effects.filter((effect) => effect.type !== 'request' || effect.request.type !== 'update_media'),
  ),
  ignores(
    'the end of a call is not heard',
    (state, input) =>
      input.type === 'event' &&
      input.event.type === 'call_ended' &&
      state.calls.some(({ phase }) => phase === 'incoming'),
  ),
  ignores(
    'the end is not heard while answering',
    (state, input) =>
      input.type === 'event' &&
      input.event.type === 'call_ended' &&
      state.calls.some(({ phase }) => phase === 'answering'),
  ),
  ignores(
    'what the server says after a lost session is ignored',
    (_state, input) => input.type === 'registered' && !input.resumed,
  ),
  ignores('the own deadline is ignored', (_state, input) => input.type === 'deadline_passed'),
  ignores('a late answer is not taken back', (_state, input) => input.type === 'answer_refused'),
  {
    name: 'a resume starts one event too late',
    machines: {
      ...REAL_MACHINES,
      eventsAfter: (outbox, lastSeq) => eventsAfter(outbox, lastSeq)?.slice(1) ?? null,
    },
  },
  {
    name: 'a resume sends what was handled',
    machines: {
      ...REAL_MACHINES,
      eventsAfter: (outbox, lastSeq) => eventsAfter(outbox, Math.max(0, lastSeq - 1)),
    },
  },
  {
    name: 'events share a number',
    machines: {
      ...REAL_MACHINES,
      pushEvent: (outbox, event) => {
        const pushed = pushEvent(outbox, event);
        return event.type === 'call_progress'
          ? { ...pushed, outbox: { ...pushed.outbox, lastSeq: outbox.lastSeq } }
          : pushed;
      },
    },
  },
  {
    name: 'an acknowledgement forgets what is still under way',
    machines: {
      ...REAL_MACHINES,
      acknowledge: (outbox, seq) => acknowledge(outbox, Math.min(seq + 1, outbox.lastSeq)),
    },
  },
  {
    name: 'a gap is taken for the next event',
    machines: {
      ...REAL_MACHINES,
      eventsAfter: (outbox, lastSeq) => eventsAfter(outbox, Math.min(outbox.lastSeq, lastSeq + 1)),
      receiveEvent: (inbox, seq) => {
        const received = receiveEvent(inbox, seq);
        return received.verdict === 'gap'
          ? { verdict: 'handle', inbox: { ...inbox, lastSeq: seq } }
          : received;
      },
    },
  },
];

function withoutConcealment(dialed: ReturnType<typeof dialCall>): ReturnType<typeof dialCall> {
  return { ...dialed, call: { ...dialed.call, concealed: false } };
}
