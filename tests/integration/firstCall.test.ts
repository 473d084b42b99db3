import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './support/server.ts';
import { offer, candidate } from './support/signals.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

test('a call from dial to history: ring, answer, signals both ways, end', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const call = await ana.dial(ben);
  expect(call).toMatchObject({ state: 'ringing', direction: 'outgoing', joined: true });
  const { callId } = call;
  expect(await ana.request('offer', { callId, payload: offer })).toMatchObject({ type: 'ok' });
  expect(await ana.request('ice_candidate', { callId, payload: candidate(1) })).toMatchObject({ type: 'ok' });

  const ring = await ben.event('ring', callId);
  expect(ring.payload.call).toMatchObject({ direction: 'incoming', joined: false, peer: { handle: 'ana' } });
  await ben.request('report_ringing', { callId, payload: { silent: false } });
  expect((await ana.event('call_progress', callId)).payload.progress).toMatchObject([{ reach: 'ringing' }]);

  const answer = await ben.request('answer_call', { callId, payload: { media: 'video' } });
  expect(answer).toMatchObject({
    type: 'ok',
    payload: {
      call: { state: 'connected', joined: true },
      signals: [{ type: 'offer' }, { type: 'ice_candidate' }],
    },
  });
  await ana.event('call_answered', callId);
  await ben.request('answer', { callId, payload: offer });
  await ben.request('ice_candidate', { callId, payload: candidate(2) });
  expect((await ana.event('answer', callId)).payload).toEqual(offer);
  expect((await ana.event('ice_candidate', callId)).payload).toEqual(candidate(2));

  server.clock.advance(12_000);
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  expect((await ben.event('call_ended', callId)).payload).toMatchObject({ reason: 'hangup', by: null });
  const { body } = await server.http(ben, 'GET', '/api/calls');
  expect(body).toMatchObject({
    entries: [{ callId, direction: 'incoming', outcome: 'answered', durationMs: 12_000, seen: true }],
    missedUnseen: 0,
  });
});
