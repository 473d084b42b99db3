import { describe, expect, it } from 'vitest';
import { alertOf, nextDeviceDeadline, stepDevice, type DeviceInput } from '../src/index.ts';
import {
  NOW,
  RINGS_UNTIL,
  GRACE_MS,
  REMOTE,
  OFFER,
  snapshot,
  INCOMING,
  ANSWERED,
  CONNECTED,
  event,
  RING,
  ended,
  CALL_ANSWERED,
  SIGNAL,
  DIAL,
  dialed,
  ANSWER,
  ACCEPTED,
  fresh,
  hangUp,
  run,
  phases,
  names,
  ROADS,
} from './clientFixtures.ts';

describe('dialing', () => {
  it('RING1 one press is one call, however often it is pressed', () => {
    const { state, effects } = run(DIAL);
    expect(names(effects)).toEqual(['media_prepare', 'initiate_call']);
    expect(stepDevice(state, DIAL, NOW)).toEqual({ state, effects: [] });
  });

  it('NEG1 the caller offers as soon as the server has named the call', () => {
    const { state, effects } = run(DIAL, dialed(snapshot()));
    expect(phases(state)).toEqual(['calling']);
    expect(names(effects)).toEqual(['media_offer']);
  });

  it('RING4 the answer of the other joins the call', () => {
    const { state, effects } = run(DIAL, dialed(snapshot()), CALL_ANSWERED);
    expect(state.calls[0]).toMatchObject({ phase: 'joined', remote: REMOTE });
    expect(names(effects)).toEqual(['media_accept']);
  });

  it('RING4 an answer that arrives before the name of the call is not lost', () => {
    expect(phases(run(DIAL, CALL_ANSWERED, dialed(snapshot())).state)).toEqual(['joined']);
  });

  it.each([[[DIAL, ended('busy'), dialed(null)]], [[DIAL, dialed(null), ended('busy')]]])(
    'RING6 busy is busy, whichever comes first',
    (inputs) => {
      const { state } = run(...inputs);
      expect(state.calls).toMatchObject([{ phase: 'ended', reason: 'busy' }]);
      expect(state.early).toEqual([]);
    },
  );

  it('RING1 a refused dial ends with its code and lets go of the camera', () => {
    const { state, effects } = run(DIAL, { type: 'dial_refused', key: 'key', code: 'RATE_LIMITED' });
    expect(state.calls).toMatchObject([{ phase: 'ended', reason: 'failed_to_start', code: 'RATE_LIMITED' }]);
    expect(names(effects)).toEqual(['media_close']);
  });

  it('CALL6 muted before the server knew the call, it is told', () => {
    const mute: DeviceInput = { type: 'set_media', key: 'key', change: { muted: true } };
    expect(names(run(DIAL, mute, dialed(snapshot())).effects)).toEqual(['media_offer', 'update_media']);
  });
});

describe('giving up', () => {
  it('RING5 a cancel before the server named the call reaches it afterwards', () => {
    const { state, effects } = run(DIAL, hangUp('key'));
    expect([phases(state), names(effects)]).toEqual([['ended'], ['media_close']]);
    expect(names(run(DIAL, hangUp('key'), dialed(snapshot())).effects)).toEqual(['cancel_call']);
    expect(names(run(DIAL, hangUp('key'), dialed(CONNECTED)).effects)).toEqual(['end_call']);
  });

  it('RING5 nothing stays behind when the cancelled call never came to be', () => {
    expect(run(DIAL, hangUp('key'), dialed(null)).state).toMatchObject({ closing: [], early: [] });
    const refused: DeviceInput = { type: 'dial_refused', key: 'key', code: 'INTERNAL' };
    expect(run(DIAL, hangUp('key'), refused).state.closing).toEqual([]);
  });

  it('RING5 a cancel that the answer overtook ends the call', () => {
    const { effects } = run(DIAL, dialed(snapshot()), hangUp('key'), CALL_ANSWERED);
    expect(names(effects)).toEqual(['end_call']);
  });

  it.each([
    ['calling', 'cancel_call', 'key'],
    ['incoming', 'decline_call', 'call'],
    ['joined', 'end_call', 'call'],
  ] as const)('RING5 CALL2 hanging up while %s sends %s and closes media at once', (phase, request, key) => {
    const { state, effects } = run(...ROADS[phase], hangUp(key));
    expect(names(effects)).toEqual(['media_close', request]);
    expect(phases(state)).toEqual(phase === 'incoming' ? [] : ['ended']);
    expect(run(...ROADS[phase], hangUp(key), ended('hangup')).state.closing).toEqual([]);
  });

  it('RING4 hung up while answering: the server decides what there is to end', () => {
    const road = [...ROADS.answering, hangUp('call')];
    expect(names(run(...road).effects)).toEqual(['media_close']);
    expect(names(run(...road, ACCEPTED).effects)).toEqual(['end_call']);
    const late: DeviceInput = { type: 'answer_refused', key: 'call', code: 'CALL_UNAVAILABLE' };
    expect(run(...road, late)).toMatchObject({ state: { closing: [] }, effects: [] });
    const trouble: DeviceInput = { type: 'answer_refused', key: 'call', code: 'INTERNAL' };
    expect(names(run(...road, trouble).effects)).toEqual(['decline_call']);
  });

  it('RING5 a fresh session hears again what this device has ended', () => {
    expect(names(run(...ROADS.joined, hangUp('call'), fresh(ANSWERED)).effects)).toEqual(['end_call']);
    expect(names(run(...ROADS.incoming, hangUp('call'), fresh(INCOMING)).effects)).toEqual(['decline_call']);
    expect(run(...ROADS.joined, hangUp('call'), fresh()).state.closing).toEqual([]);
  });
});

describe('without the server', () => {
  it('RING5 an incoming call stops by itself some seconds after its deadline', () => {
    const { state } = run(RING);
    expect(nextDeviceDeadline(state)).toBe(RINGS_UNTIL + GRACE_MS);
    const early = stepDevice(state, { type: 'deadline_passed' }, RINGS_UNTIL + GRACE_MS - 1);
    expect(early).toEqual({ state, effects: [] });
    expect(phases(stepDevice(state, { type: 'deadline_passed' }, RINGS_UNTIL + GRACE_MS).state)).toEqual([]);
  });

  it('RING5 an outgoing one too, and the server is told in case it was answered meanwhile', () => {
    const { state } = run(...ROADS.calling);
    const over = stepDevice(state, { type: 'deadline_passed' }, RINGS_UNTIL + GRACE_MS);
    expect(over.state.calls).toMatchObject([{ phase: 'ended', reason: 'no_answer' }]);
    expect(names(over.effects)).toEqual(['media_close', 'cancel_call']);
    expect(names(stepDevice(over.state, CALL_ANSWERED, NOW).effects)).toEqual(['end_call']);
  });

  it('RING5 nothing waits for a deadline in a call whose media flow, or after it', () => {
    const flowing = [...ROADS.joined, { type: 'flow_changed', key: 'call', flow: 'flowing' }] as const;
    expect(
      [flowing, ROADS.ended, ROADS.dialing].map((road) => nextDeviceDeadline(run(...road).state)),
    ).toEqual([null, null, null]);
  });
});

describe('what a device sounds like', () => {
  const progress = event({
    type: 'call_progress',
    payload: { progress: [{ name: 'phone', kind: 'phone', reach: 'ringing' }], ringDeadlineAt: RINGS_UNTIL },
  });

  it('RING9 ringtone and ringback stop the moment the state changes', () => {
    expect(alertOf(run(RING).state)).toBe('ringtone');
    expect(alertOf(run(...ROADS.calling, progress).state)).toBe('ringback');
    const stops = [
      run(RING, ANSWER),
      run(RING, hangUp('call')),
      run(RING, ended('answered_elsewhere')),
      run(...ROADS.calling, progress, CALL_ANSWERED),
      run(...ROADS.calling, progress, hangUp('key')),
      run(...ROADS.calling, progress, ended('declined')),
    ];
    for (const { state } of stops) expect(alertOf(state)).toBe('none');
  });

  it('RING9 no ringback while no device is reached, no ringtone for a silent call', () => {
    expect(alertOf(run(...ROADS.calling).state)).toBe('none');
    expect(
      alertOf(run(event({ type: 'ring', payload: { call: { ...INCOMING, silent: true } } })).state),
    ).toBe('none');
  });
});

describe('in a call', () => {
  it('CALL2 the server hears whether media flow, once for each change', () => {
    const flowing: DeviceInput = { type: 'flow_changed', key: 'call', flow: 'flowing' };
    const { state, effects } = run(...ROADS.joined, flowing);
    expect(names(effects)).toEqual(['report_media']);
    expect(stepDevice(state, flowing, NOW)).toEqual({ state, effects: [] });
  });

  it('CALL2 NEG4 media that never came end the call with their own reason', () => {
    const { state, effects } = run(...ROADS.joined, { type: 'media_gave_up', key: 'call' });
    expect(state.calls).toMatchObject([{ phase: 'ended', reason: 'media_failed' }]);
    expect(effects.at(-1)).toMatchObject({
      request: { type: 'end_call', payload: { reason: 'media_failed' } },
    });
  });

  it('CALL2 the length of a call goes from the answer to the end', () => {
    const end = event({
      type: 'call_ended',
      payload: { reason: 'hangup', endedAt: NOW + 9_000, connectedAt: NOW, by: null },
    });
    expect(run(...ROADS.joined, end).state.calls).toMatchObject([{ durationMs: 9_000 }]);
  });
});

describe('every input in every phase', () => {
  const INPUTS: readonly DeviceInput[] = [
    DIAL,
    ANSWER,
    ACCEPTED,
    RING,
    CALL_ANSWERED,
    SIGNAL,
    ended('hangup'),
    dialed(null),
    dialed(snapshot()),
    dialed(ANSWERED, [OFFER]),
    fresh(),
    fresh(CONNECTED),
    { type: 'answer_refused', key: 'call', code: 'FORBIDDEN' },
    { type: 'dial_refused', key: 'key', code: 'INTERNAL' },
    { type: 'media_gave_up', key: 'call' },
    { type: 'flow_changed', key: 'call', flow: 'lost' },
    { type: 'set_media', key: 'call', change: { muted: true } },
    { type: 'deadline_passed' },
    ...(['hang_up', 'hold', 'resume', 'dismiss'] as const).flatMap((type) => [
      { type, key: 'call' },
      { type, key: 'key' },
    ]),
  ];

  it.each(Object.keys(ROADS) as (keyof typeof ROADS)[])(
    'CALL2 is answered while %s, and no key stands for two calls',
    (phase) => {
      const { state } = run(...ROADS[phase]);
      for (const first of INPUTS)
        for (const second of INPUTS) {
          const { state: next } = stepDevice(stepDevice(state, first, NOW).state, second, NOW);
          const keys = next.calls.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
        }
    },
  );

  it('CALL2 an input that names no call changes nothing', () => {
    const { state } = run(...ROADS.joined);
    const named = INPUTS.filter(
      (input) => 'key' in input && input.type !== 'dial' && input.type !== 'dialed',
    );
    for (const input of named)
      expect(stepDevice(state, { ...input, key: 'nobody' }, NOW).state).toEqual(state);
  });
});
