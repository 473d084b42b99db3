import { createLinkParts } from '@visavis/client';
import { DEVICE_HEADER, HttpError, LIMITS, SavedGroup } from '@visavis/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { TestDevice } from './support/device.ts';
import { gather } from './support/groups.ts';
import { comeAsGuest, makeLink } from './support/guests.ts';
import { injectInto, type Injected } from './support/inject.ts';
import { ORIGIN, startTestServer, type TestServer } from './support/server.ts';

/* Every operation that the server says it has, by everybody who may not do it and with everything that it does not take. */

const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.optional(z.array(z.unknown())) }))),
});

interface Operation {
  readonly name: string;
  readonly method: Injected['method'];
  readonly path: string;
  /** It is for signed-in devices, and checks what it is given by a schema. */
  readonly needsDevice: boolean;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** What needs no signing in; all else does. */
const PUBLIC = [
  'GET /api/demo/people',
  'GET /api/links/{token}',
  'GET /api/service',
  'GET /api/users/{userId}/avatar',
  'GET /healthz',
  'GET /readyz',
  'POST /api/demo/sign-in',
  'POST /api/links/{token}/guest',
];
/** What somebody without an account may ask, too (GRP6). */
const FOR_GUESTS = [
  'GET /api/me',
  'GET /api/turn-credentials',
  'GET /api/users/{userId}/keys',
  'POST /api/check/media',
  'POST /api/check/sample',
  'POST /api/sign-out',
  'PUT /api/me/device-key',
];

let server: TestServer;
let operations: readonly Operation[];
let ana: TestDevice;
let guest: TestDevice;
let stranger: TestDevice;
/** What belongs to Ana, by the name that the paths give it. */
let hers: Readonly<Record<string, string>>;
/** What it takes to get as far as the question whose it is. */
let bodies: Readonly<Record<string, object>>;
beforeAll(async () => {
  server = await startTestServer();
  const { body } = await injectInto(server, { method: 'GET', url: '/api/openapi.json' });
  operations = Object.entries(Description.parse(JSON.parse(body)).paths).flatMap(([path, byMethod]) =>
    METHODS.flatMap((method) => {
      const operation = byMethod[method.toLowerCase()];
      if (operation === undefined) return [];
      return [{ name: `${method} ${path}`, method, path, needsDevice: operation.security !== undefined }];
    }),
  );
  ana = await server.online('ana');
  const ben = await server.online('ben');
  await server.addUser('stranger');
  stranger = await server.online('stranger');
  const { callId } = await gather(ana, ben);
  const { token, linkId } = await makeLink(server, ana, callId);
  guest = await comeAsGuest(server, token);
  const made = await server.http(ana, 'POST', '/api/groups', { title: 'Two', memberIds: [ben.userId] });
  const { groupId } = z.parse(SavedGroup, made.body);
  hers = { callId, linkId, groupId, deviceId: ana.deviceId, userId: ana.userId, token };
  bodies = {
    'PATCH /api/devices/{deviceId}': { name: 'mine' },
    'PUT /api/groups/{groupId}': { title: 'Mine', memberIds: [ben.userId] },
    'POST /api/calls/{callId}/links': { token: (await createLinkParts()).token },
    'PUT /api/calls/{callId}/quality': { seconds: 10, fairSeconds: 0, poorSeconds: 0 },
  };
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const fill = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => hers[name] ?? name);

/** Everything that is stored. */
async function dump(): Promise<unknown> {
  await server.app.settle();
  const names = await server.sql.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return Promise.all(
    z.parse(z.array(z.object({ name: z.string() })), names).map(async ({ name }) => {
      const rows = await server.sql.query(`select * from ${name}`);
      return [name, rows.map((row) => JSON.stringify(row)).toSorted()];
    }),
  );
}

interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** Asks for it as this device, if any, and gives back why it was not done. */
async function ask(
  { method, path, name }: Operation,
  device: TestDevice | null,
  request: Partial<Injected> = {},
): Promise<Refusal> {
  const { status, body } = await injectInto(server, {
    method,
    url: fill(path),
    ...(bodies[name] === undefined ? {} : { payload: bodies[name] }),
    ...request,
    headers: {
      origin: ORIGIN,
      ...(device === null ? {} : { [DEVICE_HEADER]: device.deviceId, cookie: device.cookie }),
      ...request.headers,
    },
  });
  if (status < 400) return { status, code: 'done' };
  const refusal = HttpError.parse(JSON.parse(body));
  expect(refusal.message, name).not.toBe('');
  return { status, code: refusal.code };
}

/** Each of these operations is refused as it should be, and nothing that is stored has changed. */
async function expectRefused(
  chosen: (operation: Operation) => boolean,
  expected: Refusal | readonly Refusal[],
  attempt: (operation: Operation) => Promise<Refusal>,
): Promise<void> {
  const some = operations.filter(chosen);
  expect(some.length).toBeGreaterThan(5);
  const before = await dump();
  for (const operation of some) {
    expect([expected].flat(), operation.name).toContainEqual(await attempt(operation));
    expect(await dump(), operation.name).toEqual(before);
  }
}

const changes = ({ method }: Operation): boolean => method !== 'GET';
const needsDevice = (operation: Operation): boolean => operation.needsDevice;

test('HTTP1 what needs no signing in is known, and so is what guests may ask', () => {
  const names = operations.map(({ name }) => name);
  expect(operations.filter((each) => !each.needsDevice).map(({ name }) => name)).toEqual(
    expect.arrayContaining(PUBLIC),
  );
  expect(names.length - operations.filter(needsDevice).length).toBe(PUBLIC.length);
  expect(names).toEqual(expect.arrayContaining(FOR_GUESTS));
});

test('HTTP1 nobody who is not signed in is served by anything else, and nothing changes', async () =>
  expectRefused(needsDevice, { status: 401, code: 'UNAUTHENTICATED' }, async (operation) =>
    ask(operation, null),
  ));

test('HTTP1 a page of somebody else changes nothing, with a cookie that is good', async () =>
  expectRefused(changes, { status: 403, code: 'FORBIDDEN' }, async (operation) =>
    ask(operation, ana, { headers: { origin: 'https://evil.example' } }),
  ));

test('GRP6 a guest may use nothing but what is for guests', async () =>
  expectRefused(
    (operation) => operation.needsDevice && !FOR_GUESTS.includes(operation.name),
    { status: 403, code: 'FORBIDDEN' },
    async (operation) => ask(operation, guest),
  ));

test('HTTP2 whose it is not can neither see nor change a call, its links, a group or a device', async () =>
  expectRefused(
    ({ path }) => /\{(?:callId|linkId|groupId|deviceId)\}/.test(path),
    { status: 404, code: 'NOT_FOUND' },
    async (operation) => ask(operation, stranger),
  ));

test('HTTP2 an id that is none names nothing', async () =>
  expectRefused(
    ({ path }) => /\{(?:callId|linkId|groupId|deviceId)\}/.test(path),
    { status: 404, code: 'NOT_FOUND' },
    async (operation) => ask(operation, ana, { url: operation.path.replaceAll(/\{\w+\}/g, '1') }),
  ));

test.each(['{', '[1]', '"text"', '7', '{"surprise":1}', '{"__proto__":{"surprise":1}}'])(
  'HTTP2 %s is taken by no operation that changes something',
  async (payload) =>
    expectRefused(
      (operation) => changes(operation) && operation.needsDevice,
      { status: 400, code: 'BAD_MESSAGE' },
      async (operation) => ask(operation, ana, { payload, headers: { 'content-type': 'application/json' } }),
    ),
);

test('HTTP2 a body that is too large is taken by none', async () =>
  expectRefused(changes, { status: 413, code: 'TOO_LARGE' }, async (operation) =>
    ask(operation, ana, {
      payload: JSON.stringify({ name: 'x'.repeat(LIMITS.messageBytes) }),
      headers: { 'content-type': 'application/json' },
    }),
  ));

test('HTTP2 a question with more in it than it may have is not answered', async () =>
  expectRefused(
    ({ method, needsDevice: isChecked }) => method === 'GET' && isChecked,
    { status: 400, code: 'BAD_MESSAGE' },
    async (operation) => ask(operation, ana, { url: `${fill(operation.path)}?surprise=1` }),
  ));

test('HTTP2 whose it is has it: what was refused above was there', async () => {
  const theirs = operations.filter(({ path }) => /\{(?:callId|linkId|groupId|deviceId)\}/.test(path));
  // What is needed for the others goes last.
  const inOrder = theirs.toSorted((one, other) => Number(isDeletion(one)) - Number(isDeletion(other)));
  for (const operation of inOrder.filter(({ path }) => !path.endsWith('{deviceId}'))) {
    const { code } = await ask(operation, ana);
    expect(['done', 'WRONG_STATE'], operation.name).toContain(code);
  }
});

const isDeletion = ({ method }: Operation): boolean => method === 'DELETE';
