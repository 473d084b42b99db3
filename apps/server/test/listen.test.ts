import { once } from 'node:events';
import { type Server, createServer } from 'node:net';

import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';

import { CannotListen, listenOnFreePort } from '../src/listen.ts';

const host = '127.0.0.1';
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => once(server.close(), 'close')));
});

/** Another program that listens, on a port of the system's choice unless told. */
async function occupy(port = 0): Promise<number> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  servers.push(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function failing(code: string) {
  return { listen: async () => Promise.reject(Object.assign(new Error(code), { code })) };
}

const request = { host, notify: () => {} };

test('a taken port is named, and the server listens on a later one', async () => {
  const taken = await occupy();
  const messages: string[] = [];
  const server = Fastify();
  server.get('/', () => 'here');
  const address = await listenOnFreePort(server, {
    port: taken,
    host,
    notify: (message) => messages.push(message),
  });
  try {
    expect(messages[0]).toBe(`Port ${taken} is taken by another program. Trying ${taken + 1}.`);
    expect(Number(new URL(address).port)).toBeGreaterThan(taken);
    expect(await (await fetch(address)).text()).toBe('here');
  } finally {
    await server.close();
  }
});

test('a free port is taken without a word', async () => {
  const messages: string[] = [];
  const server = Fastify();
  try {
    const address = await listenOnFreePort(server, {
      port: 0,
      host,
      notify: (message) => messages.push(message),
    });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(messages).toEqual([]);
  } finally {
    await server.close();
  }
});

test('when every port of the range is taken, the range is named', async () => {
  const attempt = listenOnFreePort(failing('EADDRINUSE'), { ...request, port: 3000, attempts: 3 });
  await expect(attempt).rejects.toThrow(new CannotListen('The ports 3000 to 3002 are all taken.'));
});

test('the last port there is ends the search', async () => {
  const attempt = listenOnFreePort(failing('EADDRINUSE'), { ...request, port: 65_534 });
  await expect(attempt).rejects.toThrow('The ports 65534 to 65535 are all taken.');
});

test('a port that this account may not use is not passed over in silence', async () => {
  const attempt = listenOnFreePort(failing('EACCES'), { ...request, port: 443 });
  await expect(attempt).rejects.toThrow(/may not listen on port 443.*take one above/);
});

test('an address of another machine is named', async () => {
  const attempt = listenOnFreePort(Fastify(), { ...request, port: 0, host: '192.0.2.1' });
  await expect(attempt).rejects.toThrow('192.0.2.1 is not an address of this machine.');
});

test('any other error is handed on as it is', async () => {
  const attempt = listenOnFreePort(failing('EMFILE'), { ...request, port: 3000 });
  await expect(attempt).rejects.toMatchObject({ code: 'EMFILE' });
});
