import { TIMES, type ServerMessage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addUser('stranger');
});
afterEach(async () => {
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
