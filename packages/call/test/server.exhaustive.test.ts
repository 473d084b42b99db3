import { describe, expect, it } from 'vitest';
import type { Signal } from '@visavis/protocol';
import {
  nextDeadline,
  stepCall,
  type Call,
  type CallEvent,
  type CallStep,
  type Participant,
} from '../src/index.ts';
import { auditShape, auditStep } from '../src/simulation/index.ts';
import {
  ADMITS,
  candidate,
  DESK,
  dial,
  LAPTOP,
  offer,
  PHONE,
  STRANGER,
  START,
  TABLET,
  told,
} from './serverFixtures.ts';

/** Signals beyond that many kept ones are left out: more of the same lead nowhere new. */
const HELD_SIGNALS = 2;
const ACTORS = [LAPTOP, PHONE, TABLET, DESK, STRANGER];
const SIGNALS: readonly Signal[] = [
  offer('one'),
  candidate('one', 1),
  { type: 'answer', payload: { connectionId: 'one', sdp: 'v=0' } },
];

/** What can happen at any moment: everything from everybody. */
function everyEvent(): readonly CallEvent[] {
  const fromDevices = ACTORS.flatMap(({ deviceId }): readonly CallEvent[] => [
    { type: 'ringing_reported', deviceId, silent: false },
    { type: 'ringing_reported', deviceId, silent: true },
    { type: 'answered', deviceId, media: 'video' },
    { type: 'answered', deviceId, media: 'audio' },
    { type: 'declined', deviceId },
    { type: 'cancelled', deviceId },
    { type: 'ended', deviceId, reason: 'hangup' },
    { type: 'ended', deviceId, reason: 'media_failed' },
    { type: 'media_updated', deviceId, mediaState: { ...MUTED } },
    { type: 'media_reported', deviceId, flow: 'flowing' },
    { type: 'media_reported', deviceId, flow: 'lost' },
    { type: 'grown', deviceId, views: [] },
    { type: 'device_silent', deviceId, lastSeenAt: START },
    { type: 'device_removed', deviceId },
    ...SIGNALS.map((signal): CallEvent => ({ type: 'signalled', deviceId, signal })),
  ]);
  const comingOnline = ACTORS.map((device): CallEvent => ({ type: 'device_online', device }));
  return [...fromDevices, ...comingOnline, { type: 'deadline_passed' }];
}

const MUTED = { muted: true, camera: false, screen: false, hand: false, held: false };

/**
 * A call without its times: two calls that differ in nothing else go on alike, since every time is compared only with `now`,
 * and the search tries each deadline both before and when it is due.
 */
function canonical(call: Call): string {
  // The order in which devices were rung is shown to nobody.
  const inOrder = [...call.participants].sort((one, other) =>
    one.device.deviceId < other.device.deviceId ? -1 : 1,
  );
  const parts = inOrder.map(({ device, part }: Participant) => {
    if (part.state !== 'joined')
      return [device.deviceId, part.state, 'online' in part && part.online, 'silent' in part && part.silent];
    return [device.deviceId, part.state, part.flow, part.mediaState, part.silentSinceAt === null];
  });
  const held = call.state === 'ringing' ? call.held : [];
  const reason = 'endReason' in call ? call.endReason : '';
  const isShort = call.state === 'ringing' && call.ringDeadlineAt < call.ringLimitAt;
  return JSON.stringify([call.state, reason, call.concealed, isShort, held, parts]);
}

const EVENTS = everyEvent();

interface Search {
  readonly states: number;
  readonly edges: number;
  readonly byState: Readonly<Record<string, number>>;
}

/** RING5: every ringing call has a deadline, and once that has passed it does not ring. */
function expectAnEnd(call: Call, dueAt: number | null): void {
  if (dueAt === null) throw new Error('a ringing call without a deadline');
  const { state } = stepCall(call, { type: 'deadline_passed' }, dueAt).call;
  if (state === 'ringing') throw new Error('a ringing call that outlives its deadline');
}

/** RING8: nobody but the caller hears of a call that does not get through. */
function auditConcealed({ call, effects }: CallStep): void {
  if (!call.concealed) return;
  const others = effects.filter((effect) =>
    effect.type === 'send'
      ? effect.deviceId !== 'laptop'
      : effect.type === 'history_changed' && effect.userIds.includes('ben'),
  );
  if (others.length > 0) throw new Error(`RING8 a concealed call tells ${told(others).join(', ')}`);
}

/** Breadth first over everything that can be reached from a dialed call. */
function search(first: Call): Search {
  const seen = new Set([canonical(first)]);
  const byState: Record<string, number> = {};
  let edges = 0;
  let frontier = [first];
  auditShape(first, first);
  while (frontier.length > 0) {
    const next: Call[] = [];
    for (const call of frontier) {
      byState[call.state] = (byState[call.state] ?? 0) + 1;
      const dueAt = nextDeadline(call);
      if (call.state === 'ringing') expectAnEnd(call, dueAt);
      for (const event of EVENTS) {
        // Only a deadline looks at the time: it comes early, when it is due, and much too late.
        const times =
          event.type === 'deadline_passed' && dueAt !== null ? [dueAt - 1, dueAt, dueAt + 1e6] : [];
        for (const now of [START + 1, ...times]) {
          const step = stepCall(call, event, now);
          edges += 1;
          auditStep(call, event, step, now, dueAt);
          auditConcealed(step);
          if (step.call === call) continue;
          if (step.call.state === 'ringing' && step.call.held.length > HELD_SIGNALS) continue;
          const name = canonical(step.call);
          if (seen.has(name)) continue;
          seen.add(name);
          next.push(step.call);
        }
      }
    }
    frontier = next;
  }
  return { states: seen.size, edges, byState };
}

describe('every state that the server machine can reach, every event, every actor', () => {
  it(
    'RING4 RING5 CALL1 CALL2 NEG3 hold for one caller and a callee with three devices',
    { timeout: 120_000 },
    () => {
      const found = search(dial().call);
      expect(Object.keys(found.byState).sort()).toEqual([
        'cancelled',
        'connected',
        'declined',
        'ended',
        'missed',
        'ringing',
      ]);
      // These are what docs/call-states.md says; a change of the machine changes them.
      expect([found.states, found.edges]).toEqual([8_142, 763_218]);
    },
  );

  it('RING2 RING8 hold when no device is online, and when the callee does not want to hear of it', () => {
    const unreachable = search(dial({ calleeDevices: [] }).call);
    expect(unreachable.byState['failed']).toBeGreaterThan(0);
    expect(unreachable.byState['missed']).toBeGreaterThan(0);
    const nobody = search(dial({ calleeDevices: [], policy: { ...ADMITS, admits: 'nothing' } }).call);
    expect(Object.keys(nobody.byState).sort()).toEqual(['cancelled', 'failed', 'ringing']);
  });
});
