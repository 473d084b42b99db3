import {
  createLog,
  createSecret,
  openPostgres,
  openRedis,
  shareByRedis,
  systemClock,
  type Redis,
  type Sql,
} from '@visavis/server';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase } from '../../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { TestDevice } from '../support/device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Two nodes; the first one stores changes and dies, as far as anybody can tell, before it tells anyone. */
let redisServer: RunningRedis;
let silent: TestServer;
let steady: TestServer;
let release: () => void = () => {};
const opened: (Sql | Redis)[] = [];
beforeAll(async () => {
  redisServer = await startRedis();
  const url = createSecret(await createDatabase(inject('postgresUrl')));
  const log = createLog('silent');
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const open = async (name: string, holdsBack: boolean): Promise<TestServer> => {
    const sql = openPostgres({ url, log });
    const redis = await openRedis(createSecret(redisServer.url), log, () => {});
    opened.push(sql, redis);
    const shared = await shareByRedis(redis, name, { clock: systemClock, log });
    const { sessions } = shared;
    const push: typeof sessions.push = async (...given) => {
      await released;
      return sessions.push(...given);
    };
    const ports = { ...shared, sessions: holdsBack ? { ...sessions, push } : sessions, clock: systemClock };
    return startTestServer({ sql, ports });
  };
  silent = await open('silent', true);
  steady = await open('steady', false);
});
afterAll(async () => {
  release();
  await silent.stop();
  await steady.stop();
  for (const each of opened) await each.close();
  await redisServer.dispose();
});

test('what a node stored and did not tell is told by another one, once, also when the first comes back', async () => {
  const ana = await silent.online('ana');
  const signedIn = await silent.signIn('ben');
  const ben = new TestDevice(steady.app, signedIn.device, signedIn.cookie);
  await ben.register();
  const { callId } = await ana.dial(ben);
  const startedAt = performance.now();
  expect((await ben.event('ring', callId)).payload.call.callId).toBe(callId);
  expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ana.event('call_answered', callId);

  release();
  await silent.app.settle();
  await until('nothing is left undone', async () => (await steady.ports.calls.listUnsent(0)).length === 0);
  expect(ben.events('ring', callId).length).toBe(1);
  expect(ben.events('ring', callId)[0]?.seq).toBe(1);
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  await ben.event('call_ended', callId);
  expect(ben.heard.flatMap((message) => ('seq' in message ? [message.seq] : []))).toEqual(
    ben.heard.flatMap((message) => ('seq' in message ? [message.seq] : [])).map((_, n) => n + 1),
  );
});
