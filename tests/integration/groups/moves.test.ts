import { OwnCalls, type OwnCall, type ServerMessage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { codeOf, type TestDevice } from '../support/device.ts';
import { callOf, gather, seen } from '../support/groups.ts';
import { createRecordingSfu } from '../support/recordingSfu.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

type NoticeOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

const notices = <Type extends 'move_offered' | 'move_over' | 'own_calls_changed'>(
  device: TestDevice,
  type: Type,
) => device.heard.filter((message): message is NoticeOf<Type> => message.type === type);
const move = async (device: TestDevice, callId: string, token: string | null = null) =>
  device.request('move_call', { callId, payload: { fromDeviceId: null, token } });
const confirm = async (device: TestDevice, callId: string, { deviceId }: TestDevice) =>
  device.request('confirm_move', { callId, payload: { toDeviceId: deviceId } });
const offer = async (device: TestDevice, callId: string, to: TestDevice, isOwn: boolean) =>
  device.request('offer_move', {
    callId,
    payload: { userId: to.userId, deviceId: isOwn ? to.deviceId : null },
  });
/** What was offered to this device. */
const offered = async (device: TestDevice, count = 1): Promise<string> => {
  const notice = await until('the offer comes', () => notices(device, 'move_offered')[count - 1]);
  return notice.payload.token;
};
const drop = async (device: TestDevice, token: string) => device.request('drop_move', { payload: { token } });
const directCall = async (laptop: TestDevice, ben: TestDevice): Promise<string> => {
  const { callId } = await laptop.dial(ben);
  await ben.event('ring', callId);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await laptop.event('call_answered', callId);
  return callId;
};

describe('calls that move', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ ports: { sfu: createRecordingSfu() } });
  });
  afterEach(async () => {
    await server.reset();
    expect(server.errors).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  const ownCalls = async (device: TestDevice): Promise<readonly OwnCall[]> => {
    const { status, body } = await server.http(device, 'GET', '/api/own-calls');
    expect(status).toBe(200);
    return z.parse(OwnCalls, body).calls;
  };
  const pair = async () => {
    const [laptop, ben] = [await server.online('ana', 'laptop'), await server.online('ben')];
    const phone = await server.online('ana', 'phone');
    return { laptop, ben, phone };
  };

  test('CALL4 a call between two goes to another device, which is told of it, and back; each finds one call in the history', async () => {
    const { laptop, ben, phone } = await pair();
    const directId = await directCall(laptop, ben);
    await laptop.request('update_media', {
      callId: directId,
      payload: { muted: true, camera: false, screen: false, hand: false, held: false },
    });
    // When it was dialed, and when it was answered.
    await until('the phone is told', () => notices(phone, 'own_calls_changed').length === 2);
    expect(await ownCalls(phone)).toMatchObject([
      {
        callId: directId,
        peer: { userId: ben.userId },
        devices: [{ deviceId: laptop.deviceId, mediaState: { muted: true, camera: false } }],
      },
    ]);
    expect(await ownCalls(laptop)).toEqual([]);
    expect(await ownCalls(ben)).toEqual([]);

    const there = callOf(await move(phone, directId));
    expect(there).toMatchObject({ joined: true, mediaState: { muted: true, camera: false } });
    for (const device of [laptop, ben]) await device.event('call_grew', directId);
    const moving = await seen(ben, there.callId, ({ group }) => group?.moves !== undefined);
    expect(moving.group?.moves).toEqual([{ fromDeviceId: laptop.deviceId, toDeviceId: phone.deviceId }]);
    expect(laptop.events('call_ended', there.callId)).toEqual([]);
    await confirm(ben, there.callId, phone);
    await confirm(phone, there.callId, phone);
    const ended = await laptop.event('call_ended', there.callId);
    expect(ended.payload).toMatchObject({ reason: 'moved', by: 'phone' });
    const after = await seen(ben, there.callId, ({ group }) => group?.moves === undefined);
    expect(after.group?.participants.map(({ deviceId }) => deviceId).toSorted()).toEqual(
      [ben.deviceId, phone.deviceId].toSorted(),
    );
    expect(await ownCalls(laptop)).toMatchObject([{ callId: there.callId }]);

    await move(laptop, there.callId);
    await confirm(laptop, there.callId, laptop);
    await confirm(ben, there.callId, laptop);
    expect((await phone.event('call_ended', there.callId)).payload.reason).toBe('moved');
    await laptop.request('end_call', { callId: there.callId, payload: { reason: 'hangup' } });
    await ben.request('end_call', { callId: there.callId, payload: { reason: 'hangup' } });
    const history = await server.http(laptop, 'GET', '/api/calls');
    expect(history.body).toMatchObject({ entries: [{ outcome: 'answered', direction: 'outgoing' }] });
    expect(await ownCalls(phone)).toEqual([]);
  });

  test('CALL4 two devices at once: one is in it, the other one reads why', async () => {
    const { laptop, ben, phone } = await pair();
    const tablet = await server.online('ana', 'tablet');
    const callId = await directCall(laptop, ben);
    const answers = await Promise.all([move(phone, callId), move(tablet, callId)]);
    expect(answers.map(codeOf).toSorted()).toEqual(['ALREADY_MOVING', 'ok']);
    const winner = answers[0]?.type === 'ok' ? phone : tablet;
    // Asked again it is the same answer.
    expect(codeOf(await move(winner, callId))).toBe('ok');
  });

  test('CALL4 from nobody’s call but one’s own: others hear nothing of whether there is one', async () => {
    const { laptop, ben, phone } = await pair();
    const stranger = await server.online('chidi');
    const callId = await directCall(laptop, ben);
    expect(codeOf(await move(stranger, callId))).toBe('FORBIDDEN');
    expect(codeOf(await move(stranger, crypto.randomUUID()))).toBe('FORBIDDEN');
    expect(codeOf(await offer(stranger, callId, stranger, true))).toBe('BAD_MESSAGE');
    expect(codeOf(await offer(stranger, callId, phone, false))).toBe('FORBIDDEN');
    expect(codeOf(await offer(phone, callId, laptop, true))).toBe('FORBIDDEN');
    expect(codeOf(await move(laptop, callId))).toBe('WRONG_STATE');
    await laptop.request('end_call', { callId, payload: { reason: 'hangup' } });
    expect(codeOf(await move(phone, callId))).toBe('CALL_UNAVAILABLE');
  });

  test('CALL4 an offer holds once, for the device that was asked, in its call; a thief neither gets in nor uses it up', async () => {
    const { laptop, ben, phone } = await pair();
    const tablet = await server.online('ana', 'tablet');
    const { callId } = await gather(laptop, ben);
    expect(codeOf(await offer(laptop, callId, phone, true))).toBe('ok');
    const token = await offered(phone);
    expect(notices(tablet, 'move_offered')).toEqual([]);
    for (const thief of [ben, tablet, await server.online('chidi')])
      expect(codeOf(await move(thief, callId, token))).toBe('MOVE_GONE');
    expect(codeOf(await drop(tablet, token))).toBe('MOVE_GONE');
    expect(codeOf(await move(phone, crypto.randomUUID(), token))).toBe('MOVE_GONE');
    expect(codeOf(await move(phone, callId, token))).toBe('ok');
    await until('the laptop is told', () => notices(laptop, 'move_over').length > 0);
    expect(notices(laptop, 'move_over')[0]?.payload).toEqual({ token, outcome: 'accepted' });
    await confirm(phone, callId, phone);
    await confirm(ben, callId, phone);
    await laptop.event('call_ended', callId);
    // A replay after it has moved.
    expect(codeOf(await move(phone, callId, token))).toBe('MOVE_GONE');
  });

  test('CALL4 an offer can be declined and taken back, and lasts 30 s; the call goes on', async () => {
    const { laptop, ben, phone } = await pair();
    const { callId } = await gather(laptop, ben);
    await offer(laptop, callId, phone, true);
    const first = await offered(phone);
    expect(codeOf(await drop(phone, first))).toBe('ok');
    await until('the laptop is told', () => notices(laptop, 'move_over').length === 1);
    expect(notices(laptop, 'move_over')[0]?.payload.outcome).toBe('declined');
    await offer(laptop, callId, phone, true);
    const second = await offered(phone, 2);
    expect(codeOf(await drop(laptop, second))).toBe('ok');
    await until('the phone is told', () => notices(phone, 'move_over').length === 1);
    expect(codeOf(await move(phone, callId, second))).toBe('MOVE_GONE');
    await offer(laptop, callId, phone, true);
    const third = await offered(phone, 3);
    await server.pass(30_000);
    expect(codeOf(await move(phone, callId, third))).toBe('MOVE_GONE');
    expect(laptop.events('call_ended', callId)).toEqual([]);
  });

  test('CALL4 to a device that is gone, and to people who would not be rung, nothing is offered', async () => {
    const { laptop, ben, phone } = await pair();
    const { callId } = await gather(laptop, ben);
    phone.cut();
    expect(codeOf(await offer(laptop, callId, phone, true))).toBe('DEVICE_OFFLINE');
    const chidi = await server.online('chidi');
    await server.http(chidi, 'PUT', `/api/blocks/${laptop.userId}`);
    expect(codeOf(await offer(laptop, callId, chidi, false))).toBe('DEVICE_OFFLINE');
    expect(notices(chidi, 'move_offered')).toEqual([]);
    await server.http(chidi, 'DELETE', `/api/blocks/${laptop.userId}`);
    expect(codeOf(await offer(laptop, callId, ben, false))).toBe('WRONG_STATE');
    expect(codeOf(await offer(laptop, callId, laptop, false))).toBe('BAD_MESSAGE');
  });

  test('CALL4 somebody who is asked takes the place of a person in a call between two, on one of their devices', async () => {
    const { laptop, ben } = await pair();
    const [desk, mobile] = [await server.online('chidi', 'desk'), await server.online('chidi', 'mobile')];
    const callId = await directCall(laptop, ben);
    await offer(laptop, callId, desk, false);
    const token = await offered(desk);
    expect(await offered(mobile)).toBe(token);
    const answers = await Promise.all([move(desk, callId, token), move(mobile, callId, token)]);
    expect(answers.map(codeOf).toSorted()).toEqual(['MOVE_GONE', 'ok']);
    const winner = answers[0]?.type === 'ok' ? desk : mobile;
    const there = callOf(answers.find(({ type }) => type === 'ok') ?? { type: 'ok', id: '', payload: {} });
    expect(there.mediaState).toMatchObject({ muted: false, camera: true });
    await confirm(winner, there.callId, winner);
    await confirm(ben, there.callId, winner);
    const ended = await laptop.event('call_ended', there.callId);
    expect(ended.payload.reason).toBe('passed');
    expect(ended.payload.by).toMatch(/Chidi/);
    const after = await seen(ben, there.callId, ({ group }) => group?.moves === undefined);
    expect(after.group?.participants.map(({ userId }) => userId).toSorted()).toEqual(
      [ben.userId, winner.userId].toSorted(),
    );
  });

  test('CALL4 a move that nothing comes of leaves the call where it was', async () => {
    const { laptop, ben, phone } = await pair();
    const { callId } = await gather(laptop, ben);
    callOf(await move(phone, callId));
    await server.pass(20_000);
    expect((await phone.event('call_ended', callId)).payload.reason).toBe('move_failed');
    const still = await seen(ben, callId, ({ group }) => group?.moves === undefined);
    expect(still.group?.participants.map(({ deviceId }) => deviceId)).toContain(laptop.deviceId);
  });
});
