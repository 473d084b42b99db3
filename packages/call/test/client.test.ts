import { describe, expect, it } from 'vitest';
import type {
  CallSnapshot,
  JoinedParticipant,
  MediaState,
  ServerEvent,
  Signal,
  UserSummary,
} from '@visavis/protocol';
import {
  alertOf,
  findByKey,
  NO_CALLS,
  nextDeviceDeadline,
  stepDevice,
  type ClientCall,
  type DeviceCalls,
  type DeviceEffect,
  type DeviceInput,
} from '../src/index.ts';

const NOW = 1_750_000_000_000;
const RINGS_UNTIL = NOW + 45_000;
const GRACE_MS = 5_000;
const BEN: UserSummary = { userId: 'ben', handle: 'ben', name: 'Ben', avatarUrl: null };
const CLEO: UserSummary = { userId: 'cleo', handle: 'cleo', name: 'Cleo', avatarUrl: null };
const SENDS: MediaState = { muted: false, camera: true, screen: false, hand: false, held: false };
const REMOTE: JoinedParticipant = {
  userId: 'ben',
  deviceId: 'phone',
  deviceName: "Ben's phone",
  mediaState: SENDS,
};
const OFFER: Signal = { type: 'offer', payload: { connectionId: 'one', sdp: 'v=0' } };

const snapshot = (change: Partial<CallSnapshot> = {}): CallSnapshot => ({
  callId: 'call',
  callType: 'video',
  state: 'ringing',
  direction: 'outgoing',
  peer: BEN,
  createdAt: NOW,
  ringDeadlineAt: RINGS_UNTIL,
  connectedAt: null,
  progress: [],
  silent: false,
  joined: true,
  mediaState: SENDS,
  remote: null,
  ...change,
});
const INCOMING = snapshot({ direction: 'incoming', joined: false, mediaState: null });
const ANSWERED = snapshot({ direction: 'incoming', state: 'connected', connectedAt: NOW, remote: REMOTE });
const CONNECTED = snapshot({ state: 'connected', connectedAt: NOW, remote: REMOTE });

type EventBody = ServerEvent extends infer Event
  ? Event extends ServerEvent
    ? Omit<Event, 'seq' | 'callId'>
    : never
  : never;
const event = (body: EventBody, callId = 'call'): DeviceInput => ({
  type: 'event',
  event: { ...body, seq: 1, callId },
});
const RING = event({ type: 'ring', payload: { call: INCOMING } });
const ended = (reason: 'hangup' | 'answered_elsewhere' | 'cancelled' | 'busy' | 'declined'): DeviceInput =>
  event({ type: 'call_ended', payload: { reason, endedAt: NOW + 9_000, connectedAt: null, by: null } });
const CALL_ANSWERED = event({ type: 'call_answered', payload: { connectedAt: NOW, remote: REMOTE } });
const SIGNAL = event({ type: 'offer', payload: OFFER.payload });
const DIAL: DeviceInput = { type: 'dial', key: 'key', peer: BEN, callType: 'video' };
const dialed = (call: CallSnapshot | null, signals: readonly Signal[] = []): DeviceInput => ({
  type: 'dialed',
  key: 'key',
  callId: 'call',
  call,
  signals,
});
const ANSWER: DeviceInput = { type: 'answer', key: 'call', media: 'video', others: 'hold' };
const ACCEPTED: DeviceInput = { type: 'answer_accepted', key: 'call', call: ANSWERED, signals: [OFFER] };
const fresh = (...calls: readonly CallSnapshot[]): DeviceInput => ({
  type: 'registered',
  resumed: false,
  calls,
});
const hangUp = (key: string): DeviceInput => ({ type: 'hang_up', key });

/** Runs inputs one after the other, and what the last one caused. */
function run(...inputs: readonly DeviceInput[]): {
  readonly state: DeviceCalls;
  readonly effects: readonly DeviceEffect[];
} {
  let step: ReturnType<typeof stepDevice> = { state: NO_CALLS, effects: [] };
  for (const input of inputs) step = stepDevice(step.state, input, NOW);
  return step;
}
const phases = (state: DeviceCalls): readonly string[] => state.calls.map(({ phase }) => phase);
const names = (effects: readonly DeviceEffect[]): readonly string[] =>
  effects.map((effect) => (effect.type === 'request' ? effect.request.type : effect.type));

/** A device in every phase that a call can have, by the way that leads there. */
const ROADS = {
  dialing: [DIAL],
  calling: [DIAL, dialed(snapshot())],
  incoming: [RING],
  answering: [RING, ANSWER],
  joined: [RING, ANSWER, ACCEPTED],
  ended: [RING, ended('cancelled')],
} satisfies Record<ClientCall['phase'], readonly DeviceInput[]>;

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

describe('being rung', () => {
  it('RING2 RING3 it rings, and says so', () => {
    const { state, effects } = run(RING);
    expect([phases(state), names(effects)]).toEqual([['incoming'], ['report_ringing']]);
    expect(stepDevice(state, RING, NOW)).toEqual({ state, effects: [] });
  });

  it('RING5 old news does not ring', () => {
    expect(stepDevice(NO_CALLS, RING, RINGS_UNTIL + GRACE_MS)).toEqual({ state: NO_CALLS, effects: [] });
  });

  it('RING4 too late: it stops, by event or by refusal, whichever comes first', () => {
    const late: DeviceInput = { type: 'answer_refused', key: 'call', code: 'CALL_UNAVAILABLE' };
    expect(phases(run(...ROADS.answering, late).state)).toEqual([]);
    expect(run(...ROADS.answering, ended('answered_elsewhere'), late).state.calls).toMatchObject([
      { phase: 'ended', reason: 'answered_elsewhere' },
    ]);
  });

  it('RING4 a server in trouble lets the person try again', () => {
    const { state, effects } = run(...ROADS.answering, {
      type: 'answer_refused',
      key: 'call',
      code: 'INTERNAL',
    });
    expect([phases(state), names(effects)]).toEqual([['incoming'], ['media_close']]);
  });

  it('RING4 the answer of an earlier socket does not bring a call back that is over', () => {
    expect(run(...ROADS.answering, ended('cancelled'), ACCEPTED)).toMatchObject({
      state: { calls: [{ phase: 'ended' }] },
      effects: [],
    });
  });

  it('CALL6 what the other changes before the server confirms is not lost', () => {
    const muted = { ...SENDS, muted: true };
    const changed = event({ type: 'media_changed', payload: { deviceId: 'phone', mediaState: muted } });
    expect(run(...ROADS.answering, changed, ACCEPTED).state.calls[0]).toMatchObject({
      remote: { mediaState: muted },
    });
  });

  it.each(['hold', 'end'] as const)('RING6 answer and %s', (others) => {
    const second = snapshot({ ...INCOMING, callId: 'second', peer: CLEO });
    const road = [...ROADS.joined, event({ type: 'ring', payload: { call: second } }, 'second')];
    expect(alertOf(run(...road).state)).toBe('call_waiting');
    const { state, effects } = run(...road, { type: 'answer', key: 'second', media: 'video', others });
    expect(phases(state)).toEqual([others === 'hold' ? 'joined' : 'ended', 'answering']);
    expect(names(effects)).toEqual([
      ...(others === 'hold' ? ['update_media'] : ['media_close', 'end_call']),
      'media_prepare',
      'answer_call',
    ]);
  });

  it('RING6 taking a held call up again holds the other, and only a call that goes on can be', () => {
    const held: DeviceInput = { type: 'hold', key: 'call' };
    expect(names(run(...ROADS.joined, held, { type: 'resume', key: 'call' }).effects)).toEqual([
      'update_media',
    ]);
    const { state } = run(...ROADS.joined);
    expect(stepDevice(state, { type: 'resume', key: 'nobody' }, NOW)).toEqual({ state, effects: [] });
  });
});

describe('both dial at once', () => {
  it('RING7 whoever was first stays the caller', () => {
    const { state, effects } = run(DIAL, dialed(snapshot()), CALL_ANSWERED);
    expect(state.calls).toMatchObject([{ phase: 'joined', direction: 'outgoing' }]);
    expect(effects).toEqual([{ type: 'media_accept', key: 'key', signals: [] }]);
  });

  it('RING7 whoever was second becomes the callee and takes what was offered', () => {
    const { state, effects } = run(DIAL, dialed(ANSWERED, [OFFER]));
    expect(state.calls).toMatchObject([{ phase: 'joined', direction: 'incoming', key: 'key' }]);
    expect(effects).toEqual([
      { type: 'media_close', key: 'key' },
      { type: 'media_prepare', key: 'key', polite: true },
      { type: 'media_accept', key: 'key', signals: [OFFER] },
    ]);
  });

  it.each([[[DIAL, RING]], [[RING, DIAL]]])(
    "RING7 the other's ring is this very call and never shows twice",
    (inputs) => {
      expect(phases(run(...inputs, dialed(ANSWERED, [OFFER])).state)).toEqual(['joined']);
    },
  );

  it('RING7 what happens to it before the server has said so is not lost', () => {
    expect(run(RING, DIAL, SIGNAL, dialed(ANSWERED, [OFFER])).effects.at(-1)).toEqual({
      type: 'media_signal',
      key: 'key',
      signal: OFFER,
    });
    const { state } = run(RING, DIAL, ended('hangup'), dialed(ANSWERED, [OFFER]));
    expect(findByKey(state, 'key')).toMatchObject({ phase: 'ended', reason: 'hangup' });
  });

  it('RING7 a ring that is declined after dialing back is the dialed call all the same', () => {
    const road = [RING, DIAL, hangUp('call')];
    const { state } = run(...road, SIGNAL, dialed(ANSWERED, [OFFER]));
    expect([phases(state), state.closing]).toEqual([['joined'], []]);
    expect(phases(run(...road, ended('hangup'), dialed(ANSWERED, [OFFER])).state)).toEqual(['ended']);
  });

  it('RING7 a second telling without the signals makes a new connection', () => {
    expect(names(run(DIAL, dialed(ANSWERED)).effects)).toEqual([
      'media_close',
      'media_prepare',
      'media_rejoin',
    ]);
  });

  it('RING7 a ring that was another call rings after all', () => {
    const other = event({ type: 'ring', payload: { call: { ...INCOMING, callId: 'other' } } }, 'other');
    expect(phases(run(DIAL, other).state)).toEqual(['dialing']);
    expect(phases(run(DIAL, other, dialed(snapshot())).state)).toEqual(['calling', 'incoming']);
  });

  it('RING7 no camera goes on by itself in a call that the other dialed without', () => {
    const audio = { ...ANSWERED, callType: 'audio', mediaState: { ...SENDS, camera: false } } as const;
    expect(run(DIAL, dialed(audio, [OFFER])).state.calls[0]?.mediaState.camera).toBe(false);
  });
});

describe('before anybody has accepted', () => {
  it.each(['calling', 'incoming'] as const)('NEG3 a signal while %s is dropped and counted', (phase) => {
    const { state, effects } = run(...ROADS[phase], SIGNAL);
    expect([state.refusedSignals, effects]).toEqual([1, []]);
  });

  it('NEG3 a signal while answering waits for the word of the server', () => {
    const { state, effects } = run(...ROADS.answering, SIGNAL);
    expect([state.refusedSignals, effects]).toEqual([0, []]);
    expect(stepDevice(state, ACCEPTED, NOW).effects).toEqual([
      { type: 'media_accept', key: 'call', signals: [OFFER, OFFER] },
    ]);
  });

  it('NEG3 no input but the confirmation of an answer lets a callee process media', () => {
    const inputs = [SIGNAL, CALL_ANSWERED, fresh(INCOMING), hangUp('call'), RING, ended('hangup')];
    for (const road of [ROADS.incoming, ROADS.answering])
      for (const input of inputs)
        for (const name of names(run(...road, input).effects))
          expect(['media_accept', 'media_signal', 'media_offer', 'media_rejoin']).not.toContain(name);
  });
});

describe('coming back', () => {
  it('SES2 a resumed session changes nothing by itself', () => {
    const { state } = run(...ROADS.joined);
    expect(stepDevice(state, { type: 'registered', resumed: true, calls: [] }, NOW)).toEqual({
      state,
      effects: [],
    });
  });

  it('CALL2 reloaded in a call: it takes part again, and the server is told that media are not there yet', () => {
    const { state, effects } = run(fresh(CONNECTED));
    expect(phases(state)).toEqual(['joined']);
    expect(names(effects)).toEqual(['media_rejoin', 'report_media']);
  });

  it('CALL6 a reload neither unmutes nor starts a camera', () => {
    const mediaState = { ...SENDS, muted: true, camera: false };
    expect(run(fresh({ ...CONNECTED, mediaState })).state.calls[0]?.mediaState).toEqual(mediaState);
  });

  it('RING5 reloaded while it rings: the caller offers anew, the callee rings anew', () => {
    expect(names(run(fresh(snapshot())).effects)).toEqual(['media_prepare', 'media_offer']);
    expect(names(run(fresh(INCOMING)).effects)).toEqual(['report_ringing']);
  });

  it('CALL2 media that flow are left alone, others are connected anew', () => {
    const flowing: DeviceInput = { type: 'flow_changed', key: 'call', flow: 'flowing' };
    expect(names(run(...ROADS.joined, flowing, fresh(ANSWERED)).effects)).toEqual([]);
    expect(names(run(...ROADS.joined, fresh(ANSWERED)).effects)).toEqual(['media_rejoin']);
  });

  it.each([
    ['calling', ['ended']],
    ['incoming', []],
    ['answering', []],
    ['joined', ['ended']],
  ] as const)('CALL2 what the server does not have any more is over: %s', (phase, left) => {
    const { state, effects } = run(...ROADS[phase], fresh());
    // What was on a screen has an end to be told; the server knows it.
    const asked = left.length > 0 ? ['media_close', 'ask_end'] : ['media_close'];
    expect([phases(state), names(effects)]).toEqual([left, asked]);
    const told = {
      type: 'end_told',
      key: state.calls[0]?.key ?? '',
      reason: 'hangup',
      durationMs: 7,
    } as const;
    expect(run(...ROADS[phase], fresh(), told).state.calls).toMatchObject(
      left.map(() => ({ reason: 'hangup', durationMs: 7 })),
    );
  });

  it('RING4 a ring held back for a dial is forgotten when a new session does not have it any more', () => {
    const other = event({ type: 'ring', payload: { call: { ...INCOMING, callId: 'other' } } }, 'other');
    expect(phases(run(DIAL, other, fresh(), dialed(snapshot())).state)).toEqual(['calling']);
  });

  it('RING1 the call being dialed is not taken for another one', () => {
    const road = [DIAL, fresh(snapshot())];
    expect(phases(run(...road).state)).toEqual(['dialing']);
    expect(phases(run(...road, dialed(snapshot())).state)).toEqual(['calling']);
    const other = run(DIAL, fresh({ ...CONNECTED, callId: 'other' }), dialed(snapshot()));
    expect(phases(other.state)).toEqual(['calling', 'joined']);
    const refused = run(DIAL, fresh(CONNECTED), {
      type: 'dial_refused',
      key: 'key',
      code: 'ALREADY_DIALING',
    });
    expect(phases(refused.state)).toEqual(['ended', 'joined']);
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

  it('RING5 nothing waits for a deadline in a call, or after it', () => {
    expect(
      [ROADS.joined, ROADS.ended, ROADS.dialing].map((road) => nextDeviceDeadline(run(...road).state)),
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
