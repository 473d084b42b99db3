import { TIMES, type ServerMessage } from '@visavis/protocol';
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
  await server.addUser('stranger');
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

/** Ben in a call with Chidi. */
const busyBen = async () => {
  const ben = await server.online('ben');
  const chidi = await server.online('chidi');
  const { callId } = await ben.dial(chidi);
  await answer(chidi, callId);
  return { ben, chidi, callId };
};

/** What a caller can tell: everything it hears, without ids and times. */
const transcript = (device: TestDevice, callId: string): string =>
  JSON.stringify(device.heard.filter((message: ServerMessage) => message.type !== 'presence'))
    .replaceAll(callId, 'CALL')
    .replaceAll(/\d{13}/g, 'TIME')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');

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

describe('RING6', () => {
  test('RING6 a callee in a call hears a second one and may take it', async () => {
    const { ben, chidi, callId: firstId } = await busyBen();
    const ana = await server.online('ana');
    const { callId } = await ana.dial(ben);
    await ben.event('ring', callId);
    expect(codeOf(await answer(ben, callId))).toBe('ok');
    expect(chidi.events('call_ended', firstId)).toEqual([]);
    const { payload } = await ben.reload();
    expect(payload.calls.map((call) => call.callId).toSorted()).toEqual([callId, firstId].toSorted());
  });

  test('RING6 with call waiting off the caller gets busy, and the callee a missed call', async () => {
    const { ben } = await busyBen();
    await server.http(ben, 'PATCH', '/api/me/settings', { callWaiting: false });
    const ana = await server.online('ana');
    const dialed = await dial(ana, ben, 'busy');
    expect(dialed).toMatchObject({ type: 'ok' });
    const callId = dialed.type === 'ok' ? dialed.payload.callId : undefined;
    const ended = await ana.event('call_ended', callId);
    expect(ended.payload.reason).toBe('busy');
    expect(ana.heard.indexOf(ended)).toBeGreaterThan(ana.heard.indexOf(dialed));
    expect(ben.events('ring', callId)).toEqual([]);
    const { body } = await server.http(ben, 'GET', `/api/calls/${callId ?? ''}`);
    expect(body).toMatchObject({ entry: { outcome: 'missed', seen: false } });
    await server.http(ben, 'PATCH', '/api/me/settings', { callWaiting: true });
  });
});

describe('RING7', () => {
  test('RING7 whoever dials somebody who rings them is connected to that call', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const first = await ana.dial(ben);
    const second = await ben.dial(ana);
    expect(second).toMatchObject({
      callId: first.callId,
      state: 'connected',
      direction: 'incoming',
      joined: true,
    });
    await ana.event('call_answered', first.callId);
    expect(ana.events('ring')).toEqual([]);
  });

  test('RING7 two who dial at the very same time get one call', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ana = await server.online('ana');
      const ben = await server.online('ben');
      const [one, two] = await Promise.all([
        dial(ana, ben, `g${String(round)}`),
        dial(ben, ana, `g${String(round)}`),
      ]);
      const ids = [one, two].map((each) => (each.type === 'ok' ? each.payload.callId : each.payload.code));
      expect(ids[0]).toBe(ids[1]);
      const { payload } = await ana.reload();
      expect(payload.calls).toMatchObject([{ callId: ids[0], state: 'connected' }]);
      await server.reset();
    }
  });

  test('RING7 it comes before busy: whoever rings is in a call', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    await server.http(ana, 'PATCH', '/api/me/settings', { callWaiting: false });
    const first = await ana.dial(ben);
    expect((await ben.dial(ana)).callId).toBe(first.callId);
    await server.http(ana, 'PATCH', '/api/me/settings', { callWaiting: true });
  });
});

describe('RING8', () => {
  test('RING8 a blocked caller rings nowhere and cannot tell', async () => {
    const away = await server.signIn('farah');
    const known = await server.online('ana', 'caller');
    const { callId: plainId } = await known.dial(away);
    await server.pass(TIMES.unreachableMs + 500);
    const unreachable = transcript(known, plainId);
    await server.reset();

    const farah = await server.online('farah');
    const ana = await server.online('ana', 'caller');
    await server.http(farah, 'PUT', `/api/blocks/${ana.userId}`);
    ana.heard.splice(1);
    const { callId } = await ana.dial(farah);
    await server.pass(TIMES.unreachableMs + 500);
    expect(transcript(ana, callId)).toBe(unreachable);
    expect(farah.events('ring')).toEqual([]);
    const { body } = await server.http(farah, 'GET', `/api/calls?with=${ana.userId}&limit=1`);
    expect(JSON.stringify(body)).not.toContain(callId);
    expect((await server.http(farah, 'GET', `/api/calls/${callId}`)).status).toBe(404);
    await server.http(farah, 'DELETE', `/api/blocks/${ana.userId}`);
  });

  test('RING8 a blocked caller sees the person as away', async () => {
    const gita = await server.online('elio');
    const ana = await server.online('ana');
    const presence = async () => {
      const { body } = await server.http(ana, 'GET', '/api/contacts');
      return JSON.stringify(body).match(new RegExp(`${gita.userId}.*?"presence":"(\\w+)"`))?.[1];
    };
    expect(await presence()).toBe('online');
    await server.http(gita, 'PUT', `/api/blocks/${ana.userId}`);
    expect(await presence()).toBe('offline');
    expect(ana.notices('presence').at(-1)?.payload).toEqual({ userId: gita.userId, presence: 'offline' });
    await server.http(gita, 'DELETE', `/api/blocks/${ana.userId}`);
    expect(await presence()).toBe('online');
    expect(ana.notices('presence').at(-1)?.payload).toEqual({ userId: gita.userId, presence: 'online' });
  });

  test('RING8 somebody who blocked another can still dial them, even while that one dials', async () => {
    const farah = await server.online('farah');
    const ana = await server.online('ana');
    await server.http(farah, 'PUT', `/api/blocks/${ana.userId}`);
    await ana.dial(farah);
    const { callId } = await farah.dial(ana);
    await ana.event('ring', callId);
    await server.http(farah, 'DELETE', `/api/blocks/${ana.userId}`);
  });

  test.each([
    ['ring', false],
    ['silent', true],
  ] as const)('RING8 a stranger: %s', async (strangers, silent) => {
    const ben = await server.online('ben');
    const stranger = await server.online('stranger');
    await server.http(ben, 'PATCH', '/api/me/settings', { strangers });
    const { callId } = await stranger.dial(ben);
    expect((await ben.event('ring', callId)).payload.call.silent).toBe(silent);
  });

  test('RING8 a stranger: nothing', async () => {
    const ben = await server.online('ben');
    const stranger = await server.online('stranger');
    await server.http(ben, 'PATCH', '/api/me/settings', { strangers: 'nothing' });
    const { callId } = await stranger.dial(ben);
    await server.pass(TIMES.unreachableMs + 500);
    expect((await stranger.event('call_ended', callId)).payload.reason).toBe('unavailable');
    expect(ben.events('ring')).toEqual([]);
    await server.http(ben, 'PATCH', '/api/me/settings', { strangers: 'silent' });
  });
});
