import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TestDevice } from '../support/device.ts';
import { startNodePair, type NodePair } from '../support/pair.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Two nodes; the first one stores changes and dies, as far as anybody can tell, before it tells anyone. */
let pair: NodePair;
let silent: TestServer;
let steady: TestServer;
let release: () => void = () => {};
beforeAll(async () => {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  pair = await startNodePair(inject('postgresUrl'), ({ sessions }) => ({
    sessions: {
      ...sessions,
      push: async (...given) => {
        await released;
        return sessions.push(...given);
      },
    },
  }));
  silent = pair.one;
  steady = pair.other;
});
afterAll(async () => {
  release();
  await pair.dispose();
});

/** Signed in at the node that does not tell, and connected to the other one. */
async function atSteady(handle: string): Promise<TestDevice> {
  const { device, cookie } = await silent.signIn(handle);
  const moved = new TestDevice(steady.app, device, cookie);
  await moved.register();
  return moved;
}

test('SES2 what another node stored and did not tell comes before what this node stores next', async () => {
  const chidi = await atSteady('chidi');
  const dilnoza = await silent.online('dilnoza');
  const { callId } = await chidi.dial(dilnoza);
  await dilnoza.event('ring', callId);
  await dilnoza.request('answer_call', { callId, payload: { media: 'video' } });
  const startedAt = performance.now();
  await chidi.request('end_call', { callId, payload: { reason: 'hangup' } });
  await chidi.event('call_ended', callId);
  const heard = chidi.heard.flatMap((message) => ('seq' in message ? [message.type] : []));
  expect(heard.filter((type) => type !== 'call_progress')).toEqual(['call_answered', 'call_ended']);
  // At once, not when somebody looks for what dead nodes have left behind.
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('what a node stored and did not tell is told by another one, once, also when the first comes back', async () => {
  const ana = await silent.online('ana');
  const ben = await atSteady('ben');
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
