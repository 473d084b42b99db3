import { TIMES, type MediaState, type Signal, type UserSummary } from '@visavis/protocol';
import {
  dialCall,
  stepCall,
  type Call,
  type CallDevice,
  type CallEffect,
  type CallEvent,
  type CalleePolicy,
  type CallStep,
  type DialInput,
} from '../src/index.ts';

/** Wall time at which every call of these tests is dialed. */
export const START = 1_750_000_000_000;

const ADA: UserSummary = { userId: 'ada', handle: 'ada', name: 'Ada', avatarUrl: null };
const BEN: UserSummary = { userId: 'ben', handle: 'ben', name: 'Ben', avatarUrl: null };

export const LAPTOP: CallDevice = {
  userId: 'ada',
  deviceId: 'laptop',
  name: "Ada's laptop",
  kind: 'desktop',
};
export const PHONE: CallDevice = { userId: 'ben', deviceId: 'phone', name: "Ben's phone", kind: 'phone' };
export const TABLET: CallDevice = { userId: 'ben', deviceId: 'tablet', name: "Ben's tablet", kind: 'tablet' };
export const DESK: CallDevice = { userId: 'ben', deviceId: 'desk', name: "Ben's desk", kind: 'desktop' };
export const STRANGER: CallDevice = { userId: 'eve', deviceId: 'eve', name: "Eve's phone", kind: 'phone' };

export const ADMITS: CalleePolicy = { inCall: false, callWaiting: true, doNotDisturb: false, admits: 'ring' };

export const MEDIA: MediaState = { muted: true, camera: false, screen: false, hand: false, held: false };

export const offer = (connectionId: string): Signal => ({
  type: 'offer',
  payload: { connectionId, sdp: 'v=0' },
});
export const candidate = (connectionId: string, number: number): Signal => ({
  type: 'ice_candidate',
  payload: {
    connectionId,
    candidate: `candidate:${number}`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  },
});

/** Ada dials Ben, whose three devices are online unless told otherwise. */
export const dial = (change: Partial<DialInput> = {}): ReturnType<typeof dialCall> =>
  dialCall({
    callId: 'call',
    callType: 'video',
    caller: ADA,
    callerDevice: LAPTOP,
    callee: BEN,
    calleeDevices: [PHONE, TABLET, DESK],
    policy: ADMITS,
    now: START,
    ringMs: TIMES.ringMs,
    ...change,
  });

/** Runs events one after the other; each second one. Fails on a refusal: these lead somewhere. */
export function lead(call: Call, ...events: readonly CallEvent[]): Call {
  let current = call;
  let now = START;
  for (const event of events) {
    now += 1_000;
    const step = stepCall(current, event, now);
    if (step.refusal !== null) throw new Error(`${event.type} was refused: ${step.refusal}`);
    current = step.call;
  }
  return current;
}

/** Who is told what, as `device: type reason`. */
export const told = (effects: readonly CallEffect[]): readonly string[] =>
  effects.map((effect) => {
    if (effect.type === 'keys') return `${effect.deviceIds.join(' ')}: ${effect.message.type}`;
    if (effect.type === 'history_changed') return `history: ${effect.userIds.join(' ')}`;
    const { deviceId, event } = effect;
    const reason = event.type === 'call_ended' ? ` ${event.payload.reason}` : '';
    return `${deviceId}: ${event.type}${reason}`;
  });

export const partOf = (call: Call, deviceId: string): string =>
  call.participants.find(({ device }) => device.deviceId === deviceId)?.part.state ?? 'none';

export const answered = (device: CallDevice): CallEvent => ({
  type: 'answered',
  deviceId: device.deviceId,
  media: 'video',
});

/** A call in every state, by the way that leads there. */
export function callsInEveryState(): Readonly<Record<Call['state'], Call>> {
  const ringing = lead(dial().call, { type: 'ringing_reported', deviceId: 'phone', silent: false });
  const connected = lead(ringing, answered(PHONE));
  return {
    ringing,
    connected,
    ended: lead(connected, { type: 'ended', deviceId: 'phone', reason: 'hangup' }),
    missed: stepCall(ringing, { type: 'deadline_passed' }, START + TIMES.ringMs).call,
    declined: lead(ringing, { type: 'declined', deviceId: 'tablet' }),
    cancelled: lead(ringing, { type: 'cancelled', deviceId: 'laptop' }),
    busy: dial({ policy: { ...ADMITS, inCall: true, callWaiting: false } }).call,
    failed: stepCall(dial({ calleeDevices: [] }).call, { type: 'deadline_passed' }, START + TIMES.ringMs)
      .call,
  };
}

export const step = (call: Call, event: CallEvent, afterMs = 1_000): CallStep =>
  stepCall(call, event, START + afterMs);

export const DEADLINE: CallEvent = { type: 'deadline_passed' };
export const silent = (deviceId: string, lastSeenAt = START): CallEvent => ({
  type: 'device_silent',
  deviceId,
  lastSeenAt,
});
