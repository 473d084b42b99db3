import { UserKeys } from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { TestDevice } from './support/device.ts';
import { callOf, gather } from './support/groups.ts';
import { comeAsGuest, enter, makeLink } from './support/guests.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const random = (length: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64');
const newKey = (): string => random(32);
const countTold = (device: TestDevice): number => device.notices('profile_changed').length;

describe('keys of people', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.reset();
    await server.sql.script('delete from identity_keys; delete from contacts');
    expect(server.errors).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  const set = async (device: TestDevice, identityKey: string, replaces: string | null = null) =>
    server.http(device, 'PUT', '/api/me/identity-key', { identityKey, replaces });
  const publish = async (device: TestDevice, deviceKey: string, identityKey: string | null = null) => {
    const certificate = identityKey === null ? null : { identityKey, bytes: random(73) };
    return server.http(device, 'PUT', '/api/me/device-key', { deviceKey, certificate });
  };
  const look = async (device: TestDevice, userId: string) =>
    server.http(device, 'GET', `/api/users/${userId}/keys`);
  const keysOf = async (device: TestDevice, userId: string): Promise<UserKeys> =>
    z.parse(UserKeys, (await look(device, userId)).body);
  const befriend = async (...people: readonly TestDevice[]): Promise<void> => {
    for (const one of people) {
      for (const other of people) {
        if (one !== other) await server.http(one, 'PUT', `/api/contacts/${other.userId}`, {});
      }
    }
  };

  test('IDN1, IDN2 a device sets the identity key, publishes its own, and others of the user see both', async () => {
    const [laptop, phone] = [await server.online('ana', 'laptop'), await server.online('ana', 'phone')];
    const [identityKey, laptopKey, phoneKey] = [newKey(), newKey(), newKey()];
    expect((await set(laptop, identityKey)).status).toBe(204);
    expect((await publish(laptop, laptopKey, identityKey)).status).toBe(204);
    expect((await publish(phone, phoneKey)).status).toBe(204);
    const keys = await keysOf(phone, phone.userId);
    expect(keys.identityKey).toBe(identityKey);
    expect(new Map(keys.devices.map((each) => [each.deviceId, each.deviceKey]))).toEqual(
      new Map([
        [laptop.deviceId, laptopKey],
        [phone.deviceId, phoneKey],
      ]),
    );
    const confirmed = keys.devices.filter(({ certificate }) => certificate !== null);
    expect(confirmed.map(({ deviceId }) => deviceId)).toEqual([laptop.deviceId]);
    await server.http(phone, 'DELETE', `/api/devices/${laptop.deviceId}`);
    expect((await keysOf(phone, phone.userId)).devices).toHaveLength(1);
  });

  test('IDN1 replacing the identity key is loud: certificates go, and contacts and own devices are told', async () => {
    const [ana, phone] = [await server.online('ana'), await server.online('ana', 'phone')];
    const [ben, chidi] = [await server.online('ben'), await server.online('chidi')];
    await server.sql.script('delete from contacts');
    await befriend(ana, ben);
    const [first, second] = [newKey(), newKey()];
    await set(ana, first);
    await until('ben is told of the first one', () =>
      ben.notices('profile_changed').some(({ payload }) => payload.identityOf === ana.userId),
    );
    await publish(ana, newKey(), first);
    const refused = await set(phone, second);
    expect(refused).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } });
    expect((await set(phone, second, newKey())).status).toBe(409);
    expect((await keysOf(ben, ana.userId)).identityKey).toBe(first);
    const before = [ana, ben, chidi].map(countTold);
    expect((await set(phone, second, first)).status).toBe(204);
    await until('ana and ben are told', () =>
      [ana, ben].every((device, index) => countTold(device) > (before[index] ?? 0)),
    );
    expect(ben.notices('profile_changed').at(-1)?.payload).toEqual({ identityOf: ana.userId });
    expect(countTold(chidi)).toBe(before[2]);
    const keys = await keysOf(ben, ana.userId);
    expect(keys.identityKey).toBe(second);
    expect(keys.devices.map(({ certificate }) => certificate)).toEqual([null]);
  });

  test('IDN2 a certificate of another identity key is refused, and publishing again is no harm', async () => {
    const ana = await server.online('ana');
    const identityKey = newKey();
    expect(await publish(ana, newKey(), identityKey)).toMatchObject({
      status: 409,
      body: { code: 'WRONG_STATE' },
    });
    await set(ana, identityKey);
    expect((await set(ana, identityKey)).status).toBe(204);
    const deviceKey = newKey();
    for (let time = 0; time < 2; time += 1) {
      expect((await publish(ana, deviceKey, identityKey)).status).toBe(204);
    }
    expect((await keysOf(ana, ana.userId)).devices).toMatchObject([{ deviceKey }]);
  });

  test.each([
    ['an identity key that is too short', 'identity-key', { identityKey: random(31), replaces: null }],
    ['an identity key that is no base64', 'identity-key', { identityKey: '-'.repeat(44), replaces: null }],
    ['an identity key without what it replaces', 'identity-key', { identityKey: random(32) }],
    ['a device key that is too long', 'device-key', { deviceKey: random(33), certificate: null }],
    [
      'a certificate that is too short',
      'device-key',
      { deviceKey: random(32), certificate: { identityKey: random(32), bytes: random(72) } },
    ],
  ])('IDN1, IDN2 %s is refused', async (_what, path, body) => {
    const ana = await server.online('ana');
    const answer = await server.http(ana, 'PUT', `/api/me/${path}`, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_MESSAGE' } });
  });

  test('IDN3 of strangers, of who blocks them and of nobody there are no keys', async () => {
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    await server.sql.script('delete from contacts');
    expect((await look(ana, ben.userId)).status).toBe(404);
    expect((await look(ana, crypto.randomUUID())).status).toBe(404);
    await server.http(ana, 'PUT', `/api/contacts/${ben.userId}`, {});
    expect((await look(ana, ben.userId)).status).toBe(200);
    expect((await look(ben, ana.userId)).status).toBe(200);
    await server.http(ben, 'PUT', `/api/blocks/${ana.userId}`);
    expect((await look(ana, ben.userId)).status).toBe(404);
    await server.http(ben, 'DELETE', `/api/blocks/${ana.userId}`);
    expect((await server.http(null, 'GET', `/api/users/${ben.userId}/keys`)).status).toBe(401);
  });

  test('IDN3 in a call between two strangers each sees the keys of the other, until it is over', async () => {
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    await server.sql.script('delete from contacts');
    const { callId } = await ana.dial(ben);
    await ben.event('ring', callId);
    for (const [viewer, seen] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      expect((await look(viewer, seen.userId)).status).toBe(200);
    }
    await ana.request('cancel_call', { callId });
    await ben.event('call_ended', callId);
    expect((await look(ana, ben.userId)).status).toBe(404);
  });

  test('IDN3 a call that the callee does not feel shows no keys', async () => {
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    await server.sql.script('delete from contacts');
    await server.http(ben, 'PUT', `/api/blocks/${ana.userId}`);
    const { callId } = await ana.dial(ben);
    expect((await look(ana, ben.userId)).status).toBe(404);
    await ana.request('cancel_call', { callId });
    await server.http(ben, 'DELETE', `/api/blocks/${ana.userId}`);
  });

  test('IDN3, IDN1 a guest has a device key and no identity key, and is seen and sees when let in', async () => {
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    const { callId } = await gather(ana, ben);
    const { token } = await makeLink(server, ana, callId);
    const guest = await comeAsGuest(server, token);
    const deviceKey = newKey();
    expect((await publish(guest, deviceKey)).status).toBe(204);
    expect((await publish(guest, deviceKey, newKey())).status).toBe(409);
    expect((await set(guest, newKey())).status).toBe(403);
    callOf(await guest.request('join_by_link', enter(token)));
    expect((await look(guest, ana.userId)).status).toBe(404);
    expect((await look(ana, guest.userId)).status).toBe(404);
    await ana.request('admit_person', { callId, payload: { userId: guest.userId, admit: true } });
    expect((await look(guest, ana.userId)).status).toBe(200);
    expect(await keysOf(ben, guest.userId)).toEqual({
      userId: guest.userId,
      identityKey: null,
      devices: [{ deviceId: guest.deviceId, deviceKey, certificate: null }],
    });
    expect((await look(guest, demoUserId('chidi'))).status).toBe(404);
    for (const device of [ana, ben, guest])
      await device.request('end_call', { callId, payload: { reason: 'hangup' } });
    await guest.event('call_ended', callId);
    expect((await look(guest, ana.userId)).status).toBe(404);
  });
});
