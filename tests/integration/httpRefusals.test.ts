import { DEVICE_HEADER, HttpError } from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDevice } from './support/device.ts';
import { injectInto } from './support/inject.ts';
import { ORIGIN, startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
let ana: TestDevice;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.online('ana');
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const signedIn = () => ({ origin: ORIGIN, [DEVICE_HEADER]: ana.deviceId, cookie: ana.cookie });

describe('HTTP2', () => {
  const cases = [
    [
      'malformed JSON',
      'PATCH',
      '/api/me/settings',
      '{"doNotDisturb":',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    [
      'an unknown field',
      'PATCH',
      '/api/me/settings',
      '{"admin":true}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    [
      'a prototype',
      'PATCH',
      '/api/me/settings',
      '{"__proto__":{"a":1}}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    [
      'a wrong type',
      'PATCH',
      '/api/me/settings',
      '{"callWaiting":"yes"}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    ...['"yes"', '1', 'null', '[]', '{"on":true}'].map(
      (value) =>
        [
          `a setting that is ${value}`,
          'PATCH',
          '/api/me/settings',
          `{"doNotDisturb":true,"hideAddress":${value}}`,
          'application/json',
          400,
          'BAD_MESSAGE',
        ] as const,
    ),
    [
      'a setting with a wrong name',
      'PATCH',
      '/api/me/settings',
      '{"hide_address":true}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    ['no object', 'PATCH', '/api/me/settings', '[1]', 'application/json', 400, 'BAD_MESSAGE'],
    [
      'a body that is too large',
      'PATCH',
      '/api/me/settings',
      `"${'x'.repeat(70_000)}"`,
      'application/json',
      413,
      'TOO_LARGE',
    ],
    [
      'another content type',
      'PATCH',
      '/api/me/settings',
      'a=1',
      'application/x-www-form-urlencoded',
      415,
      'BAD_MESSAGE',
    ],
    ['plain text', 'PATCH', '/api/me/settings', '{}', 'text/plain', 415, 'BAD_MESSAGE'],
    ['an unknown route', 'GET', '/api/nothing', undefined, undefined, 404, 'NOT_FOUND'],
    ['an unknown method', 'PUT', '/api/me', '{}', 'application/json', 404, 'NOT_FOUND'],
    ['a broken URL', 'GET', '/api/users/%zz/avatar', undefined, undefined, 400, 'BAD_MESSAGE'],
    ['an id that is none', 'GET', '/api/calls/1', undefined, undefined, 404, 'NOT_FOUND'],
    ['an unknown call', 'GET', `/api/calls/${crypto.randomUUID()}`, undefined, undefined, 404, 'NOT_FOUND'],
    [
      'an unknown device',
      'DELETE',
      `/api/devices/${crypto.randomUUID()}`,
      undefined,
      undefined,
      404,
      'NOT_FOUND',
    ],
    [
      'an unknown person',
      'PUT',
      `/api/contacts/${crypto.randomUUID()}`,
      '{}',
      'application/json',
      404,
      'NOT_FOUND',
    ],
    ['blocking nobody', 'PUT', `/api/blocks/${crypto.randomUUID()}`, undefined, undefined, 404, 'NOT_FOUND'],
    [
      'oneself as a contact',
      'PUT',
      `/api/contacts/${demoUserId('ana')}`,
      '{}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    ['blocking oneself', 'PUT', `/api/blocks/${demoUserId('ana')}`, undefined, undefined, 400, 'BAD_MESSAGE'],
    [
      'an empty device name',
      'PATCH',
      '/api/devices/SELF',
      '{"name":"  "}',
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
    [
      'a long device name',
      'PATCH',
      '/api/devices/SELF',
      `{"name":"${'n'.repeat(61)}"}`,
      'application/json',
      400,
      'BAD_MESSAGE',
    ],
  ] as const;

  test.each(cases)('HTTP2 %s', async (_name, method, path, payload, contentType, status, code) => {
    const before = await server.sql.query('select * from settings');
    const answer = await injectInto(server, {
      method,
      url: path.replace('SELF', ana.deviceId),
      headers: { ...signedIn(), ...(contentType === undefined ? {} : { 'content-type': contentType }) },
      ...(payload === undefined ? {} : { payload }),
    });
    expect({ status: answer.status, code: HttpError.parse(JSON.parse(answer.body)).code }).toEqual({
      status,
      code,
    });
    expect(await server.sql.query('select * from settings')).toEqual(before);
  });

  test("HTTP2 somebody else's call and device look as if they were not there", async () => {
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    const { callId } = await ben.dial(chidi);
    await ben.request('cancel_call', { callId });
    const real = await server.http(ana, 'GET', `/api/calls/${callId}`);
    const none = await server.http(ana, 'GET', `/api/calls/${crypto.randomUUID()}`);
    expect([real.status, real.body]).toEqual([none.status, none.body]);
    expect((await server.http(ana, 'DELETE', `/api/calls/${callId}`)).status).toBe(404);
    expect((await server.http(ana, 'DELETE', `/api/devices/${ben.deviceId}`)).status).toBe(404);
    expect((await server.http(ana, 'PATCH', `/api/devices/${ben.deviceId}`, { name: 'mine' })).status).toBe(
      404,
    );
    expect(ben.closedWith).toBeNull();
  });

  test('HTTP2 too many requests from one address', async () => {
    const strict = await startTestServer({ sql: server.sql, settings: { addressLimitFactor: 1 } });
    const codes = new Set<number>();
    for (let n = 0; n < 125; n += 1) {
      const { status } = await strict.http(null, 'POST', '/api/demo/sign-in', {});
      codes.add(status);
    }
    const { status, body } = await strict.http(null, 'POST', '/api/demo/sign-in', {});
    expect(codes).toEqual(new Set([400, 429]));
    expect({ status, body }).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    await strict.stop();
  });
});
