import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { codeOf, type TestDevice } from '../support/device.ts';
import { MEDIA_PAYLOADS } from '../support/groupPayloads.ts';
import { answerGroup, callOf, seen, startGroup, statusOf } from '../support/groups.ts';
import { startNodePair, type NodePair } from '../support/pair.ts';
import { createRecordingSfu, type RecordingSfu } from '../support/recordingSfu.ts';
import { until } from '../support/until.ts';

let pair: NodePair;
let here: RecordingSfu;
let there: RecordingSfu;
beforeAll(async () => {
  here = createRecordingSfu();
  there = createRecordingSfu();
  pair = await startNodePair(inject('postgresUrl'), () => ({ sfu: here }), { sfu: there });
});
afterAll(async () => {
  await pair.dispose();
});

const hangUp = { payload: { reason: 'hangup' } };

test('GRP1 GRP2 GRP7 a call rings, is answered and is talked in over two nodes', async () => {
  const ana = await pair.one.online('ana');
  const ben = await pair.other.online('ben');
  const chidi = await pair.other.online('chidi');
  const { callId } = await startGroup(ana, [ben, chidi]);
  await answerGroup(ben, callId);
  await chidi.event('ring', callId);
  await seen(ana, callId, (call) => statusOf(call, ben) === 'joined');
  expect(codeOf(await ben.request('send_data', { callId, id: 'once', payload: { sealed: 'AAAA' } }))).toBe(
    'ok',
  );
  expect((await ana.event('call_data', callId)).payload).toMatchObject({
    deviceId: ben.deviceId,
    sealed: 'AAAA',
  });
  // SES5: what was declined is declined, also when it is said once more.
  await chidi.request('decline_call', { callId, id: 'declining' });
  await seen(ana, callId, (call) => statusOf(call, chidi) === 'declined');
  await Promise.all([ana, ben].map(async (each) => each.request('end_call', { callId, ...hangUp })));
  await ben.event('call_ended', callId);
  expect(ben.events('call_ended', callId)).toHaveLength(1);
});

test('GRP2 answers and leavings at both nodes at once leave one call with all of them', async () => {
  const ana = await pair.one.online('ana');
  const others: TestDevice[] = [];
  for (const [n, handle] of ['ben', 'chidi', 'dilnoza', 'elio', 'farah', 'greta'].entries())
    others.push(await (n % 2 === 0 ? pair.one : pair.other).online(handle));
  const { callId } = await startGroup(ana, others);
  await Promise.all(others.map(async (each) => answerGroup(each, callId)));
  await seen(ana, callId, (call) => others.every((each) => statusOf(call, each) === 'joined'));
  await Promise.all(others.map(async (each) => each.request('end_call', { callId, ...hangUp })));
  await seen(ana, callId, (call) => others.every((each) => statusOf(call, each) === 'left'));
  await ana.request('end_call', { callId, ...hangUp });
  expect(await pair.one.ports.groups.load(callId)).toMatchObject({ call: { state: 'ended' } });
});

test('CALL3 a call between two nodes grows', async () => {
  const ana = await pair.one.online('ana');
  const ben = await pair.other.online('ben');
  const chidi = await pair.one.online('chidi');
  const { callId } = await ana.dial(ben);
  await ben.event('ring', callId);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const add = { callId, payload: { userIds: [chidi.userId] } };
  const answers = await Promise.all([ana, ben].map(async (each) => each.request('add_people', add)));
  const [one, other] = answers.map((answer) => callOf(answer).callId);
  expect(other).toBe(one);
  for (const device of [ana, ben]) {
    expect((await device.event('call_grew', callId)).payload.call.callId).toBe(one);
    expect(device.events('call_grew', callId)).toHaveLength(1);
  }
  await chidi.event('ring', one);
});

test('GRP4 the media of a call are at one node, whichever node is asked', async () => {
  const ana = await pair.one.online('ana');
  const ben = await pair.other.online('ben');
  const { callId } = await startGroup(ana, [ben]);
  await answerGroup(ben, callId);
  here.asked.length = 0;
  there.asked.length = 0;
  const open = { callId, payload: MEDIA_PAYLOADS.open_media };
  expect(codeOf(await ana.request('open_media', open))).toBe('ok');
  expect(await ben.request('open_media', open)).toMatchObject({ payload: { media: { tracks: [] } } });
  const publish = { callId, payload: MEDIA_PAYLOADS.publish_track };
  expect(codeOf(await ben.request('publish_track', publish))).toBe('ok');
  const tracks = await until('ana hears of the track', () =>
    ana.heard.find((message) => message.type === 'media_tracks' && message.payload.tracks.length > 0),
  );
  expect(tracks).toMatchObject({ payload: { tracks: [{ deviceId: ben.deviceId }] } });
  here.refuseAll('BAD_MEDIA');
  expect(codeOf(await ben.request('publish_track', publish))).toBe('BAD_MEDIA');
  here.refuseAll(null);
  expect(there.asked).toEqual([]);
  await ben.request('end_call', { callId, ...hangUp });
  await until('the media of whoever left are closed', () =>
    here.asked.includes(`leave ${callId} ${ben.deviceId}`),
  );
  await ana.request('end_call', { callId, ...hangUp });
});

test('MED3 whoever opens media where the call is no more is refused, and nothing stays open', async () => {
  const ana = await pair.one.online('ana');
  const ben = await pair.other.online('ben');
  const { callId } = await startGroup(ana, [ben]);
  await answerGroup(ben, callId);
  const open = { callId, payload: MEDIA_PAYLOADS.open_media };
  expect(codeOf(await ana.request('open_media', open))).toBe('ok');
  const { groups } = pair.one.ports;
  const opened = await here.open(callId, 'nobody', {
    rtpCapabilities: MEDIA_PAYLOADS.open_media.rtpCapabilities,
  });
  vi.spyOn(here, 'open').mockImplementationOnce(async () => {
    await groups.claimMedia(callId, await groups.findMediaNode(callId), 'another node');
    return opened;
  });
  expect(codeOf(await ben.request('open_media', open))).toBe('MEDIA_UNAVAILABLE');
  expect(here.asked).toContain(`leave ${callId} ${ben.deviceId}`);
  await Promise.all([ana, ben].map(async (each) => each.request('end_call', { callId, ...hangUp })));
});

test('GRP9 when the node with the media is gone another takes them, and everybody opens anew', async () => {
  const ben = await pair.other.online('ben');
  const chidi = await pair.other.online('chidi');
  const { callId } = await startGroup(ben, [chidi]);
  await answerGroup(chidi, callId);
  await pair.other.ports.groups.claimMedia(callId, null, 'a node that died');
  const open = { callId, payload: MEDIA_PAYLOADS.open_media };
  expect(codeOf(await ben.request('open_media', open))).toBe('MEDIA_UNAVAILABLE');
  for (const device of [ben, chidi])
    await until('media are lost', () => device.heard.find(({ type }) => type === 'media_lost'));
  expect(codeOf(await ben.request('open_media', open))).toBe('ok');
  expect(there.asked.some((line) => line === `open ${callId} ${ben.deviceId}`)).toBe(true);
});
