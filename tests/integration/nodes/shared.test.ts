import { LIMITS, PROTOCOL_VERSION, RATES, USER_RATES } from '@visavis/protocol';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { codeOf, TestDevice } from '../support/device.ts';
import { startNodePair, type NodePair } from '../support/pair.ts';
import { candidate, offer } from '../support/signals.ts';
import { until } from '../support/until.ts';

let pair: NodePair;
beforeAll(async () => {
  pair = await startNodePair(inject('postgresUrl'));
});
afterAll(async () => {
  await pair.dispose();
});

/** The device goes on with its session at the other node, as when its own has died. */
async function move(device: TestDevice): Promise<TestDevice> {
  const moved = new TestDevice(pair.other.app, device.device, device.cookie);
  const seqs = device.heard.flatMap((message) => ('seq' in message ? [message.seq] : [0]));
  const registered = await moved.register({
    sessionId: device.sessionId ?? '',
    lastSeq: Math.max(0, ...seqs),
  });
  expect(registered.payload.resumed).toBe(true);
  return moved;
}

test('SES5 a repeat at another node gets the first answer, and is not done twice', async () => {
  const ana = await pair.one.online('ana');
  const ben = await pair.one.online('ben');
  const { callId } = await ana.dial(ben);
  await ana.request('offer', { callId, payload: offer });
  const answering = { callId, id: 'answering', payload: { media: 'video' } };
  const answered = await ben.request('answer_call', answering);
  expect(answered).toMatchObject({ type: 'ok', payload: { signals: [{ type: 'offer' }] } });

  const moved = await move(ben);
  expect(await moved.request('answer_call', answering)).toEqual(answered);
  const ending = { callId, id: 'ending', payload: { reason: 'hangup' } };
  expect(codeOf(await ana.request('end_call', ending))).toBe('ok');
  const movedToo = await move(ana);
  expect(codeOf(await movedToo.request('end_call', ending))).toBe('ok');
  // Another request is not a repeat.
  expect(codeOf(await movedToo.request('end_call', { ...ending, id: 'other' }))).toBe('CALL_UNAVAILABLE');
  await moved.event('call_ended', callId);
  expect(moved.events('call_ended', callId).length).toBe(1);
});

test('SES5 a signal that is repeated at another node arrives once', async () => {
  const ana = await pair.one.online('chidi');
  const ben = await pair.one.online('farah');
  const { callId } = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const signal = { callId, id: 'signal', payload: candidate(1) };
  expect(codeOf(await ana.request('ice_candidate', signal))).toBe('ok');
  const moved = await move(ana);
  expect(codeOf(await moved.request('ice_candidate', signal))).toBe('ok');
  expect(codeOf(await moved.request('ice_candidate', { callId, payload: candidate(2) }))).toBe('ok');
  const heard = () => ben.events('ice_candidate', callId).map(({ payload }) => payload);
  // They come in their order: what was repeated would be there before the last.
  await until('the last has come', () => heard().some((each) => each.candidate === candidate(2).candidate));
  expect(heard()).toEqual([candidate(1), candidate(2)]);
});

const dialNobody = async (device: TestDevice) =>
  device.request('initiate_call', {
    payload: { calleeId: crypto.randomUUID(), callType: 'video', idempotencyKey: crypto.randomUUID() },
  });

test('ERR2 call starts of one user are counted over all devices and nodes', async () => {
  // Each device stays below what it may alone.
  const each = RATES.initiate_call.burst - 1;
  for (let started = 0; started < USER_RATES.initiate_call.burst; started += each) {
    const node = started % 2 === 0 ? pair.one : pair.other;
    const device = await node.online('elio', `Device ${String(started)}`);
    for (let n = started; n < Math.min(started + each, USER_RATES.initiate_call.burst); n += 1)
      expect(codeOf(await dialNobody(device))).toBe('NOT_FOUND');
  }
  for (const node of [pair.one, pair.other])
    expect(codeOf(await dialNobody(await node.online('elio')))).toBe('RATE_LIMITED');
  expect(codeOf(await dialNobody(await pair.one.online('ben')))).toBe('NOT_FOUND');
});

test('SES1 the sockets of one user are counted over all nodes', async () => {
  const nodes = [pair.one, pair.other] as const;
  for (let n = 0; n < LIMITS.socketsPerUser; n += 1) await nodes[n % 2 === 0 ? 0 : 1].online('dilnoza');
  for (const node of nodes) {
    const late = await node.signIn('dilnoza');
    late.open();
    const payload = { protocol: PROTOCOL_VERSION, deviceId: late.deviceId, resume: null };
    expect(codeOf(await late.request('register', { payload }))).toBe('TOO_MANY_SESSIONS');
  }
});
