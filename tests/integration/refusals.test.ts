import { DEVICE_HEADER, SIGNALING_PATH } from '@visavis/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { TestDevice } from './support/device.ts';
import { codeOf } from './support/device.ts';
import { ORIGIN, startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

/* What is forged, expired or somebody else's is refused; the log says that it was, and nothing that was in it. */

let server: TestServer;
let address: string;
let ana: TestDevice;
let ben: TestDevice;
beforeAll(async () => {
  server = await startTestServer();
  address = await server.app.http.listen({ port: 0, host: '127.0.0.1' });
  ana = await server.online('ana');
  ben = await server.online('ben');
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});
beforeEach(() => {
  server.logged.splice(0);
});

const tokenOf = (device: TestDevice): string => device.cookie.split('=')[1] ?? '';
const cookieName = (device: TestDevice): string => `visavis_${device.deviceId}`;

/** Cookies that are not that device's, by what is wrong with them. */
const cookies = {
  none: async () => '',
  forged: async () => `${cookieName(ana)}=${'A'.repeat(43)}`,
  'one sign off': async () =>
    `${cookieName(ana)}=${tokenOf(ana).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`,
  'cut short': async () => `${cookieName(ana)}=${tokenOf(ana).slice(0, 20)}`,
  'far too long': async () => `${cookieName(ana)}=${tokenOf(ana).repeat(40)}`,
  "another device's token": async () => `${cookieName(ana)}=${tokenOf(ben)}`,
  "another device's cookie": async () => ben.cookie,
  'what the database holds of it': async () => {
    const [row] = await server.sql.query(
      `select encode(token_hash, 'base64') as hash from devices where id = $1`,
      [ana.deviceId],
    );
    return `${cookieName(ana)}=${JSON.stringify(row).slice(9, -2)}`;
  },
} as const;
const kinds = Object.entries(cookies);

/** Nothing of a cookie, an id or a handle stands in any line. */
function expectLogged(message: string, ...secrets: readonly string[]): void {
  const lines = server.logged.filter((line) => line.includes(message));
  expect(lines.length).toBeGreaterThan(0);
  const all = server.logged.join('\n');
  const people = [ana, ben].flatMap((device) => [device.deviceId, device.userId, tokenOf(device)]);
  for (const secret of [...people, ...secrets].filter((each) => each !== ''))
    expect(all).not.toContain(secret);
}

/** @returns the close code, or the HTTP status of the refusal */
async function openSocket(
  deviceId: string,
  headers: Record<string, string>,
  origin = ORIGIN,
): Promise<number> {
  const url = `${address.replace('http', 'ws')}${SIGNALING_PATH}?device=${deviceId}`;
  const socket = new WebSocket(url, { origin, headers });
  let outcome = 0;
  socket.on('close', (code) => {
    outcome ||= code;
  });
  socket.on('unexpected-response', (_request, response) => {
    outcome = response.statusCode ?? 0;
    response.destroy();
  });
  socket.on('error', () => {});
  await until('the socket is over', () => outcome !== 0);
  return outcome;
}

describe('a cookie', () => {
  test.each(kinds)('HTTP1 %s is not signed in', async (_kind, make) => {
    const cookie = await make();
    const answer = await server.app.http.inject({
      method: 'GET',
      url: '/api/me',
      headers: { [DEVICE_HEADER]: ana.deviceId, ...(cookie === '' ? {} : { cookie }) },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expectLogged('a request was refused', cookie.split('=').slice(1).join('='));
  });

  test.each(kinds)('SES1 %s opens no session', async (_kind, make) => {
    const cookie = await make();
    expect(await openSocket(ana.deviceId, cookie === '' ? {} : { cookie })).toBe(4003);
    expectLogged('a socket was refused', cookie.split('=').slice(1).join('='));
    expect(ana.closedWith).toBeNull();
  });

  test('SES1 of a device that was signed out is worth nothing any more', async () => {
    const gone = await server.online('chidi');
    await server.http(gone, 'POST', '/api/sign-out');
    expect((await server.http(gone, 'GET', '/api/me')).status).toBe(401);
    expect(await openSocket(gone.deviceId, { cookie: gone.cookie })).toBe(4003);
    expectLogged('a socket was refused', gone.cookie, gone.deviceId);
  });

  test('SES1 from a page of somebody else it is not looked at', async () => {
    expect(await openSocket(ana.deviceId, { cookie: ana.cookie }, 'https://evil.example')).toBe(403);
    expectLogged('a socket was refused', 'evil.example');
  });
});

describe('a session', () => {
  test.each([
    ['forged', async () => crypto.randomUUID()],
    ["another device's", async () => ben.sessionId ?? ''],
    ["another device's of the same user", async () => (await server.online('ana', 'other')).sessionId ?? ''],
    [
      'expired',
      async () => {
        const before = ana.sessionId ?? '';
        await ana.reload();
        return before;
      },
    ],
  ])(
    'SES2 that is %s is not resumed: a new one begins, and nobody else’s events come',
    async (_kind, make) => {
      const sessionId = await make();
      expect(sessionId).not.toBe('');
      await ben.reload();
      // Something waits for the other one.
      const caller = await server.online('dilnoza');
      const { callId } = await caller.dial(ben);
      const heard = ana.heard.length;
      ana.open();
      const answer = await ana.register({ sessionId, lastSeq: 0 });
      expect(answer).toMatchObject({ type: 'registered', payload: { resumed: false, calls: [] } });
      expect(JSON.stringify(answer)).not.toContain(sessionId);
      expect(JSON.stringify(ana.heard.slice(heard))).not.toContain(callId);
      expectLogged('a session could not be resumed', sessionId);
      await caller.request('cancel_call', { callId });
    },
  );

  test("SES1 a register for another's device is refused", async () => {
    ana.open();
    const answer = await ana.request('register', {
      payload: { protocol: 1, deviceId: ben.deviceId, resume: null },
    });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expectLogged('a registration was refused');
    await ana.reload();
  });
});
