import { describe, expect, it } from 'vitest';
import { TIMES } from '@visavis/protocol';
import { nextDeadline, viewCall, type Call, type CallEvent } from '../src/index.ts';
import {
  DEADLINE,
  silent,
  ADMITS,
  answered,
  callsInEveryState,
  DESK,
  dial,
  lead,
  offer,
  partOf,
  PHONE,
  START,
  step,
  TABLET,
  told,
} from './serverFixtures.ts';

const connected = (): Call => callsInEveryState().connected;

describe('ringing', () => {
  it('RING2 every online device of the callee rings', () => {
    const { call, effects } = dial();
    expect(told(effects)).toEqual(['phone: ring', 'tablet: ring', 'desk: ring', 'history: ada ben']);
    expect(call).toMatchObject({ state: 'ringing', ringDeadlineAt: START + TIMES.ringMs });
  });

  it('RING2 a device that comes online while it rings, rings at once and gives the full time', () => {
    const { call } = dial({ calleeDevices: [] });
    expect(nextDeadline(call)).toBe(START + TIMES.unreachableMs);
    const online = step(call, { type: 'device_online', device: PHONE });
    expect(told(online.effects)).toEqual(['phone: ring', 'laptop: call_progress']);
    expect(nextDeadline(online.call)).toBe(START + TIMES.ringMs);
  });

  it('RING2 a device that said goodbye and is back rings again', () => {
    const gone = lead(dial().call, { type: 'device_removed', deviceId: 'phone' });
    expect(partOf(gone, 'phone')).toBe('missed');
    const back = step(gone, { type: 'device_online', device: PHONE });
    expect(told(back.effects)).toEqual(['phone: ring', 'laptop: call_progress']);
    expect(partOf(back.call, 'phone')).toBe('invited');
  });

  it('RING2 a device that reconnects while it rings is not rung a second time', () => {
    const ringing = lead(
      dial().call,
      { type: 'ringing_reported', deviceId: 'phone', silent: false },
      silent('phone'),
    );
    const back = step(ringing, { type: 'device_online', device: PHONE });
    expect(told(back.effects)).toEqual(['laptop: call_progress']);
    expect(viewCall(back.call, 'laptop')?.progress[0]).toMatchObject({ reach: 'ringing' });
    expect(step(back.call, { type: 'device_online', device: PHONE })).toMatchObject({
      call: back.call,
      effects: [],
    });
  });

  it('RING3 the caller sees for each device how far it got', () => {
    const call = lead(
      dial().call,
      { type: 'ringing_reported', deviceId: 'phone', silent: false },
      { type: 'ringing_reported', deviceId: 'tablet', silent: true },
      silent('desk'),
    );
    expect(viewCall(call, 'laptop')?.progress.map(({ reach }) => reach)).toEqual([
      'ringing',
      'silent',
      'unreachable',
    ]);
    expect(viewCall(call, 'phone')?.progress).toEqual([]);
  });

  it('RING3 a device that repeats its report does not reach the caller twice', () => {
    const report: CallEvent = { type: 'ringing_reported', deviceId: 'phone', silent: false };
    const once = step(dial().call, report);
    expect(told(once.effects)).toEqual(['laptop: call_progress']);
    expect(step(once.call, report)).toEqual({ call: once.call, effects: [], refusal: null });
  });

  it('RING3 do not disturb rings without a sound', () => {
    const { call } = dial({ policy: { ...ADMITS, doNotDisturb: true } });
    expect(viewCall(call, 'phone')?.silent).toBe(true);
    expect(viewCall(call, 'laptop')?.silent).toBe(false);
  });

  it("RING4 the first answer wins and every other device stops with the winner's name", () => {
    const { call, effects } = step(dial().call, answered(TABLET));
    expect(call.state).toBe('connected');
    expect(told(effects)).toEqual([
      'laptop: call_answered',
      'phone: call_ended answered_elsewhere',
      'desk: call_ended answered_elsewhere',
      'history: ada ben',
    ]);
    expect(effects[1]).toMatchObject({ event: { payload: { by: "Ben's tablet" } } });
    expect(['phone', 'tablet', 'desk'].map((id) => partOf(call, id))).toEqual([
      'elsewhere',
      'joined',
      'elsewhere',
    ]);
  });

  it('RING4 a late answer gets CALL_UNAVAILABLE and changes nothing', () => {
    const call = lead(dial().call, answered(TABLET));
    expect(step(call, answered(PHONE))).toEqual({ call, effects: [], refusal: 'CALL_UNAVAILABLE' });
  });

  it('RING4 SES5 the answer of the device that has won changes nothing and is no error', () => {
    const call = lead(dial().call, answered(TABLET));
    expect(step(call, answered(TABLET))).toEqual({ call, effects: [], refusal: null });
  });

  it('RING4 an audio call is not answered with a camera', () => {
    const call = lead(dial({ callType: 'audio' }).call, answered(PHONE));
    expect(viewCall(call, 'phone')?.mediaState?.camera).toBe(false);
  });

  it("RING5 decline on one device stops all of the user's devices and tells the caller", () => {
    const { call, effects } = step(dial().call, { type: 'declined', deviceId: 'phone' });
    expect(call.state).toBe('declined');
    expect(told(effects)).toEqual([
      'laptop: call_ended declined',
      'phone: call_ended declined',
      'tablet: call_ended declined_elsewhere',
      'desk: call_ended declined_elsewhere',
      'history: ada ben',
    ]);
    expect([partOf(call, 'phone'), partOf(call, 'desk')]).toEqual(['declined', 'elsewhere']);
  });

  it("RING5 the caller's cancel stops every ringing device", () => {
    const { call, effects } = step(dial().call, { type: 'cancelled', deviceId: 'laptop' });
    expect(call.state).toBe('cancelled');
    expect(told(effects).filter((line) => line.endsWith('call_ended cancelled'))).toHaveLength(4);
    expect(partOf(call, 'phone')).toBe('missed');
  });

  it('RING5 the timeout makes it missed, and no answer for the caller', () => {
    const { call, effects } = step(dial().call, DEADLINE, TIMES.ringMs);
    expect(call).toMatchObject({ state: 'missed', endReason: 'no_answer', endedAt: START + TIMES.ringMs });
    expect(told(effects).filter((line) => line.endsWith('call_ended no_answer'))).toHaveLength(4);
  });

  it('RING5 a deadline that comes early, or after the answer, does nothing', () => {
    const { call } = dial();
    expect(step(call, DEADLINE, TIMES.ringMs - 1).call).toBe(call);
    const answeredCall = connected();
    expect(step(answeredCall, DEADLINE, 1e9).call).toBe(answeredCall);
    expect(nextDeadline(answeredCall)).toBeNull();
  });

  it('RING5 of two deadlines that come late together, the earlier one counts', () => {
    const lost = step(dial().call, silent('laptop', START + TIMES.ringMs - 500), TIMES.ringMs - 100).call;
    expect(step(lost, DEADLINE, 1e6).call.state).toBe('missed');
    const lostFirst = lead(dial().call, silent('laptop', START + 500));
    expect(step(lostFirst, DEADLINE, 1e6).call.state).toBe('cancelled');
  });

  it('RING5 with no device reached it fails after a short while', () => {
    const { call } = dial({ calleeDevices: [] });
    expect(step(call, DEADLINE, TIMES.unreachableMs).call).toMatchObject({
      state: 'failed',
      endReason: 'unavailable',
    });
  });

  it('RING6 with call waiting off the caller hears busy, and nobody else hears anything', () => {
    const { call, effects } = dial({ policy: { ...ADMITS, inCall: true, callWaiting: false } });
    expect(call).toMatchObject({ state: 'busy', endReason: 'busy' });
    expect(told(effects)).toEqual(['laptop: call_ended busy', 'history: ada ben']);
  });

  it('RING6 with call waiting on it rings', () => {
    expect(dial({ policy: { ...ADMITS, inCall: true } }).call.state).toBe('ringing');
  });

  it("RING7 whoever dials back is let in by answering: the other's signals are there for them", () => {
    const ringing = lead(dial().call, { type: 'signalled', deviceId: 'laptop', signal: offer('one') });
    if (ringing.state !== 'ringing') throw new Error('it rings');
    expect(ringing.held).toEqual([offer('one')]);
    expect(step(ringing, answered(DESK)).call.state).toBe('connected');
  });

  it('RING8 a blocked caller rings nowhere and cannot tell it from nobody being there', () => {
    const blocked = dial({ policy: { ...ADMITS, admits: 'nothing' } });
    const nobody = dial({ calleeDevices: [] });
    expect(told(blocked.effects)).toEqual(['history: ada']);
    expect(viewCall(blocked.call, 'laptop')).toEqual(viewCall(nobody.call, 'laptop'));
    const online = step(blocked.call, { type: 'device_online', device: PHONE });
    expect(online).toEqual({ call: blocked.call, effects: [], refusal: null });
    const [over, overToo] = [blocked.call, nobody.call].map((call) =>
      step(call, DEADLINE, TIMES.unreachableMs),
    );
    expect(over?.effects.filter(({ type }) => type === 'send')).toEqual(
      overToo?.effects.filter(({ type }) => type === 'send'),
    );
  });

  it('RING8 a blocked caller does not even hear busy', () => {
    const policy = { inCall: true, callWaiting: false, doNotDisturb: false, admits: 'nothing' } as const;
    expect(dial({ policy }).call.state).toBe('ringing');
  });

  it('RING8 a stranger may ring silently', () => {
    expect(viewCall(dial({ policy: { ...ADMITS, admits: 'silent' } }).call, 'phone')?.silent).toBe(true);
  });
});
