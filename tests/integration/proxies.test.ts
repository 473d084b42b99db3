import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS, SIGNALING_PATH } from '@visavis/protocol';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ORIGIN, startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
afterEach(async () => server.stop());

const PROXY = '10.1.1.1';
const behindProxy = async (): Promise<void> => {
  server = await startTestServer({
    settings: { addressLimitFactor: 1, trustedProxies: ['10.0.0.0/8', '127.0.0.1'] },
  });
};

/** One sign-in that cannot succeed, from that address. @returns the status */
async function ask(remoteAddress: string, forwarded: string): Promise<number> {
  const { statusCode } = await server.app.http.inject({
    method: 'POST',
    url: '/api/demo/sign-in',
    remoteAddress,
    headers: { origin: ORIGIN, 'x-forwarded-for': forwarded },
    payload: {},
  });
  return statusCode;
}

async function askUntilLimited(remoteAddress: string, forwarded: (count: number) => string): Promise<void> {
  for (let count = 0; count < 125; count += 1)
    if ((await ask(remoteAddress, forwarded(count))) === 429) return;
  throw new Error('never limited');
}

test('HTTP2 behind a trusted proxy everybody has limits of their own', async () => {
  await behindProxy();
  await askUntilLimited(PROXY, () => '203.0.113.5');
  expect(await ask(PROXY, '203.0.113.5')).toBe(429);
  expect(await ask(PROXY, '198.51.100.7, 203.0.113.5')).toBe(429);
  expect(await ask(PROXY, '203.0.113.6')).toBe(400);
});

test('HTTP2 a stranger who writes the header has one limit whatever it says', async () => {
  await behindProxy();
  await askUntilLimited('203.0.113.66', (count) => `198.51.100.${String(count)}, ${PROXY}`);
  expect(await ask('203.0.113.66', '198.51.100.200')).toBe(429);
  // Nor can it use up somebody else's.
  expect(await ask(PROXY, '198.51.100.1')).toBe(400);
});

test('HTTP2 without trusted proxies the header means nothing', async () => {
  server = await startTestServer({ settings: { addressLimitFactor: 1 } });
  await askUntilLimited(PROXY, (count) => `203.0.113.${String(count)}`);
  expect(await ask(PROXY, '203.0.113.200')).toBe(429);
});

test('HTTP2 the files of the page are not counted: everybody in an office can open it in the same minute', async () => {
  const webFolder = await mkdtemp(join(tmpdir(), 'visavis-web-'));
  try {
    await mkdir(join(webFolder, 'assets'));
    await writeFile(join(webFolder, 'index.html'), '<!doctype html>');
    await writeFile(join(webFolder, 'assets', 'index-1.js'), 'void 0;');
    server = await startTestServer({ settings: { addressLimitFactor: 1, webFolder } });
    const load = async (url: string): Promise<number> => (await server.app.http.inject({ url })).statusCode;
    const statuses = new Set<number>();
    for (let count = 0; count < 1_300; count += 1) statuses.add(await load('/assets/index-1.js'));
    expect(statuses).toEqual(new Set([200]));
    let served = 0;
    while ((await load('/api/service')) === 200) served += 1;
    expect(served).toBe(1_200);
    // Written in another way it is the same path.
    expect(await load('/%61pi/service')).toBe(429);
    expect(await load('/')).toBe(200);
  } finally {
    await rm(webFolder, { recursive: true });
  }
});

test.each([
  ['a trusted proxy', true],
  ['a stranger', false],
])('SES1 sockets are counted by the address that %s tells, or by none', async (_who, isTrusted) => {
  server = await startTestServer({
    settings: { addressLimitFactor: 1, trustedProxies: isTrusted ? ['127.0.0.1'] : ['10.0.0.0/8'] },
  });
  const address = await server.app.http.listen({ port: 0, host: '127.0.0.1' });
  const device = await server.signIn('ana');
  const sockets: WebSocket[] = [];
  const open = async (forwarded: string): Promise<number> => {
    const socket = new WebSocket(
      `${address.replace('http', 'ws')}${SIGNALING_PATH}?device=${device.deviceId}`,
      { origin: ORIGIN, headers: { cookie: device.cookie, 'x-forwarded-for': forwarded } },
    );
    sockets.push(socket);
    let status = 0;
    socket.on('error', () => {});
    socket.on('open', () => {
      status = 101;
    });
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0;
      response.destroy();
    });
    await until('it is answered', () => status !== 0);
    return status;
  };
  for (let count = 0; count < LIMITS.socketsPerAddress; count += 1)
    expect(await open('203.0.113.5')).toBe(101);
  expect(await open('203.0.113.5')).toBe(429);
  expect(await open('203.0.113.6')).toBe(isTrusted ? 101 : 429);
  for (const socket of sockets) socket.terminate();
});
