import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOSE, DEVICE_HEADER, LIMITS, PROTOCOL_VERSION, SIGNALING_PATH } from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from './support/until.ts';

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));

/** The first start makes a database; on a busy machine that takes its time. */
const FIRST_START_MS = 50_000;

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly address: string;
  readonly startedInMs: number;
}

async function start(folder: string, args: readonly string[] = []): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--data', folder, ...args], {
    env: { ...process.env, VISAVIS_LOG_LEVEL: 'debug' },
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += String(data);
  });
  child.stderr.on('data', (data) => {
    output += String(data);
  });
  const address = await until(
    'the server is ready',
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return /ready: (\S+)/.exec(output)?.[1];
    },
    FIRST_START_MS,
  );
  return { child, output: () => output, address, startedInMs: performance.now() - startedAt };
}

async function stop({ child }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  child.kill(signal);
  await until('the server ends', () => child.exitCode !== null || child.signalCode !== null);
  return child.exitCode;
}

let folder: string;
let server: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-sockets-'));
  server = await start(folder);
});
afterAll(async () => {
  if (server.child.exitCode === null) await stop(server);
  await rm(folder, { recursive: true });
});

async function signIn(handle: string): Promise<{ deviceId: string; cookie: string }> {
  const response = await fetch(`${server.address}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.address },
    body: JSON.stringify({ userId: demoUserId(handle), deviceName: 'Socket', deviceKind: 'browser' }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { deviceId: cookie.slice('visavis_'.length, 'visavis_'.length + 36), cookie };
}

interface Socket {
  readonly webSocket: WebSocket;
  readonly heard: string[];
  readonly closed: () => number | null;
  readonly refused: () => number | null;
}

function connect(
  device: { deviceId: string; cookie: string },
  more: { origin?: string; path?: string } = {},
): Socket {
  const url = `${server.address.replace('http', 'ws')}${more.path ?? SIGNALING_PATH}?device=${device.deviceId}`;
  const webSocket = new WebSocket(url, {
    headers: { cookie: device.cookie },
    ...('origin' in more ? {} : { origin: server.address }),
    ...(more.origin === undefined ? {} : { origin: more.origin }),
  });
  const heard: string[] = [];
  let closed: number | null = null;
  let refused: number | null = null;
  webSocket.on('message', (data) => heard.push(Buffer.isBuffer(data) ? data.toString() : ''));
  webSocket.on('close', (code) => {
    closed = code;
  });
  webSocket.on('unexpected-response', (_request, response) => {
    refused = response.statusCode ?? 0;
    response.destroy();
  });
  webSocket.on('error', () => {});
  return { webSocket, heard, closed: () => closed, refused: () => refused };
}

const register = (deviceId: string): string =>
  JSON.stringify({
    type: 'register',
    id: 'r',
    payload: { protocol: PROTOCOL_VERSION, deviceId, resume: null },
  });

async function registered(handle: string): Promise<Socket & { deviceId: string; cookie: string }> {
  const device = await signIn(handle);
  const socket = connect(device);
  await until('open', () => socket.webSocket.readyState === WebSocket.OPEN);
  socket.webSocket.send(register(device.deviceId));
  await until('registered', () => socket.heard.some((text) => text.includes('"registered"')));
  return { ...socket, ...device };
}

describe('the upgrade', () => {
  test('a page of another origin is refused, and so is none', async () => {
    const device = await signIn('ana');
    for (const origin of ['https://evil.example', undefined]) {
      const socket = connect(
        device,
        origin === undefined ? { path: SIGNALING_PATH, origin: '' } : { origin },
      );
      await until('refused', () => socket.refused() === 403);
    }
  });

  test('another path is not found', async () => {
    const socket = connect(await signIn('ana'), { path: '/elsewhere' });
    await until('refused', () => socket.refused() === 404);
  });

  test('without a valid cookie the socket is closed with 4003', async () => {
    const device = await signIn('ana');
    const other = await signIn('ben');
    for (const wrong of [
      { ...device, cookie: '' },
      { ...device, cookie: `visavis_${device.deviceId}=wrong` },
      { ...device, cookie: other.cookie },
      { ...device, deviceId: other.deviceId },
      { ...device, deviceId: 'nonsense' },
    ]) {
      const socket = connect(wrong);
      await until('closed', () => socket.closed() === CLOSE.unauthenticated);
    }
  });

  test('two devices of one browser are told apart', async () => {
    const ana = await signIn('ana');
    const ben = await signIn('ben');
    const cookie = `${ana.cookie}; ${ben.cookie}`;
    const socket = connect({ deviceId: ben.deviceId, cookie });
    await until('open', () => socket.webSocket.readyState === WebSocket.OPEN);
    socket.webSocket.send(register(ben.deviceId));
    await until('registered', () => socket.heard.some((text) => text.includes('"registered"')));
  });
});

describe('frames', () => {
  test('a frame that is too large gets TOO_LARGE, one that is far too large ends the socket', async () => {
    const socket = await registered('ana');
    const bystander = await registered('ben');
    socket.webSocket.send('x'.repeat(LIMITS.messageBytes + 1));
    await until('refused', () => socket.heard.some((text) => text.includes('TOO_LARGE')));
    expect(socket.closed()).toBeNull();
    socket.webSocket.send('x'.repeat(LIMITS.messageBytes * 3));
    await until('closed', () => socket.closed() === 1009);
    expect(bystander.closed()).toBeNull();
  });

  test('a binary frame is refused', async () => {
    const socket = await registered('ana');
    socket.webSocket.send(new Uint8Array([1, 2, 3]));
    await until('refused', () => socket.heard.some((text) => text.includes('BAD_MESSAGE')));
    expect(socket.closed()).toBeNull();
  });

  test('text that is no UTF-8 and a broken frame end that socket alone', async () => {
    const bystander = await registered('ben');
    const raw = async (bytes: readonly number[]) => {
      const socket = await registered('ana');
      // Beneath ws: the bytes go out as they are.
      const stream: unknown = Reflect.get(socket.webSocket, '_socket');
      if (
        typeof stream === 'object' &&
        stream !== null &&
        'write' in stream &&
        typeof stream.write === 'function'
      ) {
        Reflect.apply(stream.write, stream, [Buffer.from(bytes)]);
      }
      await until('closed', () => socket.closed() !== null);
    };
    await raw([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]);
    await raw([0xff, 0xff, 0xff, 0xff]);
    expect(bystander.closed()).toBeNull();
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });

  test('nothing is compressed', async () => {
    const socket = await registered('ana');
    expect(socket.webSocket.extensions).toBe('');
  });
});

describe('the process', () => {
  test('a call over real sockets, and a log without tokens, descriptions and pairs', async () => {
    const ana = await registered('ana');
    const ben = await registered('ben');
    const dial = { calleeId: demoUserId('ben'), callType: 'video', idempotencyKey: 'real' };
    ana.webSocket.send(JSON.stringify({ type: 'initiate_call', id: 'd', payload: dial }));
    const ring = await until('ring', () => ben.heard.find((text) => text.includes('"ring"')));
    const callId = /"callId":"([^"]+)"/.exec(ring)?.[1] ?? '';
    ben.webSocket.send(JSON.stringify({ type: 'answer_call', id: 'a', callId, payload: { media: 'video' } }));
    await until('answered', () => ana.heard.some((text) => text.includes('"call_answered"')));
    ana.webSocket.send(JSON.stringify({ type: 'end_call', id: 'e', callId, payload: { reason: 'hangup' } }));
    await until('ended', () => ben.heard.some((text) => text.includes('"call_ended"')));
    const output = server.output();
    expect(output).not.toContain(ana.cookie.split('=')[1]);
    expect(output).not.toContain(demoUserId('ana'));
    expect(output).not.toContain(demoUserId('ben'));
  });

  test('a second process on the same folder says so and ends', async () => {
    const child = spawn(process.execPath, [MAIN, '--port', '0', '--data', folder]);
    let output = '';
    child.stderr.on('data', (data) => {
      output += String(data);
    });
    await until('it ends', () => child.exitCode !== null);
    expect(child.exitCode).toBe(1);
    expect(output).toContain('is in use by process');
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });

  test('SIGTERM tells clients and ends with 0, and the next start knows the device', async () => {
    const ana = await registered('ana');
    const asked = performance.now();
    expect(await stop(server)).toBe(0);
    const endedInMs = Math.round(performance.now() - asked);
    await until('told', () => ana.closed() === CLOSE.restart);
    server = await start(folder);
    // Other files run beside this one: the times are said, and how short they are is for a machine at rest to show.
    process.stdout.write(
      `A process ended ${endedInMs} ms after SIGTERM (2,000 at most at rest) and started again in ${Math.round(server.startedInMs)} ms (5,000)\n`,
    );
    const me = await fetch(`${server.address}/api/me`, {
      headers: { cookie: ana.cookie, [DEVICE_HEADER]: ana.deviceId },
    });
    expect(me.status).toBe(200);
  });

  test('Ctrl-C tells clients and ends with 0, too', async () => {
    const ana = await registered('ana');
    expect(await stop(server, 'SIGINT')).toBe(0);
    await until('told', () => ana.closed() === CLOSE.restart);
    server = await start(folder);
  });

  test('a process that was killed leaves a folder that the next one can use', async () => {
    await stop(server, 'SIGKILL');
    server = await start(folder);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });
});
