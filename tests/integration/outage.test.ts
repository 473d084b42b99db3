import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, startPostgres, type RunningPostgres } from '../harness/postgres.ts';
import { startServer, type RunningServer } from '../harness/server.ts';
import { SocketDevice } from '../harness/socketDevice.ts';
import { until } from '../harness/until.ts';
import { offer } from './support/signals.ts';

let postgres: RunningPostgres;
let server: RunningServer;
beforeAll(async () => {
  postgres = await startPostgres();
  const env = { VISAVIS_DATABASE_URL: await createDatabase(postgres.url) };
  await postgres.stop();
  server = await startServer({ env, waitUntilReady: false });
});
afterAll(async () => {
  await server.dispose();
  await postgres.dispose();
});

const readiness = async (): Promise<number> => (await fetch(`${server.url}/readyz`)).status;

test('a database that is away at the start is waited for, and the operator is told', async () => {
  await until('it says so twice', () => (server.output().match(/cannot be reached/g) ?? []).length >= 2);
  expect(server.output()).toContain('ECONNREFUSED');
  await postgres.start();
  await until('it is ready', async () => (await readiness()) === 200);
});

test('while the database is away calls go on, new ones are refused clearly, and nothing is lost or counted twice', async () => {
  const [ana, ben, chidi, dilnoza] = await Promise.all(
    (['ana', 'ben', 'chidi', 'dilnoza'] as const).map(async (handle) =>
      SocketDevice.online(server.url, handle),
    ),
  );
  if (!ana || !ben || !chidi || !dilnoza) throw new Error('nobody there');
  const callId = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ana.event('call_answered', callId);
  const lostId = await chidi.dial(dilnoza);
  await dilnoza.request('answer_call', { callId: lostId, payload: { media: 'video' } });

  await postgres.stop('immediate');
  expect(await readiness()).toBe(503);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  // NEG1: what passes between the two of a running call needs no database.
  expect(await ana.request('offer', { callId, payload: offer })).toMatchObject({ type: 'ok' });
  await ben.event('offer', callId);
  const key = crypto.randomUUID();
  const payload = { calleeId: chidi.userId, callType: 'video', idempotencyKey: key };
  const refused = await ana.request('initiate_call', { payload });
  expect(refused).toMatchObject({
    type: 'error',
    payload: { code: 'TRY_LATER', retryAfterMs: 3_000 },
  });
  expect(await ben.request('end_call', { callId, payload: { reason: 'hangup' } })).toMatchObject({
    type: 'error',
    payload: { code: 'TRY_LATER' },
  });
  expect(await ana.http('GET', '/api/calls')).toMatchObject({ status: 503, body: { code: 'TRY_LATER' } });
  chidi.cut();

  await postgres.start();
  await until('it is ready again by itself', async () => (await readiness()) === 200);
  // The loss that could not be stored while it happened is stored now (CALL2).
  expect((await dilnoza.event('call_ended', lostId)).payload.reason).toBe('connection_lost');
  expect(await ben.request('end_call', { callId, payload: { reason: 'hangup' } })).toMatchObject({
    type: 'ok',
  });
  expect((await ana.event('call_ended', callId)).payload.reason).toBe('hangup');
  const again = await ana.dial(chidi, key);
  await ana.request('cancel_call', { callId: again });
  expect(await ana.http('GET', '/api/calls')).toMatchObject({
    status: 200,
    body: {
      entries: [
        { callId: again, outcome: 'cancelled' },
        { callId, outcome: 'answered' },
      ],
    },
  });
  expect([ana, ben, dilnoza].flatMap(({ faults }) => faults)).toEqual([]);
  expect(ana.closedWith).toBeNull();
  for (const device of [ana, ben, dilnoza]) device.close();
});
