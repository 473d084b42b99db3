import type { ServerMessage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type TestDevice } from '../support/device.ts';
import { MEDIA_PAYLOADS } from '../support/groupPayloads.ts';
import { callOf, gather, seen, statusOf } from '../support/groups.ts';
import { createRecordingSfu, type RecordingSfu } from '../support/recordingSfu.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const REQUESTS = Object.entries(MEDIA_PAYLOADS);

const last = async <Type extends ServerMessage['type']>(
  device: TestDevice,
  type: Type,
  isSo: (message: Extract<ServerMessage, { type: Type }>) => boolean,
): Promise<Extract<ServerMessage, { type: Type }>> =>
  until(`${device.device.name} hears ${type}`, () =>
    device.heard
      .filter((message): message is Extract<ServerMessage, { type: Type }> => message.type === type)
      .find(isSo),
  );

describe('forwarded media', () => {
  let server: TestServer;
  let sfu: RecordingSfu;
  let ana: TestDevice;
  let ben: TestDevice;
  let chidi: TestDevice;
  let callId: string;
  beforeAll(async () => {
    sfu = createRecordingSfu();
    server = await startTestServer({ ports: { sfu } });
  });
  const gatherAll = async (): Promise<void> => {
    ana = await server.online('ana');
    ben = await server.online('ben');
    chidi = await server.online('chidi');
    ({ callId } = await gather(ana, ben));
    sfu.asked.length = 0;
  };
  afterEach(async () => {
    sfu.refuseAll(null);
    await server.reset();
    expect(server.errors).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  test('GRP4 a device of the call asks for everything, each for itself', async () => {
    await gatherAll();
    for (const [type, payload] of REQUESTS)
      expect(codeOf(await ana.request(type, { callId, payload })), type).toBe('ok');
    const words = ['open', 'connect', 'restart', 'publish', 'unpublish', 'pause', 'receive', 'prefer'];
    expect(sfu.asked.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(
      words.map((word) => `${word} ${callId} ${ana.deviceId}`),
    );
  });

  test('GRP4 CALL1 nothing of it reaches the SFU from whoever is not in the call', async () => {
    await gatherAll();
    await ana.request('add_people', { callId, payload: { userIds: [chidi.userId] } });
    await chidi.event('ring', callId);
    const stranger = await server.online('elio');
    for (const [type, payload] of REQUESTS) {
      expect(codeOf(await chidi.request(type, { callId, payload })), type).toBe('FORBIDDEN');
      expect(codeOf(await stranger.request(type, { callId, payload })), type).toBe('FORBIDDEN');
    }
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    sfu.asked.length = 0;
    for (const [type, payload] of REQUESTS)
      expect(codeOf(await ben.request(type, { callId, payload })), type).toBe('CALL_UNAVAILABLE');
    expect(sfu.asked).toEqual([]);
  });

  test('GRP3 what is asked right behind the way into a call is done once it is in', async () => {
    await gatherAll();
    const open = { callId, payload: MEDIA_PAYLOADS.open_media };
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    const joined = [
      ben.request('join_call', { callId, payload: { media: 'video' } }),
      ben.request('open_media', open),
      ben.request('list_tracks', { callId, payload: {} }),
    ];
    expect((await Promise.all(joined)).map((answer) => codeOf(answer))).toEqual(['ok', 'ok', 'ok']);

    await ana.request('add_people', { callId, payload: { userIds: [chidi.userId] } });
    await chidi.event('ring', callId);
    const answered = [
      chidi.request('answer_call', { callId, payload: { media: 'video' } }),
      chidi.request('open_media', open),
      chidi.request('refresh_keys', { callId, payload: { generation: 0, epoch: 0 } }),
    ];
    // There are no keys yet to be refreshed, which is said to who is in the call only.
    expect((await Promise.all(answered)).map((answer) => codeOf(answer))).toEqual(['ok', 'ok', 'KEYS_STALE']);

    // Whoever is not let in gets nothing of it.
    const stranger = await server.online('elio');
    const refused = [
      stranger.request('join_call', { callId, payload: { media: 'video' } }),
      stranger.request('open_media', open),
    ];
    expect((await Promise.all(refused)).map((answer) => codeOf(answer))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  test('GRP4 a direct call has no media here', async () => {
    await gatherAll();
    const direct = await chidi.dial(ana);
    for (const [type, payload] of REQUESTS)
      expect(codeOf(await chidi.request(type, { callId: direct.callId, payload })), type).toBe('FORBIDDEN');
  });

  test('GRP4 everybody in it learns what the others publish, and nobody what they publish themselves', async () => {
    await gatherAll();
    const track = sfu.publishFor(callId, ana.deviceId);
    await server.pass(500);
    const { payload } = await last(ben, 'media_tracks', (message) => message.callId === callId);
    expect(payload.tracks).toEqual([track]);
    const own = await last(ana, 'media_tracks', (message) => message.callId === callId);
    expect(own.payload.tracks).toEqual([]);
    expect(chidi.heard.some(({ type }) => type === 'media_tracks')).toBe(false);
    const listed = await ben.request('list_tracks', { callId });
    expect(listed).toMatchObject({ type: 'ok', payload: { tracks: [track] } });
  });

  test('CALL5 both devices of one person send, everybody else is told of both, and one may leave', async () => {
    await gatherAll();
    const phone = await server.online('ana', 'phone', 'phone');
    const joined = await phone.request('join_call', { callId, payload: { media: 'audio' } });
    expect(callOf(joined).group?.participants.map(({ deviceId }) => deviceId)).toEqual([
      ana.deviceId,
      ben.deviceId,
      phone.deviceId,
    ]);
    for (const device of [ana, phone]) {
      const publish = { callId, payload: MEDIA_PAYLOADS.publish_track };
      expect(codeOf(await device.request('publish_track', publish))).toBe('ok');
    }
    await server.pass(500);
    const told = await last(ben, 'media_tracks', ({ payload }) => payload.tracks.length === 2);
    expect(told.payload.tracks.map(({ deviceId }) => deviceId)).toEqual([ana.deviceId, phone.deviceId]);
    const call = await seen(ben, callId, ({ group }) => group?.participants.length === 3);
    expect(call.group?.people.map(({ user }) => user.userId)).toEqual([ana.userId, ben.userId]);
    sfu.asked.length = 0;
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
    await seen(ben, callId, ({ group }) => group?.participants.length === 2);
    expect(sfu.asked).toEqual([`leave ${callId} ${ana.deviceId}`]);
    expect(statusOf(await seen(ben, callId, () => true), ana)).toBe('joined');
    expect(codeOf(await phone.request('list_tracks', { callId }))).toBe('ok');
    await phone.request('end_call', { callId, payload: { reason: 'hangup' } });
    await seen(ben, callId, (each) => statusOf(each, ana) === 'left');
  });

  test('GRP4 GRP8 layers, demand and speaker go to whom they concern', async () => {
    await gatherAll();
    const trackId = 'track-one';
    sfu.say({ type: 'layers', callId, deviceId: ben.deviceId, trackId, spatialLayer: 2 });
    sfu.say({ type: 'demand', callId, deviceId: ana.deviceId, trackId, maxSpatialLayer: null });
    sfu.say({ type: 'layers', callId, deviceId: chidi.deviceId, trackId, spatialLayer: 2 });
    sfu.say({ type: 'speaker', callId, deviceId: ana.deviceId, at: server.clock.now() });
    await last(ben, 'media_layers', ({ payload }) => payload.spatialLayer === 2);
    await last(ana, 'media_demand', ({ payload }) => payload.maxSpatialLayer === null);
    for (const device of [ana, ben])
      await last(device, 'media_speaker', ({ payload }) => payload.deviceId === ana.deviceId);
    expect(ana.heard.some(({ type }) => type === 'media_layers')).toBe(false);
    expect(chidi.heard.some(({ type }) => type === 'media_layers' || type === 'media_speaker')).toBe(false);
  });

  test('GRP9 whoever leaves, and a call that is over, have no media any more', async () => {
    await gatherAll();
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    await seen(ana, callId, (call) => statusOf(call, ben) === 'left');
    expect(sfu.asked).toEqual([`leave ${callId} ${ben.deviceId}`]);
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
    expect(sfu.asked.at(-1)).toBe(`end ${callId}`);
  });

  test('GRP5 nothing is forwarded any more to whom the host removes', async () => {
    await gatherAll();
    const remove = { callId, payload: { userId: ben.userId } };
    expect(codeOf(await ana.request('remove_person', remove))).toBe('ok');
    await ben.event('call_ended', callId);
    expect(sfu.asked).toEqual([`leave ${callId} ${ben.deviceId}`]);
    expect(codeOf(await ben.request('open_media', { callId, payload: MEDIA_PAYLOADS.open_media }))).toBe(
      'CALL_UNAVAILABLE',
    );
  });

  test('GRP9 tells when the media server is lost, and what it refuses, by code', async () => {
    await gatherAll();
    sfu.say({ type: 'call_lost', callId, generation: 1 });
    for (const device of [ana, ben]) await last(device, 'media_lost', (message) => message.callId === callId);
    const publish = { callId, payload: MEDIA_PAYLOADS.publish_track };
    for (const [code, told] of [
      ['BAD_MEDIA', 'BAD_MEDIA'],
      ['TOO_MANY_TRACKS', 'TOO_MANY_TRACKS'],
      ['NO_SUCH_TRANSPORT', 'NO_SUCH_TRACK'],
      ['MEDIA_UNAVAILABLE', 'MEDIA_UNAVAILABLE'],
    ] as const) {
      sfu.refuseAll(code);
      expect(codeOf(await ana.request('publish_track', publish))).toBe(told);
    }
    sfu.refuseAll(null);
  });

  test('GRP9 everybody who is connected hears when group calls can be had', async () => {
    await gatherAll();
    sfu.say({ type: 'state_changed' });
    await last(chidi, 'group_calls', ({ payload }) => payload.state === 'ready');
    const service = await server.http(null, 'GET', '/api/service');
    expect(service.body).toMatchObject({ groupCalls: { state: 'ready' } });
  });
});
