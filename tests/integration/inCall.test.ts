import { TIMES } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { codeOf, type TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { candidate, offer } from './support/signals.ts';
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

async function connect() {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ana.event('call_answered', callId);
  return { ana, ben, callId };
}

const details = async (device: TestDevice, callId: string) =>
  (await server.http(device, 'GET', `/api/calls/${callId}`)).body;

/** The rows of the call as they are stored. */
const rows = async (callId: string) => ({
  call: await server.sql.query('select * from calls where id = $1', [callId]),
  participants: await server.sql.query(
    'select * from call_participants where call_id = $1 order by position',
    [callId],
  ),
});

test('CALL1 somebody else gets FORBIDDEN, whether the call exists or not, and changes nothing', async () => {
  const { callId } = await connect();
  const chidi = await server.online('chidi');
  const before = await rows(callId);
  const real = await chidi.request('end_call', { callId, payload: { reason: 'hangup' } });
  const none = await chidi.request('end_call', {
    callId: crypto.randomUUID(),
    payload: { reason: 'hangup' },
  });
  expect([codeOf(real), codeOf(none)]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  expect(real.payload).toEqual(none.payload);
  expect(await rows(callId)).toEqual(before);
});

test('CALL1 another device of the same user, and one that rang, act for themselves only', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const other = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const before = await rows(callId);
  expect(codeOf(await other.request('end_call', { callId, payload: { reason: 'hangup' } }))).toBe(
    'FORBIDDEN',
  );
  expect(codeOf(await other.request('offer', { callId, payload: offer }))).toBe('FORBIDDEN');
  expect(codeOf(await other.request('decline_call', { callId }))).toBe('CALL_UNAVAILABLE');
  expect(await rows(callId)).toEqual(before);
});

test("CALL1 one's own former call gets CALL_UNAVAILABLE", async () => {
  const { ana, callId } = await connect();
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  const again = await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  expect(codeOf(again)).toBe('CALL_UNAVAILABLE');
});

test('CALL2 hanging up is one recorded end with the right times', async () => {
  const { ana, ben, callId } = await connect();
  await server.pass(30_000);
  const endedAt = server.clock.now();
  const [one, two] = await Promise.all([
    ana.request('end_call', { callId, payload: { reason: 'hangup' } }),
    ben.request('end_call', { callId, payload: { reason: 'hangup' } }),
  ]);
  expect([codeOf(one), codeOf(two)].toSorted()).toEqual(['CALL_UNAVAILABLE', 'ok']);
  await ana.event('call_ended', callId);
  await ben.event('call_ended', callId);
  expect(ben.events('call_ended', callId).length).toBe(1);
  expect(await details(ben, callId)).toMatchObject({ state: 'ended', endReason: 'hangup', endedAt });
});

test('CALL2 the database refuses a second end and a second winner', async () => {
  const { ana, callId } = await connect();
  await expect(
    server.sql.query("update call_participants set role = 'callee' where call_id = $1", [callId]),
  ).rejects.toThrow(/call_participants_one_winner/);
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  await expect(
    server.sql.query("update calls set end_reason = 'declined' where id = $1", [callId]),
  ).rejects.toThrow(/has ended/);
  await expect(
    server.sql.query(
      "update calls set state = 'connected', ended_at = null, end_reason = null where id = $1",
      [callId],
    ),
  ).rejects.toThrow(/has ended/);
});

test('CALL2 a crashed device has left when it was last heard of', async () => {
  const { ana, ben, callId } = await connect();
  await server.pass(20_000);
  const leftAt = server.clock.now();
  ana.cut();
  await server.pass(TIMES.busyDeadMs - 1_000);
  expect(ben.events('call_ended', callId)).toEqual([]);
  await server.pass(1_500);
  expect((await ben.event('call_ended', callId)).payload.reason).toBe('connection_lost');
  const [row] = await server.sql.query(
    "select left_at from call_participants where call_id = $1 and role = 'caller'",
    [callId],
  );
  expect(row).toEqual({ left_at: new Date(leftAt) });
});

test('CALL2 a lost socket is no lost call: a device that comes back in time is still in it', async () => {
  const { ana, ben, callId } = await connect();
  ana.cut();
  await server.pass(TIMES.busyDeadMs - 2_000);
  const { payload } = await ana.reload();
  expect(payload.calls).toMatchObject([{ callId, joined: true, remote: { deviceId: ben.deviceId } }]);
  await server.pass(TIMES.busyDeadMs * 3);
  expect(ben.events('call_ended', callId)).toEqual([]);
});

test('CALL2 while the other side still gets its media, a device without a socket has 60 s', async () => {
  const { ana, ben, callId } = await connect();
  await ben.request('report_media', { callId, payload: { flow: 'flowing' } });
  ana.cut();
  await server.pass(TIMES.mediaOnlyMs - 1_000);
  expect(ben.events('call_ended', callId)).toEqual([]);
  await server.pass(1_500);
  expect((await ben.event('call_ended', callId)).payload.reason).toBe('connection_lost');
});

test('CALL2 signing out ends the call at once', async () => {
  const { ana, ben, callId } = await connect();
  expect((await server.http(ana, 'POST', '/api/sign-out')).status).toBe(204);
  expect((await ben.event('call_ended', callId)).payload.reason).toBe('connection_lost');
  expect(ana.closedWith).toBe(4003);
});

test('CALL2 a caller whose tab is closed stops ringing after 10 s', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  ana.cut();
  await server.pass(TIMES.busyDeadMs + 500);
  expect((await ben.event('call_ended', callId)).payload.reason).toBe('cancelled');
});

test('CALL6 mute and camera are visible to the other side and survive a reload', async () => {
  const { ana, ben, callId } = await connect();
  const mediaState = { muted: true, camera: false, screen: false, hand: true, held: false };
  await ana.request('update_media', { callId, payload: mediaState });
  expect((await ben.event('media_changed', callId)).payload).toEqual({ deviceId: ana.deviceId, mediaState });
  expect((await ana.reload()).payload.calls).toMatchObject([{ callId, mediaState }]);
  expect((await ben.reload()).payload.calls).toMatchObject([{ callId, remote: { mediaState } }]);
});

test('CALL6 nobody speaks for somebody else', async () => {
  const { ana, callId } = await connect();
  const chidi = await server.online('chidi');
  const payload = { muted: true, camera: true, screen: false, hand: false, held: false };
  expect(codeOf(await chidi.request('update_media', { callId, payload }))).toBe('FORBIDDEN');
  expect(ana.events('media_changed', callId)).toEqual([]);
});

test('NEG1 signals go both ways between the two joined devices and to nobody else', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const other = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ana.request('offer', { callId, payload: offer });
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ben.request('answer', { callId, payload: offer });
  await ana.event('answer', callId);
  await ben.request('offer', { callId, payload: offer });
  await ana.event('offer', callId);
  await ana.request('answer', { callId, payload: offer });
  await ben.event('answer', callId);
  expect(other.heard.filter(({ type }) => type === 'offer' || type === 'answer')).toEqual([]);
});

test('NEG2 what the caller sends while it rings is given to the device that answers, without duplicates', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ana.request('ice_candidate', { callId, payload: candidate(1) });
  await ana.request('offer', { callId, payload: offer });
  await ana.request('ice_candidate', { callId, payload: candidate(1) });
  await ana.request('ice_candidate', { callId, payload: candidate(2) });
  const answer = await ben.request('answer_call', { callId, payload: { media: 'audio' } });
  expect(answer.type === 'ok' && answer.payload.signals).toEqual([
    { type: 'offer', payload: offer },
    { type: 'ice_candidate', payload: candidate(1) },
    { type: 'ice_candidate', payload: candidate(2) },
  ]);
});

test('NEG2 what comes while something is being stored is stored together, in order, each with its own answer', async () => {
  let saves = 0;
  const own = await startTestServer({
    wrapCalls: (calls) => ({
      ...calls,
      save: async (...given) => {
        saves += 1;
        return calls.save(...given);
      },
    }),
  });
  const ana = await own.online('ana');
  const ben = await own.online('ben');
  const { callId } = await ana.dial(ben);
  saves = 0;
  const answers = await Promise.all([
    ana.request('offer', { callId, payload: offer }),
    ...Array.from({ length: 8 }, (_, n) => ana.request('ice_candidate', { callId, payload: candidate(n) })),
    // Nothing that is said later overtakes it.
    ana.request('answer', { callId, payload: offer }),
    ben.request('answer_call', { callId, payload: { media: 'audio' } }),
    ana.request('ice_candidate', { callId, payload: candidate(8) }),
  ]);
  expect(answers.map(({ type }) => type)).toEqual([
    ...Array.from({ length: 9 }, () => 'ok'),
    'error',
    'ok',
    'ok',
  ]);
  const answered = answers[10];
  expect(answered?.type === 'ok' && answered.payload.signals).toEqual([
    { type: 'offer', payload: offer },
    ...Array.from({ length: 8 }, (_, n) => ({ type: 'ice_candidate', payload: candidate(n) })),
  ]);
  expect((await ben.event('ice_candidate', callId)).payload).toEqual(candidate(8));
  // The burst, and the answer to the call.
  expect(saves).toBe(2);
  await own.stop();
  expect(own.errors).toEqual([]);
});

test('NEG2 nothing of it is left in the database after the answer or the end', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const held = async (callId: string) =>
    (await server.sql.query('select held from calls where id = $1', [callId]))[0];
  const first = await ana.dial(ben);
  await ana.request('offer', { callId: first.callId, payload: offer });
  expect(JSON.stringify(await held(first.callId))).toContain('fingerprint');
  await ben.request('decline_call', { callId: first.callId });
  expect(await held(first.callId)).toEqual({ held: null });
  const second = await ana.dial(ben);
  await ana.request('offer', { callId: second.callId, payload: offer });
  await ben.request('answer_call', { callId: second.callId, payload: { media: 'audio' } });
  expect(await held(second.callId)).toEqual({ held: null });
});

test('NEG3 a device that has not answered gets no signal and may send none', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  await ana.request('offer', { callId, payload: offer });
  await ana.request('ice_candidate', { callId, payload: candidate(1) });
  await ben.request('report_ringing', { callId, payload: { silent: false } });
  expect(codeOf(await ben.request('answer', { callId, payload: offer }))).toBe('FORBIDDEN');
  expect(codeOf(await ben.request('ice_candidate', { callId, payload: candidate(9) }))).toBe('FORBIDDEN');
  await ben.reload();
  const heard = JSON.stringify([ana.heard, ben.heard]);
  expect(heard).not.toContain('candidate:');
  expect(heard).not.toContain('a=fingerprint');
});

test('a candidate of a running call costs no query', async () => {
  const { ana, ben, callId } = await connect();
  await server.app.settle();
  await until('quiet', async () => {
    await server.app.settle();
    return true;
  });
  const [before] = await server.sql.query('select version from calls where id = $1', [callId]);
  for (let n = 0; n < 20; n += 1) {
    ana.say({ type: 'ice_candidate', id: `c${String(n)}`, callId, payload: candidate(n) });
  }
  // Relayed within the very turn in which it came, but for the promises in between: no query could have answered.
  await until('all', () => ben.events('ice_candidate', callId).length === 20);
  expect((await server.sql.query('select version from calls where id = $1', [callId]))[0]).toEqual(before);
});
