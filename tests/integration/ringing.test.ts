import { TIMES } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
/** What happens while a call is about to be stored. */
let beforeCreate: (() => Promise<unknown>) | null = null;
beforeAll(async () => {
  server = await startTestServer({
    wrapCalls: (calls) => ({
      ...calls,
      create: async (input) => {
        await beforeCreate?.();
        return calls.create(input);
      },
    }),
  });
});
afterEach(async () => {
  beforeCreate = null;
  await server.reset();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const dial = async (from: TestDevice, to: { userId: string }, idempotencyKey: string) =>
  from.request('initiate_call', { payload: { calleeId: to.userId, callType: 'video', idempotencyKey } });

const answer = async (device: TestDevice, callId: string) =>
  device.request('answer_call', { callId, payload: { media: 'video' } });

describe('RING1', () => {
  test('RING1 one key makes one call, however often it is sent', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const answers = await Promise.all([dial(ana, ben, 'one-key'), dial(ana, ben, 'one-key')]);
    answers.push(await dial(ana, ben, 'one-key'));
    const ids = new Set(
      answers.map((each) => (each.type === 'ok' ? each.payload.call?.callId : each.payload.code)),
    );
    expect(ids.size).toBe(1);
    expect(ben.events('ring').length).toBe(1);
  });

  test('RING1 the repeat gets the same call after a new session too, and when it is over', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const first = await ana.dial(ben, 'video', 'kept');
    ana.cut();
    await ana.register();
    expect(await dial(ana, ben, 'kept')).toMatchObject({ payload: { callId: first.callId, call: first } });
    await ana.request('cancel_call', { callId: first.callId });
    const over = await dial(ana, ben, 'kept');
    expect(over).toMatchObject({ type: 'ok', payload: { callId: first.callId } });
    expect(over.payload).not.toHaveProperty('call');
    expect(ben.events('ring').length).toBe(1);
  });

  test('RING1 a key that stands for a call with somebody else is refused', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    await ana.dial(ben, 'video', 'taken');
    expect(codeOf(await dial(ana, chidi, 'taken'))).toBe('KEY_REUSED');
    expect(chidi.events('ring')).toEqual([]);
  });

  test('RING1 keys of different users have nothing to do with each other', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    const one = await ana.dial(chidi, 'video', 'common');
    const two = await ben.dial(chidi, 'video', 'common');
    expect(one.callId).not.toBe(two.callId);
  });

  test('RING1 a device that rings somebody cannot dial a second time', async () => {
    const ana = await server.online('ana');
    const other = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    await ana.dial(ben);
    expect(codeOf(await dial(ana, chidi, 'second'))).toBe('ALREADY_DIALING');
    expect(codeOf(await dial(other, ben, 'third'))).toBe('ALREADY_DIALING');
    expect(codeOf(await dial(ana, ana, 'self'))).toBe('CANNOT_CALL_SELF');
  });
});

describe('RING2', () => {
  test('RING2 every online device of the callee rings', async () => {
    const ana = await server.online('ana');
    const phones = [await server.online('ben'), await server.online('ben'), await server.online('ben')];
    const { callId } = await ana.dial({ userId: phones[0]?.userId ?? '' });
    for (const phone of phones)
      expect((await phone.event('ring', callId)).payload.call.peer.handle).toBe('ana');
  });

  test('RING2 a device that comes online while it rings, rings at once', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const { callId } = await ana.dial(ben);
    const late = await server.signIn('ben', 'late');
    const { payload } = await late.register();
    expect(payload.calls).toMatchObject([{ callId, direction: 'incoming', state: 'ringing', joined: false }]);
    const progress = (await ana.event('call_progress', callId)).payload.progress;
    expect(progress.map(({ name }) => name)).toContain('late');
    expect(codeOf(await answer(late, callId))).toBe('ok');
  });

  test('RING2 a device that comes online at the very moment of dialing rings too', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const late = await server.signIn('ben', 'late');
    beforeCreate = async () => late.register();
    const { callId } = await ana.dial(ben);
    await late.event('ring', callId);
    expect(ben.events('ring', callId).length).toBe(1);
    expect(codeOf(await answer(late, callId))).toBe('ok');
  });

  test('RING2 with no device online it is tried for 5 s', async () => {
    const ana = await server.online('ana');
    const { callId, ringDeadlineAt, createdAt } = await ana.dial(await server.signIn('ben'));
    expect(ringDeadlineAt - createdAt).toBe(TIMES.unreachableMs);
    await server.pass(TIMES.unreachableMs);
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('unavailable');
  });

  test('RING2 a device that comes online in those 5 s rings for as long as any call', async () => {
    const ana = await server.online('ana');
    const ben = await server.signIn('ben');
    const { callId } = await ana.dial(ben);
    await server.pass(TIMES.unreachableMs - 1_000);
    await ben.register();
    await server.pass(TIMES.unreachableMs * 2);
    expect(ana.events('call_ended', callId)).toEqual([]);
    expect(codeOf(await answer(ben, callId))).toBe('ok');
  });
});

describe('RING3', () => {
  test('RING3 the caller sees how far it got on each device', async () => {
    const ana = await server.online('ana');
    const phone = await server.online('ben', 'phone', 'phone');
    const laptop = await server.online('ben', 'laptop', 'desktop');
    const call = await ana.dial(phone);
    expect(call.progress).toEqual([
      { name: 'phone', kind: 'phone', reach: 'reached' },
      { name: 'laptop', kind: 'desktop', reach: 'reached' },
    ]);
    await phone.request('report_ringing', { callId: call.callId, payload: { silent: false } });
    await laptop.request('report_ringing', { callId: call.callId, payload: { silent: true } });
    phone.cut();
    await until('phone unreachable', () => {
      const progress = ana.events('call_progress', call.callId).at(-1)?.payload.progress;
      return progress?.[0]?.reach === 'unreachable' && progress[1]?.reach === 'silent';
    });
  });

  test('RING3 do not disturb makes every device show the call without a sound', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    await server.http(ben, 'PATCH', '/api/me/settings', { doNotDisturb: true });
    const { callId } = await ana.dial(ben);
    expect((await ben.event('ring', callId)).payload.call.silent).toBe(true);
    await server.http(ben, 'PATCH', '/api/me/settings', { doNotDisturb: false });
  });
});

describe('RING4', () => {
  test('RING4 of two answers at once one wins; the other device hears who it was', async () => {
    const ana = await server.online('ana');
    const one = await server.online('ben', 'one');
    const two = await server.online('ben', 'two');
    const { callId } = await ana.dial(one);
    const codes = (await Promise.all([answer(one, callId), answer(two, callId)])).map((each) => codeOf(each));
    expect(codes.toSorted()).toEqual(['CALL_UNAVAILABLE', 'ok']);
    const [winner, loser] = codes[0] === 'ok' ? [one, two] : [two, one];
    expect((await loser.event('call_ended', callId)).payload).toMatchObject({
      reason: 'answered_elsewhere',
      by: winner.device.name,
    });
    expect((await ana.event('call_answered', callId)).payload.remote.deviceId).toBe(winner.deviceId);
    expect(ana.events('call_answered', callId).length).toBe(1);
  });

  test('RING4 a device that was renamed is known by its new name at once', async () => {
    const ana = await server.online('ana', 'before');
    const one = await server.online('ben', 'before');
    const two = await server.online('ben');
    await server.http(one, 'PATCH', `/api/devices/${one.deviceId}`, { name: 'kitchen' });
    await server.http(ana, 'PATCH', `/api/devices/${ana.deviceId}`, { name: 'office' });
    const { callId } = await ana.dial(one);
    expect(await answer(one, callId)).toMatchObject({
      payload: { call: { remote: { deviceName: 'office' } } },
    });
    expect((await two.event('call_ended', callId)).payload.by).toBe('kitchen');
  });

  test('RING4 a late answer gets CALL_UNAVAILABLE', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const { callId } = await ana.dial(ben);
    await ana.request('cancel_call', { callId });
    expect(codeOf(await answer(ben, callId))).toBe('CALL_UNAVAILABLE');
  });
});

describe('RING5', () => {
  test('RING5 a decline stops all devices of the user and tells the caller', async () => {
    const ana = await server.online('ana');
    const one = await server.online('ben', 'one');
    const two = await server.online('ben', 'two');
    const { callId } = await ana.dial(one);
    await one.request('decline_call', { callId });
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('declined');
    expect((await two.event('call_ended', callId)).payload).toMatchObject({
      reason: 'declined_elsewhere',
      by: 'one',
    });
  });

  test("RING5 the caller's cancel stops every ringing device", async () => {
    const ana = await server.online('ana');
    const phones = [await server.online('ben'), await server.online('ben')];
    const { callId } = await ana.dial({ userId: phones[0]?.userId ?? '' });
    await ana.request('cancel_call', { callId });
    for (const phone of phones)
      expect((await phone.event('call_ended', callId)).payload.reason).toBe('cancelled');
  });

  test('RING5 the timeout ends it for both sides', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const { callId } = await ana.dial(ben);
    await server.pass(TIMES.ringMs - 500);
    expect(ana.events('call_ended', callId)).toEqual([]);
    await server.pass(500);
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('no_answer');
    await ben.event('call_ended', callId);
    const entry = async (device: TestDevice) =>
      (await server.http(device, 'GET', `/api/calls/${callId}`)).body;
    expect(await entry(ana)).toMatchObject({ state: 'missed', entry: { outcome: 'no_answer' } });
    expect(await entry(ben)).toMatchObject({ state: 'missed', entry: { outcome: 'missed', seen: false } });
  });
});
