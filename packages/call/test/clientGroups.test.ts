import { TIMES } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { NO_CALLS, nextDeviceDeadline, stepDevice, type DeviceInput } from '../src/index.ts';
import {
  ACCEPTED,
  ANSWER,
  BEN,
  CLEO,
  CONNECTED,
  DIAL,
  DORA,
  entered,
  event,
  fresh,
  GOING,
  GROUP,
  groupEvent,
  groupSnapshot,
  hangUp,
  JOIN,
  JOIN_LINK,
  names,
  NOW,
  phases,
  REMOTE,
  RING,
  run,
  SENDS,
  SIGNAL,
  START,
  WAITS,
} from './clientFixtures.ts';

const changed = (call = GOING): DeviceInput => groupEvent({ type: 'group_changed', payload: { call } });
const RUNG = groupSnapshot({ direction: 'incoming', joined: false, mediaState: null });
const RING_GROUP = groupEvent({ type: 'ring', payload: { call: RUNG } });
const GREW_INTO = { ...GOING, direction: 'incoming', group: { ...GROUP, grewFrom: 'call' } } as const;
const GREW = event({ type: 'call_grew', payload: { call: GREW_INTO } });
const GROWN = event({
  type: 'call_ended',
  payload: { reason: 'grown', endedAt: NOW, connectedAt: NOW, by: null },
});
const DIRECT = [RING, ANSWER, ACCEPTED] as const;
const requests = (effects: ReturnType<typeof run>['effects']) =>
  effects.flatMap((effect) => (effect.type === 'request' ? [effect.request] : []));

const asked = (ask: 'mute' | 'unmute'): DeviceInput =>
  groupEvent({ type: 'media_asked', payload: { ask, by: BEN.userId } });
const after = (ms: number, ...inputs: readonly DeviceInput[]) => {
  const { state } = run(...inputs);
  return stepDevice(state, { type: 'deadline_passed' }, NOW + ms);
};

describe('the group calls of one device', () => {
  it('GRP1 starts a call with its key and shows at once who is called', () => {
    const { state, effects } = run(START);
    expect(state.calls[0]).toMatchObject({ phase: 'dialing', group: { hostId: '', people: { length: 2 } } });
    expect(names(effects)).toEqual(['media_prepare', 'start_group']);
    expect(requests(effects)[0]?.payload).toMatchObject({ idempotencyKey: 'key', userIds: ['ben', 'cleo'] });
  });

  it('GRP1 pressing again with the same key starts nothing', () => {
    expect(run(START, START).effects).toEqual([]);
  });

  it('GRP4 opens its media as soon as the call has a name, while it rings elsewhere', () => {
    const { state, effects } = run(START, entered(groupSnapshot()));
    expect(state.calls[0]).toMatchObject({ phase: 'calling', callId: 'group', group: GROUP });
    expect(names(effects)).toEqual(['media_accept']);
  });

  it('GRP2 goes on when somebody has joined, without opening media a second time', () => {
    const { state, effects } = run(START, entered(groupSnapshot()), changed());
    expect(state.calls[0]).toMatchObject({ phase: 'joined', connectedAt: NOW, remote: null });
    expect(effects).toEqual([]);
  });

  it('GRP2 takes people and their media over, and what this device sends stays its own to say', () => {
    const muted = run(START, entered(GOING), {
      type: 'set_media',
      key: 'key',
      change: { muted: true },
    });
    const locked = { ...GOING, mediaState: SENDS, group: { ...GROUP, locked: true, participants: [REMOTE] } };
    const { state } = stepDevice(muted.state, changed(locked), NOW);
    expect(state.calls[0]).toMatchObject({
      group: { locked: true, participants: [REMOTE] },
      mediaState: { muted: true },
    });
  });

  it('CALL6 one device of the group says what it sends', () => {
    const off = { ...SENDS, camera: false };
    const { state } = run(
      START,
      entered(GOING),
      groupEvent({ type: 'media_changed', payload: { deviceId: 'phone', mediaState: off } }),
    );
    expect(state.calls[0]?.group?.participants[0]?.mediaState).toEqual(off);
  });

  it('GRP1 a refused start says why', () => {
    const { state, effects } = run(START, { type: 'enter_refused', key: 'key', code: 'CALL_FULL' });
    expect(state.calls[0]).toMatchObject({ phase: 'ended', reason: 'failed_to_start', code: 'CALL_FULL' });
    expect(names(effects)).toEqual(['media_close']);
  });

  it('GRP1 given up before it had a name, it is left as soon as it has one', () => {
    const { state, effects } = run(START, hangUp('key'), entered(groupSnapshot()));
    expect(phases(state)).toEqual(['ended']);
    expect(requests(effects)).toMatchObject([{ type: 'end_call', callId: 'group' }]);
  });

  it('GRP9 whoever started it leaves it like anybody else', () => {
    const { effects } = run(START, entered(groupSnapshot()), hangUp('key'));
    expect(names(effects)).toEqual(['media_close', 'end_call']);
  });

  it('GRP1 what happens in the call before the answer that names it is not lost', () => {
    const { state } = run(START, changed(), entered(groupSnapshot()));
    expect(phases(state)).toEqual(['joined']);
  });

  it('GRP1 a fresh session that lists the call before its answer makes one call of the two', () => {
    const { state, effects } = run(START, fresh(groupSnapshot()), entered(groupSnapshot()));
    expect(state.calls).toMatchObject([{ key: 'key', phase: 'calling' }]);
    expect(names(effects)).toEqual(['media_accept']);
  });

  it('RING7 a person who is dialed and whose group call rings here are two calls', () => {
    const { state } = run(DIAL, RING_GROUP);
    expect(phases(state)).toEqual(['dialing', 'incoming']);
  });

  it('GRP1 rings, is answered and declined like any call', () => {
    const rung = run(RING_GROUP);
    expect(names(rung.effects)).toEqual(['report_ringing', 'media_prepare']);
    expect(names(run(RING_GROUP, hangUp('group')).effects)).toEqual(['media_close', 'decline_call']);
    const answered = run(
      RING_GROUP,
      { type: 'answer', key: 'group', media: 'video', others: 'hold' },
      { type: 'answer_accepted', key: 'group', call: GOING, signals: [] },
    );
    expect(answered.state.calls[0]).toMatchObject({ phase: 'joined', remote: null });
    expect(names(answered.effects)).toEqual(['media_accept']);
  });

  it('GRP3 declined and called anew, it rings anew', () => {
    expect(phases(run(RING_GROUP, hangUp('group'), RING_GROUP).state)).toEqual(['incoming']);
  });

  it('GRP3 joins a call that goes on', () => {
    const joining = run(JOIN);
    expect(phases(joining.state)).toEqual(['joining']);
    expect(requests(joining.effects)).toEqual([
      { type: 'join_call', callId: 'group', payload: { media: 'video' } },
    ]);
    const { state, effects } = stepDevice(joining.state, entered(GOING), NOW);
    expect(phases(state)).toEqual(['joined']);
    expect(names(effects)).toEqual(['media_accept']);
  });

  it('GRP3 joining a call that rings here answers it', () => {
    const { state, effects } = run(RING_GROUP, JOIN);
    expect(phases(state)).toEqual(['answering']);
    expect(names(effects)).toEqual(['answer_call']);
  });

  it('GRP3 a reload comes back into it, and shares no screen by itself', () => {
    const { state, effects } = run(fresh({ ...GOING, mediaState: { ...SENDS, screen: true } }));
    expect(state.calls[0]).toMatchObject({ phase: 'joined', mediaState: { screen: false } });
    expect(names(effects)).toEqual(['media_rejoin', 'report_media', 'update_media']);
  });

  it('GRP6 waits until somebody lets this person in', () => {
    const asked = run(JOIN_LINK, entered(WAITS));
    expect(asked.state.calls[0]).toMatchObject({ phase: 'waiting', callId: 'group' });
    expect(names(asked.effects)).toEqual([]);
    const { state, effects } = stepDevice(asked.state, changed(), NOW);
    expect(phases(state)).toEqual(['joined']);
    expect(names(effects)).toEqual(['media_accept', 'update_media']);
  });

  it('GRP6 CALL6 who comes muted and without a camera is so in the call, and the server told before anybody hears them', () => {
    const asked = run({ ...JOIN_LINK, muted: true }, entered(WAITS));
    expect(asked.state.calls[0]).toMatchObject({
      phase: 'waiting',
      mediaState: { muted: true, camera: false },
    });
    const { state, effects } = stepDevice(asked.state, changed(), NOW);
    expect(state.calls[0]).toMatchObject({ phase: 'joined', mediaState: { muted: true, camera: false } });
    expect(effects.at(-1)).toMatchObject({
      request: { type: 'update_media', payload: { muted: true, camera: false } },
    });
    // Also where nobody has to let them in, and who changes their mind while they wait.
    const direct = run({ ...JOIN_LINK, muted: true }, entered(GOING));
    expect(direct.state.calls[0]).toMatchObject({ phase: 'joined', mediaState: { muted: true } });
    expect(names(direct.effects)).toContain('update_media');
    const { key } = JOIN_LINK;
    const again = stepDevice(asked.state, { type: 'set_media', key, change: { muted: false } }, NOW);
    expect(again.effects).toEqual([]);
    expect(stepDevice(again.state, changed(), NOW).state.calls[0]?.mediaState.muted).toBe(false);
  });

  it('GRP6 waits on after a reload, and goes when it is tired of it', () => {
    const { state } = run(fresh(WAITS));
    expect(phases(state)).toEqual(['waiting']);
    expect(names(stepDevice(state, hangUp('group'), NOW).effects)).toEqual(['media_close', 'end_call']);
  });

  it('GRP6 CALL6 waits on after a reload as it was chosen before, and another call is none of that', () => {
    const chosen = { callId: 'group', muted: true, camera: false };
    const reload = (change: object) =>
      run({ type: 'registered', resumed: false, calls: [WAITS], chosen: { ...chosen, ...change } }).state;
    const muted = reload({});
    expect(muted.calls[0]).toMatchObject({ phase: 'waiting', mediaState: { muted: true, camera: false } });
    const admitted = stepDevice(muted, changed(), NOW);
    expect(admitted.state.calls[0]).toMatchObject({ phase: 'joined', mediaState: { muted: true } });
    expect(admitted.effects.at(-1)).toMatchObject({
      request: { type: 'update_media', payload: { muted: true } },
    });
    expect(reload({ muted: false, camera: true }).calls[0]?.mediaState).toMatchObject({
      muted: false,
      camera: true,
    });
    expect(reload({ callId: 'other' }).calls[0]?.mediaState.muted).toBe(false);
  });

  it.each(['removed', 'not_admitted'] as const)('GRP5 GRP6 %s ends it with that word', (reason) => {
    const payload = { reason, endedAt: NOW, connectedAt: null, by: null };
    const { state } = run(JOIN_LINK, entered(WAITS), groupEvent({ type: 'call_ended', payload }));
    expect(state.calls[0]).toMatchObject({ phase: 'ended', reason });
  });

  it('GRP5 mutes when asked to, and leaves unmuting to its person', () => {
    const muted = run(START, entered(GOING), asked('mute'));
    expect(muted.state.calls[0]?.mediaState.muted).toBe(true);
    expect(names(muted.effects)).toEqual(['update_media']);
    const { state, effects } = stepDevice(muted.state, asked('unmute'), NOW);
    expect(state.calls[0]).toMatchObject({ askedToUnmuteBy: BEN.userId, mediaState: { muted: true } });
    expect(effects).toEqual([]);
    const no = stepDevice(state, { type: 'answer_unmute', key: 'key', unmute: false }, NOW);
    expect(no.state.calls[0]).toMatchObject({ askedToUnmuteBy: null, mediaState: { muted: true } });
    const yes = stepDevice(state, { type: 'answer_unmute', key: 'key', unmute: true }, NOW);
    expect(yes.state.calls[0]).toMatchObject({ askedToUnmuteBy: null, mediaState: { muted: false } });
    expect(names(yes.effects)).toEqual(['update_media']);
  });

  it('GRP5 nobody is asked to unmute who is not muted', () => {
    const { state } = run(
      START,
      entered(GOING),
      groupEvent({ type: 'media_asked', payload: { ask: 'unmute', by: BEN.userId } }),
    );
    expect(state.calls[0]).toMatchObject({ askedToUnmuteBy: null });
  });
});

describe('CALL3 a call between two that grows', () => {
  it('CALL3 is the same call here, and its direct media go on', () => {
    const { state, effects } = run(...DIRECT, { type: 'flow_changed', key: 'call', flow: 'flowing' }, GREW);
    expect(state.calls).toMatchObject([
      { key: 'call', callId: 'group', phase: 'joined', flow: 'flowing', remote: REMOTE },
    ]);
    expect(names(effects)).toEqual(['media_grow', 'report_media']);
  });

  it.each([
    ['before', [GROWN, GREW]],
    ['after', [GREW, GROWN]],
  ])('CALL3 the end of the direct call %s changes nothing', (_, order) => {
    expect(run(...DIRECT, ...order).state.calls).toMatchObject([{ phase: 'joined', callId: 'group' }]);
  });

  it('CALL3 a fresh session finds it under its new name', () => {
    const { state, effects } = run(...DIRECT, fresh(GREW_INTO));
    expect(state.calls).toMatchObject([{ key: 'call', phase: 'joined', callId: 'group' }]);
    expect(names(effects)).toEqual(['media_grow', 'report_media']);
  });

  it('CALL3 hung up a moment before, the group call is left too', () => {
    const { state, effects } = run(...DIRECT, hangUp('call'), GREW);
    expect(phases(state)).toEqual(['ended']);
    expect(requests(effects)).toMatchObject([{ type: 'end_call', callId: 'group' }]);
  });

  it('CALL3 late signals of the direct call are dropped', () => {
    const grown = run(...DIRECT, GREW);
    expect(stepDevice(grown.state, SIGNAL, NOW).effects).toEqual([]);
  });

  it('CALL3 adds people to a call that goes on, and to no other', () => {
    const add: DeviceInput = { type: 'add_people', key: 'call', userIds: [CLEO.userId, DORA.userId] };
    expect(requests(run(...DIRECT, add).effects)).toEqual([
      { type: 'add_people', callId: 'call', payload: { userIds: ['cleo', 'dora'] } },
    ]);
    expect(run(RING, add).effects).toEqual([]);
  });
});

describe('NEG4 a direct call that does not connect', () => {
  it('NEG4 asks once, after 8 s, to go through the media server', () => {
    const { state } = run(fresh(CONNECTED));
    expect(nextDeviceDeadline(state)).toBe(NOW + TIMES.forwardAfterMs);
    expect(after(TIMES.forwardAfterMs - 1, fresh(CONNECTED)).effects).toEqual([]);
    const asked = after(TIMES.forwardAfterMs, fresh(CONNECTED));
    expect(requests(asked.effects)).toEqual([
      { type: 'add_people', callId: 'call', payload: { userIds: [] } },
    ]);
    expect(nextDeviceDeadline(asked.state)).toBeNull();
    expect(stepDevice(asked.state, { type: 'deadline_passed' }, NOW + 60_000).effects).toEqual([]);
  });

  it('NEG4 does not ask when media have ever flowed, nor in a group call', () => {
    const flowed = run(
      fresh(CONNECTED),
      { type: 'flow_changed', key: 'call', flow: 'flowing' },
      { type: 'flow_changed', key: 'call', flow: 'lost' },
    );
    expect(nextDeviceDeadline(flowed.state)).toBeNull();
    expect(nextDeviceDeadline(run(fresh(GOING)).state)).toBeNull();
    expect(nextDeviceDeadline(NO_CALLS)).toBeNull();
  });
});

describe('GRP2 a group call that rings', () => {
  it('GRP2 shows who is in it as it changes', () => {
    const people = [...GROUP.people, { user: BEN, guest: false, status: 'joined' as const }];
    const { state } = run(RING_GROUP, changed({ ...RUNG, group: { ...GROUP, people } }));
    expect(state.calls[0]).toMatchObject({ phase: 'incoming', group: { people: { length: 4 } } });
  });
});
