import { randomUUID } from 'node:crypto';
import { TIMES } from '@visavis/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SocketDevice } from '../../harness/socketDevice.ts';
import { until } from '../../harness/until.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { candidate, offer } from '../support/signals.ts';

let cluster: Cluster;
let one: string;
let other: string;
beforeAll(async () => {
  cluster = await startCluster(2, { ringMs: 45_000 });
  [one = '', other = ''] = cluster.urls();
});
afterAll(async () => {
  await cluster.dispose();
});

test('RING2, RING4 devices of one user on two nodes ring together; one answers, the other stops', async () => {
  const ana = await SocketDevice.online(one, 'ana');
  const ben = await SocketDevice.online(other, 'ben');
  const benToo = await SocketDevice.online(one, 'ben');
  await until('ana sees that ben is there', () => ana.presence.get(ben.userId) === 'online');
  const callId = await ana.dial(ben);
  await ana.request('offer', { callId, payload: offer });
  await ben.event('ring', callId);
  await benToo.event('ring', callId);
  const answer = await ben.request('answer_call', { callId, payload: { media: 'video' } });
  expect(answer).toMatchObject({ type: 'ok', payload: { signals: [{ type: 'offer' }] } });
  await ana.event('call_answered', callId);
  expect((await benToo.event('call_ended', callId)).payload.reason).toBe('answered_elsewhere');
  expect(await benToo.request('answer_call', { callId, payload: { media: 'video' } })).toMatchObject({
    type: 'error',
    payload: { code: 'CALL_UNAVAILABLE' },
  });

  await ben.request('answer', { callId, payload: offer });
  await ana.event('answer', callId);
  for (let n = 1; n <= 20; n += 1) await ana.request('ice_candidate', { callId, payload: candidate(n) });
  await until('all candidates are there', () => ben.events('ice_candidate', callId).length === 20);
  expect(ben.events('ice_candidate', callId).map(({ payload }) => payload)).toEqual(
    Array.from({ length: 20 }, (_, n) => candidate(n + 1)),
  );

  await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
  expect((await ana.event('call_ended', callId)).payload.reason).toBe('hangup');
  expect(await ana.request('offer', { callId, payload: offer })).toMatchObject({
    type: 'error',
    payload: { code: 'CALL_UNAVAILABLE' },
  });
  expect(ben.events('offer', callId)).toEqual([]);
  for (const device of [ana, ben]) {
    expect(await device.http('GET', '/api/calls')).toMatchObject({
      body: { entries: [{ callId, outcome: 'answered' }] },
    });
    expect(device.faults).toEqual([]);
  }
  await until('ana sees that ben is free again', () => ana.presence.get(ben.userId) === 'online');
  for (const device of [ana, ben, benToo]) device.close();
});

test('IDN4 devices of one user on two nodes approve each other: steps arrive at the one that is named, in order', async () => {
  const laptop = await SocketDevice.online(one, 'jun');
  const phone = await SocketDevice.online(other, 'jun');
  const tablet = await SocketDevice.online(other, 'jun');
  const attempt = randomUUID();
  const say = async (from: SocketDevice, to: SocketDevice, bytes: string) =>
    from.request('send_approval', {
      payload: { toDeviceId: to.account.deviceId, attempt, step: { kind: 'message', bytes } },
    });
  for (const bytes of ['AAAA', 'BBBB', 'CCCC'])
    expect(await say(phone, laptop, bytes)).toMatchObject({ type: 'ok' });
  await until('the laptop hears all', () => laptop.approvals.length === 3);
  expect(laptop.approvals.map(({ payload }) => payload)).toEqual(
    ['AAAA', 'BBBB', 'CCCC'].map((bytes) => ({
      fromDeviceId: phone.account.deviceId,
      attempt,
      step: { kind: 'message', bytes },
    })),
  );
  expect(await say(laptop, phone, 'DDDD')).toMatchObject({ type: 'ok' });
  await until('the phone hears the answer', () => phone.approvals.length === 1);
  expect(tablet.approvals).toEqual([]);
  for (const device of [laptop, phone, tablet]) device.close();
});

test('RING7 two on different nodes who dial each other at once are in one call', async () => {
  const chidi = await SocketDevice.online(one, 'chidi');
  const dilnoza = await SocketDevice.online(other, 'dilnoza');
  for (let round = 0; round < 5; round += 1) {
    const [hers, his] = await Promise.all([chidi.dial(dilnoza), dilnoza.dial(chidi)]);
    expect(his).toBe(hers);
    expect((await chidi.request('end_call', { callId: hers, payload: { reason: 'hangup' } })).type).toBe(
      'ok',
    );
    await dilnoza.event('call_ended', hers);
  }
  for (const device of [chidi, dilnoza]) {
    expect(device.faults).toEqual([]);
    device.close();
  }
});

test('SES2 a session goes on at another node: what was missed comes once each and in order', async () => {
  const elio = await SocketDevice.online(one, 'elio');
  const farah = await SocketDevice.online(other, 'farah');
  const callId = await elio.dial(farah);
  await farah.request('answer_call', { callId, payload: { media: 'video' } });
  farah.cut();
  for (let n = 1; n <= 30; n += 1) await elio.request('ice_candidate', { callId, payload: candidate(n) });
  const { payload } = await farah.register(one);
  expect(payload).toMatchObject({ resumed: true, calls: [{ callId, state: 'connected', joined: true }] });
  for (let n = 31; n <= 40; n += 1) await elio.request('ice_candidate', { callId, payload: candidate(n) });
  await until('all are there', () => farah.events('ice_candidate', callId).length === 40);
  expect(farah.events('ice_candidate', callId).map(({ payload: each }) => each)).toEqual(
    Array.from({ length: 40 }, (_, n) => candidate(n + 1)),
  );
  expect(farah.faults).toEqual([]);

  // The node that had it before writes down no loss (CALL2): its time for that is over when a deadline would have passed.
  const givenUpAt = performance.now() + TIMES.busyDeadMs + 1_500;
  await until('a lost device would be gone', () => performance.now() > givenUpAt);
  expect(farah.events('call_ended', callId)).toEqual([]);
  expect(await elio.request('end_call', { callId, payload: { reason: 'hangup' } })).toMatchObject({
    type: 'ok',
  });
  expect((await farah.event('call_ended', callId)).payload.reason).toBe('hangup');
  for (const device of [elio, farah]) device.close();
});

test('a node that starts disturbs no call, and relations changed on one hold on the others', async () => {
  const ana = await SocketDevice.online(one, 'ana');
  const ben = await SocketDevice.online(other, 'ben');
  const callId = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'audio' } });
  await ana.event('call_answered', callId);
  const third = await cluster.addNode();
  const dilnoza = await SocketDevice.online(third.url, 'dilnoza');
  await until('it sees the call', async () => {
    const { body } = await dilnoza.http('GET', '/api/contacts');
    return /"busy"/.test(JSON.stringify(body));
  });
  expect(ana.events('call_ended', callId)).toEqual([]);
  expect((await ana.request('end_call', { callId, payload: { reason: 'hangup' } })).type).toBe('ok');
  await ben.event('call_ended', callId);
  for (const device of [ana, ben, dilnoza]) device.close();
});
