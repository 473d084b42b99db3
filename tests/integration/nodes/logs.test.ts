import { CLOSE, TurnCredentials } from '@visavis/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SocketDevice } from '../../harness/socketDevice.ts';
import { until } from '../../harness/until.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { candidate, offer } from '../support/signals.ts';

/*
 * Two real nodes with their real logs at `info`, everything that calls do, and everything that fails around them. Then each line is
 * searched for whatever would give somebody away or let somebody in.
 */

const SECRET = '1f0e3dad99908345f7439f8ffabdffc4';
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster(2, {
    ringMs: 3_000,
    env: {
      VISAVIS_LOG_LEVEL: 'info',
      VISAVIS_TURN_URLS: 'turn:relay.example:3478',
      VISAVIS_TURN_SECRET: SECRET,
    },
  });
});
afterAll(async () => cluster.dispose());

/** What must stand in no line, and what it is. */
const secrets = new Map<string, string>();
const keep = (what: string, value: string | undefined): void => {
  if (value !== undefined && value.length > 2) secrets.set(value, what);
};

async function come(handle: string, node: 0 | 1): Promise<SocketDevice> {
  const url = cluster.urls()[node] ?? '';
  const device = await SocketDevice.signIn(url, handle);
  const registered = await device.register();
  device.stayOnline(cluster.urls());
  const { userId, deviceId, cookie } = device.account;
  keep('a user id', userId);
  keep('a device id', deviceId);
  keep('a cookie', cookie.split('=')[1]);
  keep('a session id', registered.payload.sessionId);
  const { body } = await device.http('GET', '/api/turn-credentials');
  for (const server of TurnCredentials.parse(body).iceServers) {
    keep('the name in a TURN credential', server.username);
    keep('a TURN credential', server.credential);
  }
  return device;
}

async function call(
  caller: SocketDevice,
  callee: SocketDevice,
  how: 'answer' | 'decline' | 'cancel' | 'miss',
) {
  const callId = await caller.dial(callee);
  keep('a call id', callId);
  await caller.request('offer', { callId, payload: offer });
  await callee.event('ring', callId);
  await callee.request('report_ringing', { callId, payload: { silent: false } });
  if (how === 'answer') {
    await callee.request('answer_call', { callId, payload: { media: 'video' } });
    await callee.request('answer', { callId, payload: offer });
    await caller.request('ice_candidate', { callId, payload: candidate(7) });
    for (const device of [caller, callee])
      await device.request('report_media', { callId, payload: { flow: 'flowing' } });
    return callId;
  }
  if (how === 'decline') await callee.request('decline_call', { callId });
  if (how === 'cancel') await caller.request('cancel_call', { callId });
  await caller.event('call_ended', callId);
  return callId;
}

async function rubbish(device: SocketDevice, callId: string): Promise<void> {
  await device.request('end_call', { callId: crypto.randomUUID(), payload: { reason: 'hangup' } });
  await device.request('answer_call', { callId, payload: { media: 'smell' } });
  await device.request('offer', { callId, payload: { ...offer, sdp: `${offer.sdp}a=fingerprint:\r\n` } });
  await device.request('no_such_thing', { callId });
}

/** Requests that name and show what is not theirs. */
async function forge(url: string, victim: SocketDevice, other: SocketDevice): Promise<void> {
  const token = other.account.cookie.split('=')[1] ?? '';
  for (const cookie of [`visavis_${victim.account.deviceId}=${token}`, other.account.cookie, 'visavis_x=1']) {
    const headers = { cookie, origin: url, 'x-visavis-device': victim.account.deviceId };
    expect((await fetch(`${url}/api/me`, { headers })).status).toBe(401);
    expect(
      (await fetch(`${url}/api/calls/${crypto.randomUUID()}?with=${victim.userId}`, { headers })).status,
    ).toBe(401);
  }
  const headers = {
    cookie: victim.account.cookie,
    origin: 'https://evil.example',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ hideAddress: true });
  const answer = await fetch(`${url}/api/me/settings`, { method: 'PATCH', headers, body });
  expect(answer.status).toBe(403);
  await fetch(`${url}/api/%zz/${victim.userId}`, { headers });
}

const linesOf = (): string[] =>
  cluster.nodes.flatMap((node) => node.output().split('\n')).filter((line) => line.trim() !== '');

function expectNobody(): void {
  for (const name of ['ana', 'ben', 'chidi', 'dilnoza', 'elio']) keep('a handle', name);
  for (const name of ['Duarte', 'Whitaker', 'Okafor']) keep('a name', name);
  keep('the TURN secret', SECRET);
  keep('the password of a database', 'visavis@127.0.0.1');
  keep('an address of a device', '192.0.2.7');
  keep('a fingerprint', 'AB:AB');
  keep('a page of somebody else', 'evil.example');
  const found = linesOf().flatMap((line) =>
    [...secrets].filter(([value]) => contains(line, value)).map(([, what]) => `${what} in: ${line}`),
  );
  expect(found).toEqual([]);
}

/** Handles are short: they count as words only. */
const contains = (line: string, value: string): boolean =>
  /^[a-z]{3,8}$/.test(value) ? new RegExp(`\\b${value}\\b`, 'i').test(line) : line.includes(value);

test('what is searched for would be found', () => {
  keep('a test', 'needle');
  expect(contains('{"msg":"a needle"}', 'needle')).toBe(true);
  expect(contains('{"msg":"banana"}', 'ana')).toBe(false);
  expect(contains(`{"token":"x${SECRET}x"}`, SECRET)).toBe(true);
  secrets.clear();
});

test('whole calls, refused requests and failing services leave no line that names anybody', async () => {
  const [ana, ben, benToo, chidi] = await Promise.all([
    come('ana', 0),
    come('ben', 1),
    come('ben', 0),
    come('chidi', 1),
  ]);
  for (const how of ['answer', 'decline', 'cancel', 'miss'] as const) {
    const callId = await call(ana, ben, how);
    await rubbish(chidi, callId);
    if (how === 'answer') await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  }
  // RING7, and a blocked caller.
  await Promise.all(
    [ana.dial(chidi), chidi.dial(ana)].map(async (dialing) => keep('a call id', await dialing)),
  );
  await ben.http('PUT', `/api/blocks/${chidi.userId}`);
  for (const url of cluster.urls()) await forge(url, ana, ben);
  expectNobody();

  // What fails in the middle of calls.
  const callId = await call(benToo, await come('dilnoza', 1), 'answer');
  await cluster.redis.kill();
  for (const url of cluster.urls()) {
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  }
  await ana.request('initiate_call', {
    payload: { calleeId: ben.userId, callType: 'video', idempotencyKey: crypto.randomUUID() },
  });
  await cluster.redis.start();
  await cluster.postgres.stop('immediate');
  await benToo.request('end_call', { callId, payload: { reason: 'hangup' } });
  await ana.http('GET', '/api/calls');
  for (const url of cluster.urls()) expect((await fetch(`${url}/readyz`)).status).toBe(503);
  await cluster.postgres.start();
  await until('all nodes are ready', async () => {
    const states = await Promise.all(
      cluster.urls().map(async (url) => (await fetch(`${url}/readyz`)).status),
    );
    return states.every((status) => status === 200);
  });
  // Then the new Redis knows both nodes.
  await until('both have noticed', () =>
    cluster.nodes.every((node) => node.output().includes('what other nodes said may be lost')),
  );
  const [first, second] = cluster.nodes;
  await until('the devices are back', () => [ana, ben, benToo].every((device) => device.isRegistered));
  // One whose device does not come back.
  const farah = await SocketDevice.online(second?.url ?? '', 'farah');
  keep('a user id', farah.userId);
  keep('a device id', farah.account.deviceId);
  await second?.kill();
  await until('the other node looks after its devices', () =>
    /looked after the devices/.test(first?.output() ?? ''),
  );
  await until('they are all at the node that is left', () =>
    [ana, ben].every((device) => device.isRegistered),
  );

  // The session of another device is not resumed, and a page with another's cookie gets no session.
  const stranger = await SocketDevice.signIn(cluster.urls()[0] ?? '', 'elio');
  await (
    await fetch(`${cluster.urls()[0] ?? ''}/api/sign-out`, {
      method: 'POST',
      headers: {
        cookie: stranger.account.cookie,
        origin: cluster.urls()[0] ?? '',
        'x-visavis-device': stranger.account.deviceId,
      },
    })
  ).arrayBuffer();
  keep('a device id', stranger.account.deviceId);
  keep('a cookie', stranger.account.cookie.split('=')[1]);
  await expect(stranger.register()).rejects.toThrow(`closed with ${String(CLOSE.unauthenticated)}`);

  const lines = linesOf();
  for (const said of ['a request was refused', 'a socket was refused', 'not ready', 'Redis'])
    expect(
      lines.some((line) => line.includes(said)),
      said,
    ).toBe(true);
  for (const line of lines.filter((each) => each.startsWith('{')))
    expect(JSON.parse(line)).toHaveProperty('msg');
  process.stdout.write(`${String(lines.length)} lines, ${String(secrets.size)} secrets searched for\n`);
  expectNobody();
  for (const device of [ana, ben, benToo, chidi]) device.close();
});
