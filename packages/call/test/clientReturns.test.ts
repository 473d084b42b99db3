import { describe, expect, it } from 'vitest';
import { stepDevice, type DeviceInput } from '../src/index.ts';
import {
  NOW,
  SENDS,
  snapshot,
  INCOMING,
  ANSWERED,
  CONNECTED,
  event,
  RING,
  DIAL,
  dialed,
  fresh,
  run,
  phases,
  names,
  ROADS,
} from './clientFixtures.ts';

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
    expect(names(run(fresh(INCOMING)).effects)).toEqual(['report_ringing', 'media_prepare']);
    // What is prepared already is kept.
    expect(names(run(RING, fresh(INCOMING)).effects)).toEqual(['report_ringing']);
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
