import { Recovery, RecoveryState, UserKeys, type ServerMessage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { callOf, gather } from './support/groups.ts';
import { comeAsGuest, enter, makeLink } from './support/guests.ts';
import type { TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const random = (length: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64');
const attempt = crypto.randomUUID();
const ask = { kind: 'ask', bytes: random(36) };
const heardBy = (device: TestDevice) =>
  device.heard.filter(
    (message): message is Extract<ServerMessage, { type: 'approval' }> => message.type === 'approval',
  );
const refusedAs = (code: string) => ({ type: 'error', payload: { code } });

describe('devices of one user', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.reset();
    await server.sql.script('delete from identity_keys; delete from recoveries');
    expect(server.errors).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  const say = async (from: TestDevice, toDeviceId: string, step: object = ask) =>
    from.request('send_approval', { payload: { toDeviceId, attempt, step } });
  const newIdentity = async (device: TestDevice, replaces: string | null = null): Promise<string> => {
    const identityKey = random(32);
    const set = await server.http(device, 'PUT', '/api/me/identity-key', { identityKey, replaces });
    expect(set.status).toBe(204);
    return identityKey;
  };
  const keep = async (device: TestDevice, identityKey: string, wrapped = random(93)) =>
    server.http(device, 'PUT', '/api/me/recovery', { identityKey, wrapped });
  const look = async (device: TestDevice) =>
    z.parse(RecoveryState, (await server.http(device, 'GET', '/api/me/recovery')).body);
  const openRecovery = async (device: TestDevice) => server.http(device, 'POST', '/api/me/recovery/open');

  test('IDN4 a step is handed to the device that is named, and to no other', async () => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    const tablet = await server.online('ana', 'tablet');
    expect(await say(phone, laptop.deviceId)).toMatchObject({ type: 'ok' });
    await until('the laptop hears it', () => heardBy(laptop).length === 1);
    expect(heardBy(laptop)[0]?.payload).toEqual({ fromDeviceId: phone.deviceId, attempt, step: ask });
    expect(heardBy(tablet)).toEqual([]);
    expect(heardBy(phone)).toEqual([]);
  });

  test('IDN4 to somebody else, to oneself, to a device that is gone and to nobody it is refused alike', async () => {
    const [laptop, ben] = [await server.online('ana', 'laptop'), await server.online('ben')];
    const gone = await server.online('ana', 'phone');
    gone.cut();
    const absent = await server.signIn('ana', 'tablet');
    for (const { deviceId } of [ben, laptop, gone, absent, { deviceId: crypto.randomUUID() }])
      expect(await say(laptop, deviceId)).toMatchObject(refusedAs('DEVICE_OFFLINE'));
    expect(heardBy(ben)).toEqual([]);
    expect(heardBy(laptop)).toEqual([]);
  });

  test.each([
    ['longer than a step', { kind: 'message', bytes: 'A'.repeat(513) }],
    ['no base64', { kind: 'message', bytes: '****' }],
    ['an end without a reason', { kind: 'end' }],
    ['of another kind', { kind: 'grant', bytes: 'AAAA' }],
    ['more than a step', { ...ask, name: 'Somebody' }],
  ])('IDN4 what is %s is refused', async (_what, step) => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    expect(await say(phone, laptop.deviceId, step)).toMatchObject(refusedAs('BAD_MESSAGE'));
    expect(heardBy(laptop)).toEqual([]);
  });

  test('IDN4 a device that says too much has to wait', async () => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    const answers = await Promise.all(Array.from({ length: 45 }, async () => say(phone, laptop.deviceId)));
    expect(answers.filter(({ type }) => type === 'ok')).toHaveLength(40);
    expect(answers.at(-1)).toMatchObject(refusedAs('RATE_LIMITED'));
    await server.pass(30_000);
    expect(await say(phone, laptop.deviceId)).toMatchObject({ type: 'ok' });
  });

  test('IDN4, IDN5 guests confirm nobody and have no recovery code', async () => {
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    const { callId } = await gather(ana, ben);
    const { token } = await makeLink(server, ana, callId);
    const guest = await comeAsGuest(server, token);
    callOf(await guest.request('join_by_link', enter(token)));
    expect(await say(guest, ana.deviceId)).toMatchObject(refusedAs('FORBIDDEN'));
    expect((await keep(guest, random(32))).status).toBe(403);
    expect((await openRecovery(guest)).status).toBe(403);
  });

  test('IDN5 what a recovery code wraps is kept, replaced, and given to other devices of its user', async () => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    const ben = await server.online('ben');
    expect(await look(laptop)).toEqual({ madeAt: null });
    expect((await openRecovery(laptop)).status).toBe(404);
    expect((await keep(laptop, random(32))).status).toBe(409);
    const identityKey = await newIdentity(laptop);
    const [first, second] = [random(93), random(93)];
    expect((await keep(laptop, identityKey, first)).status).toBe(204);
    expect(await look(phone)).toEqual({ madeAt: server.clock.now() });
    expect((await keep(laptop, identityKey, second)).status).toBe(204);
    expect(z.parse(Recovery, (await openRecovery(phone)).body)).toEqual({ wrapped: second });
    expect((await openRecovery(ben)).status).toBe(404);
  });

  test('IDN5 that of an identity that was replaced is gone', async () => {
    const ana = await server.online('ana');
    const before = await newIdentity(ana);
    await keep(ana, before);
    await newIdentity(ana, before);
    expect(await look(ana)).toEqual({ madeAt: null });
    expect((await openRecovery(ana)).status).toBe(404);
    expect((await keep(ana, before)).status).toBe(409);
  });

  test.each([
    ['too short', random(92)],
    ['too long', random(96)],
    ['no base64', '*'.repeat(124)],
  ])('IDN5 what is %s is refused', async (_what, wrapped) => {
    const ana = await server.online('ana');
    expect((await keep(ana, await newIdentity(ana), wrapped)).status).toBe(400);
  });

  test('IDN6 a device that another one removes has no session, no key and no certificate any more', async () => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    const ben = await server.online('ben');
    await server.http(ben, 'PUT', `/api/contacts/${laptop.userId}`, {});
    const identityKey = await newIdentity(laptop);
    const certificate = { identityKey, bytes: random(73) };
    await server.http(phone, 'PUT', '/api/me/device-key', { deviceKey: random(32), certificate });
    const listed = async () =>
      z.parse(UserKeys, (await server.http(ben, 'GET', `/api/users/${laptop.userId}/keys`)).body).devices;
    expect((await listed()).map(({ deviceId }) => deviceId)).toEqual([phone.deviceId]);
    expect((await server.http(laptop, 'DELETE', `/api/devices/${phone.deviceId}`)).status).toBe(204);
    await until('its session is ended', () => phone.closedWith === 4003);
    expect(await listed()).toEqual([]);
    expect(await say(laptop, phone.deviceId)).toMatchObject(refusedAs('DEVICE_OFFLINE'));
    expect((await openRecovery(phone)).status).toBe(401);
    const again = await server.http(phone, 'PUT', '/api/me/device-key', {
      deviceKey: random(32),
      certificate,
    });
    expect(again.status).toBe(401);
  });
});

test('IDN5 an address is handed what a code wraps 10 times a minute', async () => {
  const server = await startTestServer({ settings: { addressLimitFactor: 1 } });
  const ana = await server.online('ana');
  const statuses: number[] = [];
  for (let time = 0; time < 11; time += 1)
    statuses.push((await server.http(ana, 'POST', '/api/me/recovery/open')).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
  await server.stop();
});
