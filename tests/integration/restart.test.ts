import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TIMES } from '@visavis/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/databases.ts';
import { TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let folder: string;
let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-restart-'));
  database = await createTestDatabase(folder);
  server = await startTestServer({ sql: await database.open() });
});
afterAll(async () => {
  await server.stop();
  await server.sql.close();
  await rm(folder, { recursive: true });
});

/** Ends this server and starts another one on the same data, at the same time of day. */
async function restart(pause = 0): Promise<void> {
  await server.stop();
  await server.sql.close();
  server.clock.advance(pause);
  server = await startTestServer({ sql: await database.open(), clock: server.clock });
}

/** The same signed-in device at the server that runs now. */
const again = (device: TestDevice): TestDevice => new TestDevice(server.app, device.device, device.cookie);

test('a restart keeps people, devices, settings, contacts, history and what is unseen', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  await server.http(ben, 'PATCH', '/api/me/settings', { callWaiting: false, hideAddress: true });
  await server.http(ben, 'PATCH', `/api/contacts/${ana.userId}`, { favourite: true });
  await server.http(ana, 'DELETE', `/api/contacts/${ben.userId}`);
  const { callId } = await ana.dial(ben);
  await ana.request('cancel_call', { callId });
  await server.app.settle();
  const look = async () => ({
    me: (await server.http(ben, 'GET', '/api/me')).body,
    calls: (await server.http(ben, 'GET', '/api/calls')).body,
    favourites: JSON.stringify((await server.http(ben, 'GET', '/api/contacts')).body).match(
      /"favourite":true/g,
    )?.length,
    ofAna: JSON.stringify((await server.http(ana, 'GET', '/api/contacts')).body).match(/"handle"/g)?.length,
  });
  const before = await look();
  expect(before).toMatchObject({
    me: { missedUnseen: 1, settings: { callWaiting: false, hideAddress: true } },
    favourites: 1,
    ofAna: 8,
  });
  await restart();
  expect(await look()).toEqual(before);
  await server.http(ben, 'POST', '/api/calls/seen');
});

test('clients are told to come back, and a running call goes on after it', async () => {
  const ana = await server.online('ana');
  const chidi = await server.online('chidi');
  const { callId } = await ana.dial(chidi);
  await chidi.request('answer_call', { callId, payload: { media: 'video' } });
  await restart();
  expect([ana.closedWith, chidi.closedWith]).toEqual([1012, 1012]);
  await server.pass(3_000);
  const anaAgain = again(ana);
  const chidiAgain = again(chidi);
  const { payload } = await anaAgain.register({ sessionId: ana.sessionId ?? '', lastSeq: 0 });
  expect(payload).toMatchObject({ resumed: false, calls: [{ callId, state: 'connected', joined: true }] });
  await chidiAgain.register();
  await server.pass(TIMES.busyDeadMs * 2);
  expect(anaAgain.events('call_ended')).toEqual([]);
  await anaAgain.request('end_call', { callId, payload: { reason: 'hangup' } });
  expect((await chidiAgain.event('call_ended', callId)).payload.reason).toBe('hangup');
});

test('CALL2 a running call whose devices do not come back after a restart ends once', async () => {
  const ana = await server.online('ana');
  const chidi = await server.online('chidi');
  const { callId } = await ana.dial(chidi);
  await chidi.request('answer_call', { callId, payload: { media: 'video' } });
  await restart();
  await server.pass(TIMES.returnMs - 1_000);
  const { body: before } = await server.http(ana, 'GET', `/api/calls/${callId}`);
  expect(before).toMatchObject({ state: 'connected' });
  await server.pass(2_000);
  const { body } = await server.http(ana, 'GET', `/api/calls/${callId}`);
  expect(body).toMatchObject({ state: 'ended', endReason: 'connection_lost' });
});

test('RING5 the ring timeout holds although the process that started it is gone', async () => {
  const ana = await server.online('ana');
  const dilnoza = await server.online('dilnoza');
  const { callId } = await ana.dial(dilnoza);
  await server.pass(10_000);
  await restart();
  const anaAgain = again(ana);
  const dilnozaAgain = again(dilnoza);
  await anaAgain.register();
  expect((await dilnozaAgain.register()).payload.calls).toMatchObject([{ callId, state: 'ringing' }]);
  await server.pass(34_500);
  expect(dilnozaAgain.events('call_ended')).toEqual([]);
  await server.pass(1_000);
  expect((await anaAgain.event('call_ended', callId)).payload.reason).toBe('no_answer');
  await dilnozaAgain.event('call_ended', callId);
});

test('RING5 a timeout that passed while no process ran is met at the start', async () => {
  const elio = await server.online('elio');
  const dilnoza = await server.online('dilnoza');
  const { callId } = await elio.dial(dilnoza);
  await restart(60_000);
  await server.pass(1_000);
  const { body } = await server.http(elio, 'GET', `/api/calls/${callId}`);
  expect(body).toMatchObject({ state: 'missed', entry: { outcome: 'no_answer' } });
});
