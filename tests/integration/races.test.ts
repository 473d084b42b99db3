import { dialCall, type CallDevice } from '@visavis/call';
import { createLog, createSecret, openPostgres, type Sql } from '@visavis/server';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase } from '../harness/postgres.ts';
import { codeOf } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';

/** Two servers with a pool each on one database: every race is decided by it. */
let servers: readonly [TestServer, TestServer];
const pools: Sql[] = [];
/** Nobody counts how often somebody dials here. */
const ports = { quotas: { takeDial: async () => null } };
beforeAll(async () => {
  const url = createSecret(await createDatabase(inject('postgresUrl')));
  const open = (): Sql => {
    const sql = openPostgres({ url, log: createLog('silent') });
    pools.push(sql);
    return sql;
  };
  // Both at once: only one of them may bring the empty database up to date.
  const [one, other] = await Promise.all([
    startTestServer({ sql: open(), ports }),
    startTestServer({ sql: open(), ports }),
  ]);
  servers = [one, other];
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  for (const pool of pools) await pool.close();
  expect(servers.flatMap(({ errors }) => errors)).toEqual([]);
});

const count = async (text: string, ...parameters: string[]): Promise<unknown> =>
  (await servers[0].sql.query(`select count(*)::int as n from ${text}`, parameters))[0];

const device = ({ userId }: { userId: string }, name: string): CallDevice => ({
  userId,
  deviceId: crypto.randomUUID(),
  name,
  kind: 'phone',
});

test('RING4 of 100 answers at once through two servers one wins', async () => {
  const [one, other] = servers;
  const caller = await one.ports.accounts.findUser((await one.signIn('ana')).userId);
  const callee = await one.ports.accounts.findUser((await one.signIn('ben')).userId);
  if (caller === null || callee === null) throw new Error('nobody there');
  const calleeDevices = Array.from({ length: 100 }, (_, n) => device(callee, `device ${String(n)}`));
  const { call, effects } = dialCall({
    callId: crypto.randomUUID(),
    callType: 'video',
    caller,
    callee,
    callerDevice: device(caller, 'caller'),
    calleeDevices,
    policy: { inCall: false, callWaiting: true, doNotDisturb: false, admits: 'ring' },
    now: one.clock.now(),
    ringMs: 45_000,
  });
  await one.app.calls.create({ call, idempotencyKey: crypto.randomUUID() }, effects, () => {});
  const changes = await Promise.all(
    calleeDevices.map(async ({ deviceId }, n) =>
      (n % 2 === 0 ? one : other).app.calls.change(call.callId, {
        type: 'answered',
        deviceId,
        media: 'video',
      }),
    ),
  );
  expect(changes.filter(({ ok }) => ok).length).toBe(1);
  expect(changes.filter((change) => !change.ok && change.code === 'CALL_UNAVAILABLE').length).toBe(99);
  expect(
    await count(`call_participants where call_id = $1 and role = 'callee' and state = 'joined'`, call.callId),
  ).toEqual({ n: 1 });
});

test('RING7 two who dial each other at once through two servers are in one call', async () => {
  const [one, other] = servers;
  for (let round = 0; round < 25; round += 1) {
    const chidi = await one.online('chidi', `chidi ${String(round)}`);
    const dilnoza = await other.online('dilnoza', `dilnoza ${String(round)}`);
    const [hers, his] = await Promise.all([chidi.dial(dilnoza), dilnoza.dial(chidi)]);
    expect(his.callId).toBe(hers.callId);
    expect(await count(`calls where id = $1 and state = 'connected'`, hers.callId)).toEqual({ n: 1 });
    await one.http(chidi, 'POST', '/api/sign-out');
    await other.http(dilnoza, 'POST', '/api/sign-out');
    await Promise.all(servers.map(async ({ app }) => app.settle()));
    await servers[0].app.calls.change(hers.callId, { type: 'device_removed', deviceId: dilnoza.deviceId });
  }
});

test('RING1 one key makes one call, through whichever server it is sent', async () => {
  const [one, other] = servers;
  const callee = await other.signIn('farah');
  for (let round = 0; round < 25; round += 1) {
    const key = crypto.randomUUID();
    const devices = await Promise.all([
      one.online('elio', 'at one'),
      one.online('elio', 'at one too'),
      other.online('elio', 'at the other'),
    ]);
    const payload = { calleeId: callee.userId, callType: 'video', idempotencyKey: key };
    const answers = await Promise.all(
      devices.map(async (device) => device.request('initiate_call', { payload })),
    );
    // The devices that come too late learn that there is a call, and that it is not theirs.
    expect(answers.map((answer) => codeOf(answer)).toSorted()).toEqual([
      'ALREADY_DIALING',
      'ALREADY_DIALING',
      'ok',
    ]);
    expect(await count('calls where initiator_id = $1', devices[0].userId)).toEqual({ n: round + 1 });
    const callId = answers.find(({ type }) => type === 'ok');
    if (callId?.type !== 'ok' || callId.payload.callId === undefined) throw new Error('no call');
    const winner = devices[answers.indexOf(callId)];
    await winner?.request('cancel_call', { callId: callId.payload.callId });
    for (const [n, device] of devices.entries())
      await (n < 2 ? one : other).http(device, 'POST', '/api/sign-out');
  }
});
