import { createHmac } from 'node:crypto';
import { Contacts, DEVICE_HEADER, Devices, HttpError, Me, TurnCredentials } from '@visavis/protocol';
import { createSecret, createTurnIssuer, DEMO_HANDLES, demoUserId, TURN_LIFETIME_MS } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { TestDevice } from './support/device.ts';
import { injectInto, type Injected } from './support/inject.ts';
import { ORIGIN, startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
let ana: TestDevice;
beforeAll(async () => {
  server = await startTestServer({
    ports: {
      turn: createTurnIssuer({
        urls: ['turn:turn.example:3478'],
        secret: createSecret('a secret of this test'),
      }),
    },
  });
  ana = await server.online('ana');
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const OpenApi = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const signIn = async (headers: Record<string, string> = {}, userId = demoUserId('ben')) =>
  inject({
    method: 'POST',
    url: '/api/demo/sign-in',
    headers: { origin: ORIGIN, ...headers },
    payload: { userId, deviceName: 'Test', deviceKind: 'browser' },
  });

const inject = async (request: Injected) => injectInto(server, request);
describe('HTTP1', () => {
  test('HTTP1 signing in makes a device and its HttpOnly cookie', async () => {
    const { status, body, cookies } = await signIn();
    expect(status).toBe(200);
    const me = Me.parse(JSON.parse(body));
    expect(me).toMatchObject({ user: { handle: 'ben' }, device: { name: 'Test' } });
    expect(cookies).toMatchObject([
      { name: `visavis_${me.device.deviceId}`, httpOnly: true, sameSite: 'Strict', path: '/' },
    ]);
    const rows = await server.sql.query('select token_hash from devices where id = $1', [me.device.deviceId]);
    expect(JSON.stringify(rows)).not.toContain(cookies[0]?.value);
  });

  test('HTTP1 a device that is still signed in as that person is taken again, as another person it is a new one', async () => {
    const first = await signIn();
    const { deviceId } = Me.parse(JSON.parse(first.body)).device;
    const headers = {
      [DEVICE_HEADER]: deviceId,
      cookie: `visavis_${deviceId}=${first.cookies[0]?.value ?? ''}`,
    };
    const again = await signIn(headers);
    expect(Me.parse(JSON.parse(again.body)).device.deviceId).toBe(deviceId);
    expect(again.cookies).toEqual([]);
    const other = await signIn(headers, demoUserId('chidi'));
    expect(Me.parse(JSON.parse(other.body)).device.deviceId).not.toBe(deviceId);
  });

  test('HTTP1 only demo people can be continued as', async () => {
    await server.addUser('zoe');
    const [row] = await server.sql.query("select id from users where handle = 'zoe'");
    const userId = JSON.stringify(row).slice(7, 43);
    expect((await signIn({}, userId)).status).toBe(404);
    expect((await signIn({}, crypto.randomUUID())).status).toBe(404);
  });

  test.each([
    ['no header', {}],
    ['no cookie', { [DEVICE_HEADER]: 'DEVICE' }],
    ['a wrong token', { [DEVICE_HEADER]: 'DEVICE', cookie: 'visavis_DEVICE=wrong' }],
    ['a header that is no id', { [DEVICE_HEADER]: '../x', cookie: 'visavis_../x=1' }],
    ["another device's id", { [DEVICE_HEADER]: 'OTHER', cookie: 'COOKIE' }],
  ])('HTTP1 %s is not signed in', async (_name, headers) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [
        key,
        value
          .replaceAll('DEVICE', ana.deviceId)
          .replaceAll('OTHER', crypto.randomUUID())
          .replaceAll('COOKIE', ana.cookie),
      ]),
    );
    const { status, body } = await inject({ method: 'GET', url: '/api/me', headers: filled });
    expect(status).toBe(401);
    expect(HttpError.parse(JSON.parse(body)).code).toBe('UNAUTHENTICATED');
  });

  test.each([undefined, 'https://evil.example', 'null', 'http://localhost.evil.example'])(
    'HTTP1 a change from origin %s is refused',
    async (origin) => {
      const { status, body } = await inject({
        method: 'PATCH',
        url: '/api/me/settings',
        headers: {
          [DEVICE_HEADER]: ana.deviceId,
          cookie: ana.cookie,
          ...(origin === undefined ? {} : { origin }),
        },
        payload: { doNotDisturb: true },
      });
      expect(status).toBe(403);
      expect(HttpError.parse(JSON.parse(body)).code).toBe('FORBIDDEN');
      expect((await server.http(ana, 'GET', '/api/me')).body).toMatchObject({
        settings: { doNotDisturb: false },
      });
    },
  );

  test("HTTP1 a name that only somebody else's DNS points here is not an own origin", async () => {
    const { status } = await inject({
      method: 'POST',
      url: '/api/calls/seen',
      headers: {
        host: 'evil.example',
        origin: 'http://evil.example',
        [DEVICE_HEADER]: ana.deviceId,
        cookie: ana.cookie,
      },
    });
    expect(status).toBe(403);
  });

  test('HTTP1 signing out closes the socket and forgets the device', async () => {
    const device = await server.online('ben');
    const { status, headers } = await server.http(device, 'POST', '/api/sign-out');
    expect(status).toBe(204);
    expect(String(headers['set-cookie'])).toMatch(/^visavis_.*Expires=Thu, 01 Jan 1970/);
    expect(device.closedWith).toBe(4003);
    expect((await server.http(device, 'GET', '/api/me')).status).toBe(401);
  });
});

describe('HTTP3', () => {
  test('HTTP3 the OpenAPI document describes every operation', async () => {
    const { status, body } = await inject({ method: 'GET', url: '/api/openapi.json' });
    expect(status).toBe(200);
    const document = OpenApi.parse(JSON.parse(body));
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toMatchInlineSnapshot(`
      [
        "DELETE /api/blocks/{userId}",
        "DELETE /api/calls/{callId}",
        "DELETE /api/calls/{callId}/links/{linkId}",
        "DELETE /api/contacts/{userId}",
        "DELETE /api/devices/{deviceId}",
        "DELETE /api/groups/{groupId}",
        "GET /api/calls",
        "GET /api/calls/{callId}",
        "GET /api/calls/{callId}/links",
        "GET /api/contacts",
        "GET /api/demo/people",
        "GET /api/devices",
        "GET /api/groups",
        "GET /api/links/{token}",
        "GET /api/me",
        "GET /api/me/recovery",
        "GET /api/own-calls",
        "GET /api/service",
        "GET /api/turn-credentials",
        "GET /api/users/{userId}/avatar",
        "GET /api/users/{userId}/keys",
        "GET /healthz",
        "GET /readyz",
        "PATCH /api/contacts/{userId}",
        "PATCH /api/devices/{deviceId}",
        "PATCH /api/me/settings",
        "POST /api/calls/seen",
        "POST /api/calls/{callId}/links",
        "POST /api/check/media",
        "POST /api/check/sample",
        "POST /api/demo/sign-in",
        "POST /api/groups",
        "POST /api/links/{token}/guest",
        "POST /api/me/recovery/open",
        "POST /api/sign-out",
        "PUT /api/blocks/{userId}",
        "PUT /api/calls/{callId}/quality",
        "PUT /api/contacts/{userId}",
        "PUT /api/groups/{groupId}",
        "PUT /api/me/device-key",
        "PUT /api/me/identity-key",
        "PUT /api/me/recovery",
      ]
    `);
    expect(document.paths['/api/calls']?.['get']).toMatchObject({
      parameters: [{ name: 'cursor', in: 'query', required: false }, { name: 'limit' }, { name: 'with' }],
    });
    expect(document.paths['/api/demo/sign-in']?.['post']).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { required: ['userId', 'deviceName', 'deviceKind'] } } },
      },
    });
  });
});

describe('HTTP4', () => {
  test('HTTP4 TURN credentials are time-limited HMACs of the secret', async () => {
    const { body } = await server.http(ana, 'GET', '/api/turn-credentials');
    const { iceServers, expiresAt } = TurnCredentials.parse(body);
    const [only] = iceServers;
    expect(only?.urls).toEqual(['turn:turn.example:3478']);
    expect(expiresAt).toBe(server.clock.now() + TURN_LIFETIME_MS);
    expect(only?.username).toMatch(new RegExp(`^${String((expiresAt ?? 0) / 1000)}:[\\w-]{16}$`));
    const other = TurnCredentials.parse(
      (await server.http(await server.online('ben'), 'GET', '/api/turn-credentials')).body,
    );
    expect(other.iceServers[0]?.username).not.toBe(only?.username);
    expect(only?.credential).toBe(
      createHmac('sha1', 'a secret of this test')
        .update(only?.username ?? '')
        .digest('base64'),
    );
  });

  test('HTTP4 with no TURN configured the list is empty', () => {
    expect(createTurnIssuer(null).issue('anybody', 0)).toEqual({ iceServers: [], expiresAt: null });
  });

  test('HTTP4 anybody can read whether there is a relay', async () => {
    const { body } = await inject({ method: 'GET', url: '/api/service' });
    expect(JSON.parse(body)).toMatchObject({ hasRelay: true });
    const without = await startTestServer({ sql: server.sql });
    try {
      const answer = await without.app.http.inject({ method: 'GET', url: '/api/service' });
      expect(answer.json()).toMatchObject({ hasRelay: false });
    } finally {
      await without.stop();
    }
  });

  test('HTTP4 the secret cannot be printed', () => {
    const secret = createSecret('hush');
    expect(`${secret.toString()} ${JSON.stringify({ secret })}`).not.toContain('hush');
  });
});

test('NEG5 hiding the address is off until it is chosen, holds on all devices, and leaves other settings alone', async () => {
  const other = await server.online('ana');
  const settingsAt = async (device: TestDevice) =>
    Me.parse((await server.http(device, 'GET', '/api/me')).body).settings;
  const before = await settingsAt(other);
  expect(before.hideAddress).toBe(false);
  expect((await server.http(ana, 'PATCH', '/api/me/settings', { hideAddress: true })).status).toBe(204);
  expect(await settingsAt(other)).toEqual({ ...before, hideAddress: true });
  await server.http(ana, 'PATCH', '/api/me/settings', { callWaiting: false });
  expect(await settingsAt(other)).toEqual({ ...before, hideAddress: true, callWaiting: false });
  await server.http(ana, 'PATCH', '/api/me/settings', { hideAddress: false, callWaiting: true });
  expect(await settingsAt(other)).toEqual(before);
});

test('there are ten demo people, each with a picture of their own and the nine others as contacts', async () => {
  expect(new Set(DEMO_HANDLES).size).toBe(10);
  const pictures = new Set<string>();
  for (const handle of DEMO_HANDLES) {
    const device = await server.signIn(handle);
    const { contacts } = Contacts.parse((await server.http(device, 'GET', '/api/contacts')).body);
    expect(contacts.map(({ user }) => user.handle).toSorted()).toEqual(
      DEMO_HANDLES.filter((other) => other !== handle).toSorted(),
    );
    pictures.add((await inject({ method: 'GET', url: `/api/users/${device.userId}/avatar` })).body);
  }
  expect(pictures.size).toBe(10);
});

test('contacts: favourite, removal, adding', async () => {
  const path = `/api/contacts/${demoUserId('jun')}`;
  const find = async () =>
    JSON.stringify((await server.http(ana, 'GET', '/api/contacts')).body).match(
      /"handle":"jun".*?"favourite":(\w+)/,
    )?.[1];
  expect(await find()).toBe('false');
  expect((await server.http(ana, 'PATCH', path, { favourite: true })).status).toBe(204);
  expect(await find()).toBe('true');
  expect((await server.http(ana, 'DELETE', path)).status).toBe(204);
  expect((await server.http(ana, 'DELETE', path)).status).toBe(404);
  expect((await server.http(ana, 'PATCH', path, { favourite: true })).status).toBe(404);
  expect(await find()).toBeUndefined();
  expect((await server.http(ana, 'PUT', path, { favourite: true })).status).toBe(204);
  expect(await find()).toBe('true');
  expect(ana.notices('profile_changed').length).toBeGreaterThan(0);
});

test('devices: listed with what is online, renamed, signed out from another', async () => {
  const other = await server.online('greta', 'old name');
  const first = await server.signIn('greta', 'first');
  expect(
    (await server.http(first, 'PATCH', `/api/devices/${other.deviceId}`, { name: 'new name' })).status,
  ).toBe(204);
  const { devices } = Devices.parse((await server.http(first, 'GET', '/api/devices')).body);
  const find = (deviceId: string) => devices.find((device) => device.deviceId === deviceId);
  expect(find(other.deviceId)).toMatchObject({ name: 'new name', online: true, current: false });
  expect(find(first.deviceId)).toMatchObject({ online: false, current: true });
  expect((await server.http(first, 'DELETE', `/api/devices/${other.deviceId}`)).status).toBe(204);
  expect(other.closedWith).toBe(4003);
});

test('pictures, health and headers', async () => {
  const people = await inject({ method: 'GET', url: '/api/demo/people' });
  expect(JSON.parse(people.body)).toMatchObject({ people: DEMO_HANDLES.map((handle) => ({ handle })) });
  const avatar = await inject({ method: 'GET', url: `/api/users/${ana.userId}/avatar` });
  expect(avatar.body).toMatch(/^<svg/);
  expect(avatar.headers).toMatchObject({
    'content-type': 'image/svg+xml; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  });
  expect((await inject({ method: 'GET', url: '/healthz' })).body).toBe('{"status":"ok"}');
  const ready = await inject({ method: 'GET', url: '/readyz' });
  expect(ready.body).toBe('{"status":"ready"}');
  expect(ready.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval';");
});

test('readyz says so when the database does not answer', async () => {
  const broken = await startTestServer({
    sql: server.sql,
    ports: { health: { check: async () => Promise.reject(new Error('no database')) } },
  });
  expect(await broken.http(null, 'GET', '/readyz')).toMatchObject({
    status: 503,
    body: { status: 'not ready' },
  });
  await broken.stop();
});
