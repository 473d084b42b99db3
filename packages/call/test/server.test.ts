import { describe, expect, it } from 'vitest';
import { LIMITS, TIMES } from '@visavis/protocol';
import { nextDeadline, viewCall, type Call, type CallEvent } from '../src/index.ts';
import {
  DEADLINE,
  silent,
  answered,
  callsInEveryState,
  candidate,
  dial,
  LAPTOP,
  lead,
  MEDIA,
  offer,
  PHONE,
  START,
  step,
  STRANGER,
  TABLET,
  told,
} from './serverFixtures.ts';

const flow = (deviceId: string, to: 'flowing' | 'lost'): CallEvent => ({
  type: 'media_reported',
  deviceId,
  flow: to,
});
const connected = (): Call => callsInEveryState().connected;

const say = (deviceId: string, signal: ReturnType<typeof offer>): CallEvent => ({
  type: 'signalled',
  deviceId,
  signal,
});

const held = (call: Call): unknown => (call.state === 'ringing' ? call.held : null);

const requests = (deviceId: string): readonly CallEvent[] => [
  { type: 'ringing_reported', deviceId, silent: true },
  { type: 'answered', deviceId, media: 'video' },
  { type: 'declined', deviceId },
  { type: 'cancelled', deviceId },
  { type: 'ended', deviceId, reason: 'hangup' },
  { type: 'signalled', deviceId, signal: offer('one') },
  { type: 'media_updated', deviceId, mediaState: MEDIA },
  { type: 'media_reported', deviceId, flow: 'flowing' },
];

describe('in the call', () => {
  it('CALL1 each may do only what is theirs', () => {
    const ringing = dial().call;
    const refusals = [
      step(ringing, { type: 'cancelled', deviceId: 'phone' }),
      step(ringing, { type: 'declined', deviceId: 'laptop' }),
      step(ringing, answered(LAPTOP)),
      step(ringing, { type: 'signalled', deviceId: 'phone', signal: offer('one') }),
      step(ringing, { type: 'media_updated', deviceId: 'phone', mediaState: MEDIA }),
      step(connected(), { type: 'ended', deviceId: 'tablet', reason: 'hangup' }),
      step(connected(), { type: 'signalled', deviceId: 'tablet', signal: offer('one') }),
    ].map(({ refusal }) => refusal);
    expect(refusals).toEqual([
      'FORBIDDEN',
      'WRONG_STATE',
      'WRONG_STATE',
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
  });

  it('CALL1 nobody but its devices gets a view of a call', () => {
    expect(viewCall(dial().call, 'eve')).toBeNull();
    expect(viewCall(connected(), 'tablet')).toBeNull();
    expect(viewCall(connected(), 'phone')).toMatchObject({ joined: true, remote: { deviceId: 'laptop' } });
    expect(viewCall(dial().call, 'phone')).toMatchObject({ joined: false, remote: null, mediaState: null });
  });

  it.each(['laptop', 'phone'])('CALL2 %s ends it for both, with the right times', (deviceId) => {
    const { call, effects } = step(connected(), { type: 'ended', deviceId, reason: 'hangup' }, 60_000);
    expect(call).toMatchObject({ state: 'ended', endReason: 'hangup', endedAt: START + 60_000 });
    expect(told(effects)).toEqual([
      'laptop: call_ended hangup',
      'phone: call_ended hangup',
      'history: ada ben',
    ]);
  });

  it('CALL2 a crashed device is given up 10 s after it was last heard of, and left then', () => {
    const lost = step(connected(), silent('phone', START + 5_000), 9_000).call;
    expect(nextDeadline(lost)).toBe(START + 5_000 + TIMES.busyDeadMs);
    const { call, effects } = step(lost, DEADLINE, 5_000 + TIMES.busyDeadMs);
    expect(call).toMatchObject({ state: 'ended', endReason: 'connection_lost' });
    expect(call.participants[1]?.part).toMatchObject({ state: 'left', leftAt: START + 5_000 });
    expect(told(effects)).toContain('laptop: call_ended connection_lost');
  });

  it('CALL2 while the other side gets its media, a lost socket is no lost call', () => {
    const lost = lead(connected(), flow('laptop', 'flowing'), silent('phone', START + 1_000));
    expect(nextDeadline(lost)).toBe(START + 1_000 + TIMES.mediaOnlyMs);
    const lostToo = lead(lost, flow('laptop', 'lost'));
    expect(nextDeadline(lostToo)).toBe(START + 1_000 + TIMES.busyDeadMs);
  });

  it('CALL2 a device that comes back in time stays', () => {
    const lost = lead(connected(), silent('phone'));
    const back = lead(lost, { type: 'device_online', device: PHONE });
    expect(nextDeadline(back)).toBeNull();
    expect(step(back, DEADLINE, 1e9).call).toBe(back);
  });

  it('CALL2 a device that is signed out is not waited for', () => {
    expect(step(connected(), { type: 'device_removed', deviceId: 'laptop' }).call.state).toBe('ended');
    expect(step(dial().call, { type: 'device_removed', deviceId: 'laptop' }).call.state).toBe('cancelled');
    expect(step(dial().call, { type: 'device_removed', deviceId: 'phone' }).call.state).toBe('ringing');
  });

  it('CALL6 a change of sound or picture reaches the other side', () => {
    const { call, effects } = step(connected(), {
      type: 'media_updated',
      deviceId: 'phone',
      mediaState: MEDIA,
    });
    expect(told(effects)).toEqual(['laptop: media_changed']);
    expect(viewCall(call, 'laptop')?.remote?.mediaState).toEqual(MEDIA);
  });
});

describe('signals', () => {
  it('NEG2 candidates are kept while it rings, also before their offer, and repeated ones are dropped', () => {
    const first = lead(dial().call, say('laptop', candidate('one', 1)), say('laptop', offer('one')));
    const repeated = step(first, say('laptop', candidate('one', 1)));
    expect(repeated).toEqual({ call: first, effects: [], refusal: null });
    expect(held(first)).toEqual([offer('one'), candidate('one', 1)]);
  });

  it('NEG2 a new offer takes the place of the old one and of its candidates', () => {
    const call = lead(
      dial().call,
      say('laptop', offer('one')),
      say('laptop', candidate('one', 1)),
      say('laptop', candidate('two', 1)),
      say('laptop', offer('two')),
    );
    expect(held(call)).toEqual([offer('two'), candidate('two', 1)]);
  });

  it('NEG2 no more is kept than the limit, and there is always room for the offer', () => {
    let call: Call = dial().call;
    for (let number = 1; number < LIMITS.heldSignals; number += 1)
      call = lead(call, say('laptop', candidate('one', number)));
    expect(step(call, say('laptop', candidate('one', 1_000))).refusal).toBe('WRONG_STATE');
    const full = lead(call, say('laptop', offer('one')));
    expect(held(full)).toHaveLength(LIMITS.heldSignals);
  });

  it('CALL2 a call does not end before it began, whatever the clocks of two nodes', () => {
    const call = lead(dial().call, answered(PHONE));
    const ended = step(call, { type: 'ended', deviceId: PHONE.deviceId, reason: 'hangup' }, -500).call;
    expect(ended).toMatchObject({
      state: 'ended',
      endedAt: call.state === 'connected' ? call.connectedAt : 0,
    });
  });

  it('NEG3 nothing of the caller reaches a device that has not answered', () => {
    const { effects } = step(dial().call, say('laptop', offer('one')));
    expect(effects).toEqual([]);
    expect(JSON.stringify(viewCall(lead(dial().call, say('laptop', offer('one'))), 'phone'))).not.toContain(
      'sdp',
    );
  });

  it('NEG3 in a call a signal goes to the other joined device alone', () => {
    expect(told(step(connected(), say('laptop', offer('one'))).effects)).toEqual(['phone: offer']);
    expect(told(step(connected(), say('phone', candidate('one', 1))).effects)).toEqual([
      'laptop: ice_candidate',
    ]);
  });

  it('NEG1 there is no answer to be kept while it rings', () => {
    const answer = { type: 'answer', payload: { connectionId: 'one', sdp: 'v=0' } } as const;
    expect(step(dial().call, say('laptop', answer)).refusal).toBe('WRONG_STATE');
  });
});

describe('every event in every state from every kind of actor', () => {
  const ACTORS = { caller: LAPTOP, phone: PHONE, tablet: TABLET, stranger: STRANGER };
  /** What is done, and by whom; everything else is refused. In the connected call the phone has answered. */
  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    'ringing caller': ['cancelled', 'signalled', 'media_updated'],
    'ringing phone': ['ringing_reported', 'answered', 'declined'],
    'ringing tablet': ['ringing_reported', 'answered', 'declined'],
    'connected caller': ['ended', 'signalled', 'media_updated', 'media_reported'],
    // The first answer again.
    'connected phone': ['answered', 'ended', 'signalled', 'media_updated', 'media_reported'],
  };
  const calls = callsInEveryState();
  const table = Object.entries(calls).flatMap(([state, call]) =>
    Object.entries(ACTORS).flatMap(([actor, device]) =>
      requests(device.deviceId).map((event) => ({
        state,
        call,
        actor,
        event,
        isAllowed: (ALLOWED[`${state} ${actor}`] ?? []).includes(event.type),
      })),
    ),
  );

  it.each(table.filter(({ isAllowed }) => isAllowed))(
    'CALL1 $actor may: $event.type while $state',
    ({ call, event }) => {
      expect(step(call, event).refusal).toBeNull();
    },
  );

  it.each(table.filter(({ isAllowed }) => !isAllowed))(
    'CALL1 CALL2 $actor may not: $event.type while $state',
    ({ call, event, actor, state }) => {
      const refused = step(call, event);
      expect(refused.call).toBe(call);
      expect(refused.effects).toEqual([]);
      const isKnown = call.participants.some(({ device }) => device === ACTORS_BY_NAME[actor]);
      const isOver = state !== 'ringing' && state !== 'connected';
      if (!isKnown) expect(refused.refusal).toBe('FORBIDDEN');
      else if (isOver) expect(refused.refusal).toBe('CALL_UNAVAILABLE');
      else expect(['FORBIDDEN', 'WRONG_STATE', 'CALL_UNAVAILABLE']).toContain(refused.refusal);
    },
  );
  const ACTORS_BY_NAME: Readonly<Record<string, unknown>> = ACTORS;

  it.each(Object.entries(calls).filter(([state]) => state !== 'ringing' && state !== 'connected'))(
    'CALL2 nothing that happens to a device changes a call that is %s',
    (_state, call) => {
      const events: readonly CallEvent[] = [
        DEADLINE,
        silent('phone'),
        { type: 'device_online', device: PHONE },
        { type: 'device_removed', deviceId: 'laptop' },
      ];
      for (const event of events)
        expect(step(call, event, 1e6)).toEqual({ call, effects: [], refusal: null });
      expect(nextDeadline(call)).toBeNull();
    },
  );
});
