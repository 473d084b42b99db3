import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALONE_WITH_LINK_MS, growGroup } from '@visavis/call';
import { TIMES, toGroupCallId } from '@visavis/protocol';
import { systemRandom } from '@visavis/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/databases.ts';
import { TestDevice } from '../support/device.ts';
import { callOf, gather, seen, startGroup, statusOf } from '../support/groups.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { makeLink } from '../support/guests.ts';

let folder: string;
let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-groups-'));
  database = await createTestDatabase(folder);
  server = await startTestServer({ sql: await database.open() });
});
afterAll(async () => {
  await server.stop();
  await server.sql.close();
  await rm(folder, { recursive: true });
});

async function restart(pause = 0): Promise<void> {
  await server.stop();
  await server.sql.close();
  server.clock.advance(pause);
  server = await startTestServer({ sql: await database.open(), clock: server.clock });
}
/** The same signed-in device at the server that runs now. */
const again = (device: TestDevice): TestDevice => new TestDevice(server.app, device.device, device.cookie);

test('GRP3 GRP9 a group call goes on over a restart, without those who do not come back', async () => {
  const [ana, ben, chidi] = [
    await server.online('ana'),
    await server.online('ben'),
    await server.online('chidi'),
  ];
  const { callId } = await gather(ana, ben, chidi);
  await restart(2_000);
  const back = [again(ana), again(ben)];
  for (const device of back)
    expect((await device.register()).payload.calls).toMatchObject([{ callId, joined: true }]);
  await server.pass(TIMES.returnMs + 1_000);
  const [first] = back;
  if (first === undefined) throw new Error('nobody is back');
  await seen(first, callId, (call) => statusOf(call, chidi) === 'left' && statusOf(call, ben) === 'joined');
  callOf(await rejoin(chidi, callId));
  for (const device of back) await device.request('end_call', { callId, payload: { reason: 'hangup' } });
});

const rejoin = async (device: TestDevice, callId: string) => {
  const returned = again(device);
  await returned.register();
  return returned.request('join_call', { callId, payload: { media: 'video' } });
};

test('RING5 ringing ends in time, though the server that began it is gone', async () => {
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await startGroup(ana, [ben]);
  await restart(50_000);
  const returned = again(ben);
  await returned.register();
  await server.pass(1_000);
  expect(await server.ports.groups.load(callId)).toMatchObject({
    call: { people: [{ status: 'joined' }, { status: 'missed' }] },
  });
  // Ana does not come back.
  await server.pass(TIMES.returnMs);
  expect(await server.ports.groups.load(callId)).toMatchObject({ call: { state: 'ended' } });
  const page = await server.ports.history.page(ben.userId, { cursor: null, limit: 1, withUserId: null });
  expect(page.entries).toMatchObject([{ callId, outcome: 'missed', seen: false }]);
});

test('GRP9 a host who waits with a link waits on over a restart, and one stored before links were known for a minute', async () => {
  const [ana, ben, chidi, elio] = [
    await server.online('ana'),
    await server.online('ben'),
    await server.online('chidi'),
    await server.online('elio'),
  ];
  const { callId } = await gather(ana, ben);
  const { callId: older } = await gather(chidi, elio);
  expect((await makeLink(server, ana, callId)).linkId).not.toBe('');
  await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
  await elio.request('end_call', { callId: older, payload: { reason: 'hangup' } });
  await server.sql.query(`update group_calls set state = state - 'links' where id = $1`, [older]);
  await restart(2_000);
  const [back, other] = [again(ana), again(chidi)];
  await back.register();
  await other.register();
  await server.pass(5 * 60_000);
  expect((await other.event('call_ended', older)).payload.reason).toBe('hangup');
  expect(back.events('call_ended', callId)).toEqual([]);
  await server.pass(ALONE_WITH_LINK_MS);
  expect((await back.event('call_ended', callId)).payload.reason).toBe('hangup');
});

test('CALL3 what was half grown when the server ended is grown by the next one', async () => {
  const ana = await server.online('elio');
  const ben = await server.online('farah');
  const { callId } = await ana.dial(ben);
  await ben.event('ring', callId);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const stored = await server.ports.calls.load(callId);
  if (stored?.call.state !== 'connected') throw new Error('not connected');
  const grown = growGroup({
    callId: toGroupCallId(systemRandom.id()),
    direct: stored.call,
    inviterId: ana.userId,
    invitees: [],
    now: server.clock.now(),
    ringMs: 45_000,
  });
  if (!grown.ok) throw new Error(grown.code);
  await server.ports.groups.create({ call: grown.step.call, key: null, effects: null });
  await restart();
  const { payload } = await again(ana).register();
  expect(payload.calls).toMatchObject([{ group: { grewFrom: callId }, joined: true }]);
  expect(await server.ports.calls.load(callId)).toMatchObject({ call: { endReason: 'grown' } });
});
