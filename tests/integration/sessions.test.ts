import { CLOSE, LIMITS, PROTOCOL_VERSION, TIMES } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { candidate } from './support/signals.ts';
import { until } from './support/until.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.reset();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** Ana and Ben in a call. */
async function connect() {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ben.event('ring', callId);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ana.event('call_answered', callId);
  return { ana, ben, callId };
}

describe('SES1', () => {
  test('SES1 nothing but register is accepted first', async () => {
    const ana = await server.signIn('ana');
    ana.open();
    const answer = await ana.request('initiate_call', {
      payload: { calleeId: crypto.randomUUID(), callType: 'video', idempotencyKey: 'k' },
    });
    expect(codeOf(answer)).toBe('NOT_REGISTERED');
    expect(await ana.register()).toMatchObject({ payload: { resumed: false, calls: [] } });
  });

  test('SES1 another version of the protocol is refused and the socket closed', async () => {
    const ana = await server.signIn('ana');
    ana.open();
    const payload = { protocol: PROTOCOL_VERSION + 1, deviceId: ana.deviceId, resume: null };
    expect(codeOf(await ana.request('register', { payload }))).toBe('UNSUPPORTED_VERSION');
    await until('closed', () => ana.closedWith === CLOSE.refused);
  });

  test("SES1 a device id that is not this cookie's is refused", async () => {
    const ana = await server.signIn('ana');
    const ben = await server.online('ben');
    ana.open();
    const payload = { protocol: PROTOCOL_VERSION, deviceId: ben.deviceId, resume: null };
    expect(codeOf(await ana.request('register', { payload }))).toBe('FORBIDDEN');
    await until('closed', () => ana.closedWith === CLOSE.refused);
    expect(ben.closedWith).toBeNull();
  });

  test('SES1 a socket that has not registered within 5 s is closed', async () => {
    const ana = await server.signIn('ana');
    ana.open();
    await server.pass(TIMES.registerMs - 1_000);
    expect(ana.closedWith).toBeNull();
    await server.pass(2_000);
    expect(ana.closedWith).toBe(CLOSE.refused);
  });

  test('SES1 a second register on the same socket is refused', async () => {
    const ana = await server.online('ana');
    const payload = { protocol: PROTOCOL_VERSION, deviceId: ana.deviceId, resume: null };
    expect(codeOf(await ana.request('register', { payload }))).toBe('ALREADY_REGISTERED');
    expect(ana.closedWith).toBeNull();
  });

  test('SES1 the answer holds every live call of the device', async () => {
    const { ana, callId } = await connect();
    ana.cut();
    const { payload } = await ana.register();
    expect(payload).toMatchObject({ resumed: false, calls: [{ callId, state: 'connected', joined: true }] });
  });

  test('SES1 more sockets of one user than allowed are refused', async () => {
    for (let n = 0; n < LIMITS.socketsPerUser; n += 1) await server.online('elio');
    const last = await server.signIn('elio');
    last.open();
    const payload = { protocol: PROTOCOL_VERSION, deviceId: last.deviceId, resume: null };
    expect(codeOf(await last.request('register', { payload }))).toBe('TOO_MANY_SESSIONS');
  });
});

describe('SES2', () => {
  test('SES2 events that were not acknowledged arrive once each and in order after a resume', async () => {
    const { ana, ben, callId } = await connect();
    const before = ben.heard.length;
    const lastSeq = ben.events('ring', callId)[0]?.seq ?? 0;
    const sessionId = ben.sessionId ?? '';
    ben.cut();
    for (let n = 1; n <= 20; n += 1) await ana.request('ice_candidate', { callId, payload: candidate(n) });
    const { payload } = await ben.register({ sessionId, lastSeq });
    expect(payload).toMatchObject({ sessionId, resumed: true });
    await ana.request('ice_candidate', { callId, payload: candidate(21) });
    await until('all of them', () => ben.events('ice_candidate', callId).length >= 21);
    const events = ben.heard.slice(before).filter((message) => 'seq' in message);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => lastSeq + 1 + n));
    expect(ben.events('ice_candidate', callId).map((event) => event.payload)).toEqual(
      Array.from({ length: 21 }, (_, n) => candidate(n + 1)),
    );
  });

  test('SES2 what was acknowledged does not come again', async () => {
    const { ana, ben, callId } = await connect();
    await ana.request('ice_candidate', { callId, payload: candidate(1) });
    const { seq } = await ben.event('ice_candidate', callId);
    ben.say({ type: 'ack', payload: { seq } });
    ben.cut();
    const before = ben.heard.length;
    // A device that forgot what it has handled cannot go on: its session starts anew.
    const { payload } = await ben.register({ sessionId: ben.sessionId ?? '', lastSeq: 0 });
    expect(payload.resumed).toBe(false);
    expect(ben.heard.slice(before).filter((message) => 'seq' in message)).toEqual([]);
  });

  test('SES2 a session is over after a minute without a socket', async () => {
    const ana = await server.online('ana');
    const resume = { sessionId: ana.sessionId ?? '', lastSeq: 0 };
    ana.cut();
    await server.pass(TIMES.resumeMs - 1_000);
    expect((await ana.register(resume)).payload.resumed).toBe(true);
    ana.cut();
    await server.pass(TIMES.resumeMs + 1_000);
    expect((await ana.register(resume)).payload.resumed).toBe(false);
  });

  test("SES2 nobody goes on with another device's session", async () => {
    const ana = await server.online('ana');
    const other = await server.signIn('ana');
    const { payload } = await other.register({ sessionId: ana.sessionId ?? '', lastSeq: 0 });
    expect(payload.resumed).toBe(false);
    expect(payload.sessionId).not.toBe(ana.sessionId);
    expect(ana.closedWith).toBeNull();
  });

  test('SES2 a device that was away for too many events starts anew', async () => {
    const { ana, ben, callId } = await connect();
    const sessionId = ben.sessionId ?? '';
    const lastSeq = ben.events('ring', callId)[0]?.seq ?? 0;
    ben.cut();
    for (let n = 0; n <= LIMITS.outboxEvents; n += 1) {
      await ana.request('update_media', {
        callId,
        payload: { muted: n % 2 === 0, camera: true, screen: false, hand: false, held: false },
      });
      if (n % 40 === 39) server.clock.advance(1_000);
    }
    expect((await ben.register({ sessionId, lastSeq })).payload.resumed).toBe(false);
  });
});

describe('SES3', () => {
  test('SES3 a new socket for the same session replaces the old one', async () => {
    const { ana, ben, callId } = await connect();
    const lastSeq = ben.events('ring', callId)[0]?.seq ?? 0;
    const old = ben.open();
    await ben.register({ sessionId: ben.sessionId ?? '', lastSeq });
    const fresh = ben.open();
    await ben.register({ sessionId: ben.sessionId ?? '', lastSeq });
    // What the old one says or how it closes has no effect any more.
    old.handleText(JSON.stringify({ type: 'end_call', id: 'old', callId, payload: { reason: 'hangup' } }));
    old.handleClose();
    await server.pass(TIMES.busyDeadMs + 1_000);
    expect(ana.events('call_ended', callId)).toEqual([]);
    expect(ben.closedWith).toBeNull();
    fresh.handleText(JSON.stringify({ type: 'end_call', id: 'new', callId, payload: { reason: 'hangup' } }));
    await ana.event('call_ended', callId);
  });

  test('SES3 a new session of the same device closes the old socket with 4001', async () => {
    const ana = await server.online('ana');
    const closed: number[] = [];
    const old = server.app.gateway.accept(
      {
        send: () => {},
        ping: () => {},
        close: (code) => closed.push(code),
        terminate: () => {},
        bufferedBytes: () => 0,
      },
      ana.device,
      '127.0.0.1',
    );
    old.handleText(
      JSON.stringify({
        type: 'register',
        id: 'x',
        payload: { protocol: PROTOCOL_VERSION, deviceId: ana.deviceId, resume: null },
      }),
    );
    await until('the first one is replaced', () => ana.closedWith === CLOSE.replaced);
    await ana.register();
    expect(closed).toEqual([CLOSE.replaced]);
  });

  test('SES3 a socket that was given up and is heard late replaces nobody', async () => {
    const ana = await server.online('ana');
    const closed: number[] = [];
    await server.pass(10);
    const lateOne = server.app.gateway.accept(
      {
        send: () => {},
        ping: () => {},
        close: (code) => closed.push(code),
        terminate: () => {},
        bufferedBytes: () => 0,
      },
      ana.device,
      '127.0.0.1',
    );
    await server.pass(10);
    ana.open();
    const { payload } = await ana.register();
    lateOne.handleText(
      JSON.stringify({
        type: 'register',
        id: 'late',
        payload: {
          protocol: PROTOCOL_VERSION,
          deviceId: ana.deviceId,
          resume: { sessionId: payload.sessionId, lastSeq: 0 },
        },
      }),
    );
    await until('the late one is refused', () => closed.includes(CLOSE.refused));
    expect(ana.closedWith).toBeNull();
  });
});

describe('SES4', () => {
  test('SES4 an idle device is pinged every 25 s and stays online for days', async () => {
    const ana = await server.online('ana');
    await server.pass(TIMES.idlePingMs * 4 + 2_000);
    expect(ana.pings).toBe(4);
    expect(ana.closedWith).toBeNull();
  });

  test('SES4 an idle device that does not answer is gone within 60 s', async () => {
    const ben = await server.online('ben');
    const ana = await server.online('ana');
    const start = server.clock.now();
    ana.answersPings = false;
    await until('gone', async () => {
      await server.pass(500);
      return ana.closedWith === 1006;
    });
    expect(server.clock.now() - start).toBeLessThanOrEqual(TIMES.idleDeadMs);
    await server.pass(TIMES.reconnectGraceMs + 500);
    expect(ben.notices('presence').at(-1)?.payload).toEqual({ userId: ana.userId, presence: 'offline' });
  });

  test('SES4 a dead device in a call is gone within 10 s', async () => {
    const { ana, ben, callId } = await connect();
    await ben.request('report_ringing', { callId, payload: { silent: false } });
    const lastHeardAt = server.clock.now();
    ben.answersPings = false;
    await until('the end', async () => {
      await server.pass(500);
      return ana.events('call_ended', callId)[0];
    });
    expect(server.clock.now() - lastHeardAt).toBeLessThanOrEqual(TIMES.busyDeadMs);
    expect(ana.events('call_ended', callId)[0]?.payload.reason).toBe('connection_lost');
  });

  test('SES4 contacts see who is there: online, busy, and a reload goes unnoticed', async () => {
    const chidi = await server.online('chidi');
    const { ana, callId } = await connect();
    const seen = () =>
      chidi
        .notices('presence')
        .filter(({ payload }) => payload.userId === ana.userId)
        .map(({ payload }) => payload.presence);
    await until('busy', () => seen().at(-1) === 'busy');
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
    await until('online', () => seen().at(-1) === 'online');
    const before = seen().length;
    ana.cut();
    await server.pass(TIMES.reconnectGraceMs - 1_000);
    await ana.register();
    await server.pass(TIMES.reconnectGraceMs + 1_000);
    expect(seen().length).toBe(before);
    ana.cut();
    await server.pass(TIMES.reconnectGraceMs + 500);
    expect(seen().at(-1)).toBe('offline');
  });

  test('SES4 a ping of the client is answered', async () => {
    const ana = await server.online('ana');
    ana.say({ type: 'ping', payload: {} });
    expect(ana.heard.at(-1)).toEqual({ type: 'pong', payload: {} });
  });

  test('SES4 a device that does not read is given up', async () => {
    const ana = await server.online('ana');
    ana.buffered = LIMITS.bufferedBytes + 1;
    ana.say({ type: 'ping', payload: {} });
    expect(ana.closedWith).toBe(CLOSE.tooSlow);
  });
});

describe('SES5', () => {
  test('SES5 a repeated request gets the first answer again and is not done twice', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const dial = (key: string) => ({
      id: 'same',
      payload: { calleeId: ben.userId, callType: 'video', idempotencyKey: key },
    });
    const first = await ana.request('initiate_call', dial('one'));
    expect(await ana.request('initiate_call', dial('two'))).toEqual(first);
    expect(ben.events('ring').length).toBe(1);
  });

  test('SES5 a repeat while the first is still being done waits for its answer', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const message = {
      type: 'initiate_call',
      id: 'twice',
      payload: { calleeId: ben.userId, callType: 'audio', idempotencyKey: 'k' },
    };
    ana.say(message);
    ana.say(message);
    const answers = await until('both', () => {
      const heard = ana.heard.filter((each) => each.type === 'ok' && each.id === 'twice');
      return heard.length === 2 && heard;
    });
    expect(answers[0]).toEqual(answers[1]);
    expect(ben.events('ring').length).toBe(1);
  });

  test('SES5 answers outlive a lost socket', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const dial = {
      id: 'again',
      payload: { calleeId: ben.userId, callType: 'video', idempotencyKey: 'k2' },
    };
    const first = await ana.request('initiate_call', dial);
    ana.cut();
    await ana.register({ sessionId: ana.sessionId ?? '', lastSeq: 0 });
    expect(await ana.request('initiate_call', dial)).toEqual(first);
  });
});

describe('ERR', () => {
  test('ERR1 rubbish is answered patiently for a while, then the socket is closed; nobody else notices', async () => {
    const { ana, ben, callId } = await connect();
    const chidi = await server.online('chidi');
    chidi.sayText('{');
    expect(chidi.heard.at(-1)).toMatchObject({ type: 'error', payload: { code: 'BAD_MESSAGE' } });
    chidi.sayText(JSON.stringify({ type: 'nonsense', id: 'n', payload: {} }));
    expect(chidi.heard.at(-1)).toMatchObject({ type: 'error', id: 'n', payload: { code: 'BAD_MESSAGE' } });
    chidi.sayText('x'.repeat(LIMITS.messageBytes + 1));
    expect(chidi.heard.at(-1)).toMatchObject({ type: 'error', payload: { code: 'TOO_LARGE' } });
    chidi.sayText(`"${'é'.repeat(LIMITS.messageBytes / 2)}"`);
    expect(chidi.heard.at(-1)).toMatchObject({ type: 'error', payload: { code: 'TOO_LARGE' } });
    for (let n = 0; n < 200; n += 1) chidi.sayText('[');
    expect(chidi.closedWith).toBe(CLOSE.abuse);
    // A new socket is no way around it.
    chidi.open();
    const payload = { protocol: PROTOCOL_VERSION, deviceId: chidi.deviceId, resume: null };
    expect(codeOf(await chidi.request('register', { payload }))).toBe('RATE_LIMITED');
    expect(chidi.closedWith).toBe(CLOSE.abuse);
    expect([ana.closedWith, ben.closedWith]).toEqual([null, null]);
    expect(ana.events('call_ended', callId)).toEqual([]);
  });

  test('ERR2 too many of one kind are refused with the time to wait, and done after it', async () => {
    const ana = await server.online('ana');
    const dial = async () =>
      ana.request('initiate_call', {
        payload: { calleeId: crypto.randomUUID(), callType: 'video', idempotencyKey: crypto.randomUUID() },
      });
    for (let n = 0; n < 10; n += 1) expect(codeOf(await dial())).toBe('NOT_FOUND');
    const refused = await dial();
    expect(refused).toMatchObject({ type: 'error', payload: { code: 'RATE_LIMITED', retryAfterMs: 6_000 } });
    await server.pass(6_000);
    expect(codeOf(await dial())).toBe('NOT_FOUND');
    expect(codeOf(await dial())).toBe('RATE_LIMITED');
  });
});
