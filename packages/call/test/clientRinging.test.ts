import { describe, expect, it } from 'vitest';
import { alertOf, findByKey, NO_CALLS, stepDevice, type DeviceInput } from '../src/index.ts';
import {
  NOW,
  RINGS_UNTIL,
  GRACE_MS,
  CLEO,
  SENDS,
  OFFER,
  snapshot,
  INCOMING,
  ANSWERED,
  event,
  RING,
  ended,
  CALL_ANSWERED,
  SIGNAL,
  DIAL,
  dialed,
  ACCEPTED,
  fresh,
  hangUp,
  run,
  phases,
  names,
  ROADS,
} from './clientFixtures.ts';

describe('being rung', () => {
  it('RING2 RING3 it rings, and says so', () => {
    const { state, effects } = run(RING);
    expect([phases(state), names(effects)]).toEqual([['incoming'], ['report_ringing', 'media_prepare']]);
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
    expect([phases(state), names(effects)]).toEqual([['incoming'], ['media_close', 'media_prepare']]);
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

  it('RING7 NEG3 what was prepared for the ring is put away when it is the dialed call', () => {
    expect(run(RING, DIAL, dialed(ANSWERED, [OFFER])).effects).toContainEqual({
      type: 'media_close',
      key: 'call',
    });
  });

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
