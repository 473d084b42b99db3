import type { CallSnapshot, UserSummary } from '@visavis/protocol';
import {
  startGroup,
  stepGroup,
  viewGroup,
  type CallDevice,
  type CalleePolicy,
  type GroupCall,
  type GroupEvent,
  type GroupStep,
  type Invitee,
} from '../src/index.ts';

export const START = 1_750_000_000_000;
export const ADMITS: CalleePolicy = { inCall: false, callWaiting: true, doNotDisturb: false, admits: 'ring' };

export const user = (userId: string): UserSummary => ({
  userId,
  handle: userId,
  name: userId.toUpperCase(),
  avatarUrl: null,
});
/** The first device of a person is called like them with 1, the second with 2. */
export const device = (userId: string, n = 1): CallDevice => ({
  userId,
  deviceId: `${userId}${String(n)}`,
  name: `${userId}'s device ${String(n)}`,
  kind: 'desktop',
});
export const invitee = (userId: string, change: Partial<Invitee> = {}): Invitee => ({
  user: user(userId),
  devices: [device(userId), device(userId, 2)],
  policy: ADMITS,
  ...change,
});

/** Ada starts a call with these. */
export function start(...invitees: readonly Invitee[]): GroupStep {
  const started = startGroup({
    callId: 'group',
    callType: 'video',
    title: null,
    savedGroupId: null,
    host: user('ada'),
    device: device('ada'),
    invitees,
    now: START,
    ringMs: 45_000,
  });
  if (!started.ok) throw new Error(started.code);
  return started.step;
}

/** One event after the other, a second apart; what is refused is a fault of the test. */
export function play(call: GroupCall, ...events: readonly GroupEvent[]): GroupCall {
  return events.reduce((current, event, n) => {
    const step = stepGroup(current, event, START + (n + 1) * 1_000);
    if (step.refusal !== null) throw new Error(`${event.type}: ${step.refusal}`);
    return step.call;
  }, call);
}

export const answered = (userId: string, n = 1): GroupEvent => ({
  type: 'answered',
  deviceId: `${userId}${String(n)}`,
  media: 'video',
});
export const left = (userId: string, n = 1): GroupEvent => ({
  type: 'left',
  deviceId: `${userId}${String(n)}`,
  reason: 'hangup',
});
/** Ada is in it, and so are these. */
export const gathered = (...userIds: readonly string[]): GroupCall =>
  play(start(...userIds.map((userId) => invitee(userId))).call, ...userIds.map((userId) => answered(userId)));

export const statusOf = (call: GroupCall, userId: string): string | undefined =>
  call.people.find((person) => person.user.userId === userId)?.status;

/** What was sent to whom, in words. */
export const told = ({ effects }: GroupStep): string[] =>
  effects.flatMap((effect) => {
    switch (effect.type) {
      case 'send': {
        const { event, deviceId } = effect;
        const more = event.type === 'call_ended' ? ` ${event.payload.reason}` : '';
        return [`${deviceId} ${event.type}${more}`];
      }
      case 'notice':
        return [`${effect.deviceId} ${effect.notice.type}`];
      case 'keys':
        return effect.deviceIds.map((deviceId) => `${deviceId} ${effect.message.type}`);
      case 'history_changed':
        return [`history ${effect.userIds.join(' ')}`];
    }
  });

export function view(call: GroupCall, deviceId: string): CallSnapshot {
  const snapshot = viewGroup(call, deviceId);
  if (snapshot === null) throw new Error(`${deviceId} sees no call`);
  return snapshot;
}
