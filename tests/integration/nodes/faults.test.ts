import { TIMES } from '@visavis/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../harness/server.ts';
import { SocketDevice } from '../../harness/socketDevice.ts';
import { until } from '../../harness/until.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { candidate, offer } from '../support/signals.ts';

const RING_MS = 6_000;
/** How late a deadline may be met. */
const LATE_MS = 1_000;

let cluster: Cluster;
let doomed: RunningServer;
let steady: RunningServer;
const report: string[] = [];
beforeAll(async () => {
  cluster = await startCluster(2, { ringMs: RING_MS });
});
beforeEach(() => {
  const [first, second] = cluster.nodes;
  if (first === undefined || second === undefined) throw new Error('no nodes');
  steady = first;
  doomed = second;
});
afterAll(async () => {
  await cluster.dispose();
  process.stdout.write(`${report.join('\n')}\n`);
});

const readiness = async (): Promise<number[]> =>
  Promise.all(cluster.urls().map(async (url) => (await fetch(`${url}/readyz`)).status));

interface Pair {
  readonly callId: string;
  readonly caller: SocketDevice;
  readonly callee: SocketDevice;
}

async function connect(callerUrl: string, calleeUrl: string): Promise<Pair> {
  const caller = await SocketDevice.online(callerUrl, 'ana');
  const callee = await SocketDevice.online(calleeUrl, 'ben');
  const callId = await caller.dial(callee);
  await callee.request('answer_call', { callId, payload: { media: 'video' } });
  await caller.event('call_answered', callId);
  return { callId, caller, callee };
}

/** The call still works in both directions, and ends once for both. */
async function finish({ callId, caller, callee }: Pair): Promise<void> {
  const n = callee.events('ice_candidate', callId).length;
  await caller.request('ice_candidate', { callId, payload: candidate(n) });
  await callee.request('ice_candidate', { callId, payload: candidate(n) });
  await until('both hear each other', () =>
    [caller, callee].every((each) => each.events('ice_candidate', callId).length > n),
  );
  const ended = await callee.request('end_call', { callId, payload: { reason: 'hangup' } });
  expect(ended).toMatchObject({ type: 'ok' });
  await caller.event('call_ended', callId);
  for (const device of [caller, callee]) {
    expect(device.events('call_ended', callId).length).toBeLessThanOrEqual(1);
    expect(device.faults).toEqual([]);
    expect(await device.http('GET', `/api/calls/${callId}`)).toMatchObject({
      body: { state: 'ended', endReason: 'hangup' },
    });
    device.close();
  }
}

test('CALL4 a call moves although the node at which that was asked for was killed in between', async () => {
  const laptop = await SocketDevice.online(steady.url, 'elio');
  const ben = await SocketDevice.online(steady.url, 'farah');
  const phone = await SocketDevice.online(doomed.url, 'elio');
  const started = await laptop.request('start_group', {
    payload: {
      idempotencyKey: 'moves',
      userIds: [ben.userId],
      callType: 'video',
      savedGroupId: null,
    },
  });
  const callId = started.type === 'ok' ? (started.payload.callId ?? '') : '';
  await ben.event('ring', callId);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const moving = await phone.request('move_call', { callId, payload: { fromDeviceId: null, token: null } });
  expect(moving).toMatchObject({ type: 'ok', payload: { call: { joined: true } } });
  await doomed.kill();
  const confirm = { callId, payload: { toDeviceId: phone.account.deviceId } };
  expect(await ben.request('confirm_move', confirm)).toMatchObject({ type: 'ok' });
  expect(laptop.events('call_ended', callId)).toEqual([]);
  const ms = await phone.comeBack([steady.url]);
  expect(await phone.request('confirm_move', confirm)).toMatchObject({ type: 'ok' });
  expect((await laptop.event('call_ended', callId)).payload).toMatchObject({ reason: 'moved' });
  report.push(`kill -9 while a call moves: it has moved, its new device back after ${ms.toFixed(0)} ms`);
  const last = ben.events('group_changed', callId).at(-1)?.payload.call.group;
  expect(last?.moves).toBeUndefined();
  for (const device of [phone, ben])
    await device.request('end_call', { callId, payload: { reason: 'hangup' } });
  for (const device of [phone, ben, laptop]) {
    expect(device.faults).toEqual([]);
    device.close();
  }
  await doomed.restart();
});

test('RING5 a ring timeout is met within 1 s although the node that began it was killed', async () => {
  const caller = await SocketDevice.online(doomed.url, 'chidi');
  const callee = await SocketDevice.online(steady.url, 'dilnoza');
  const callId = await caller.dial(callee);
  const { payload } = await callee.event('ring', callId);
  await doomed.kill();
  await caller.comeBack([steady.url]);
  await until('it ends', () => callee.events('call_ended', callId).length > 0, RING_MS * 2);
  const [ended] = callee.events('call_ended', callId);
  if (ended === undefined || payload.call.ringDeadlineAt === undefined) throw new Error('no end');
  const late = ended.payload.endedAt - payload.call.ringDeadlineAt;
  report.push(`kill -9 while it rings: timeout met ${String(late)} ms late`);
  expect(late).toBeLessThanOrEqual(LATE_MS);
  await caller.event('call_ended', callId);
  for (const device of [caller, callee]) {
    expect(device.events('call_ended', callId).length).toBe(1);
    expect(device.faults).toEqual([]);
    device.close();
  }
  await doomed.restart();
});

test('a call whose devices were both at a node that is killed goes on at the other one', async () => {
  const pair = await connect(doomed.url, doomed.url);
  for (const device of [pair.caller, pair.callee]) device.stayOnline([steady.url]);
  const startedAt = performance.now();
  await doomed.kill();
  await until('both are back', () =>
    [pair.caller, pair.callee].every((each) => each.returns === 1 && each.isRegistered),
  );
  report.push(`kill -9 in a call: both back after ${String(Math.round(performance.now() - startedAt))} ms`);
  // Longer than the time after which a device that had not come back would be gone.
  const goneAt = performance.now() + TIMES.busyDeadMs + 1_500;
  await until('the time is over', () => performance.now() > goneAt);
  expect(pair.caller.events('call_ended', pair.callId)).toEqual([]);
  await finish(pair);
  await doomed.restart();
});

test('CALL2 a device that dies together with its node is gone in time', async () => {
  const { callId, caller, callee } = await connect(steady.url, doomed.url);
  const startedAt = performance.now();
  await doomed.kill();
  callee.cut();
  await until('it ends', () => caller.events('call_ended', callId).length > 0, TIMES.busyDeadMs * 2);
  const tookMs = performance.now() - startedAt;
  report.push(`device and node die together: gone after ${String(Math.round(tookMs))} ms`);
  expect(caller.events('call_ended', callId)).toMatchObject([{ payload: { reason: 'connection_lost' } }]);
  expect(tookMs).toBeLessThan(TIMES.busyDeadMs + 2_000);
  caller.close();
  await doomed.restart();
});

test.each([
  ['emptied', async () => cluster.redis.flush()],
  [
    'killed and started again',
    async () => {
      await cluster.redis.kill();
      await until('both nodes say so', async () => (await readiness()).every((status) => status === 503));
      await cluster.redis.start();
    },
  ],
])('a Redis that is %s loses no call: devices come back, presence is rebuilt', async (_what, disturb) => {
  const pair = await connect(steady.url, doomed.url);
  const { caller, callee } = pair;
  for (const device of [caller, callee]) device.stayOnline(cluster.urls());
  await disturb();
  await until('both have come back', () =>
    [caller, callee].every((each) => each.returns >= 1 && each.isRegistered),
  );
  await until('presence is rebuilt', async () => {
    const { body } = await caller.http('GET', '/api/contacts');
    return /"busy"/.test(JSON.stringify(body));
  });
  expect(caller.events('call_ended', pair.callId)).toEqual([]);
  await finish(pair);
});

test('a PostgreSQL that is restarted loses no call, and what passes in a call does not wait for it', async () => {
  const pair = await connect(steady.url, doomed.url);
  await cluster.postgres.stop('immediate');
  expect((await pair.caller.request('offer', { callId: pair.callId, payload: offer })).type).toBe('ok');
  await pair.callee.event('offer', pair.callId);
  await cluster.postgres.start();
  await until('both nodes are ready', async () => {
    return (await readiness()).every((status) => status === 200);
  });
  await finish(pair);
});

test('a node that is stopped gives its devices to the other one', async () => {
  const pair = await connect(doomed.url, steady.url);
  pair.caller.stayOnline([steady.url]);
  await doomed.stop();
  await until('it is back', () => pair.caller.returns === 1 && pair.caller.isRegistered);
  await finish(pair);
});
