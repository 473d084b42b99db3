import { HistoryPage, HttpError } from '@visavis/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

let server: TestServer;
let ana: TestDevice;
let ben: TestDevice;
let chidi: TestDevice;
beforeAll(async () => {
  server = await startTestServer();
  ana = await server.online('ana');
  ben = await server.online('ben');
  chidi = await server.online('chidi');
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const page = async (device: TestDevice, query = '') =>
  HistoryPage.parse((await server.http(device, 'GET', `/api/calls${query}`)).body);

/** A call that its caller gives up. */
async function missedCall(from: TestDevice, to: TestDevice): Promise<string> {
  await server.pass(7_000);
  const { callId } = await from.dial(to);
  await from.request('cancel_call', { callId });
  await to.event('call_ended', callId);
  return callId;
}

test('HIST1 each side sees the call once, from its own side', async () => {
  const { callId } = await ana.dial(ben, 'audio');
  await ben.request('decline_call', { callId });
  const entry = async (device: TestDevice) =>
    (await page(device)).entries.filter((each) => each.callId === callId);
  expect(await entry(ana)).toMatchObject([
    {
      direction: 'outgoing',
      outcome: 'declined',
      callType: 'audio',
      peer: { handle: 'ben' },
      durationMs: null,
    },
  ]);
  expect(await entry(ben)).toMatchObject([
    { direction: 'incoming', outcome: 'declined', peer: { handle: 'ana' }, seen: true },
  ]);
  expect(await entry(chidi)).toEqual([]);
});

test('HIST1 a missed call is marked until somebody looks, on all devices of the user', async () => {
  const other = await server.online('ben');
  const callId = await missedCall(ana, ben);
  await until('both hear of it', () =>
    [ben, other].every((device) => device.notices('history_changed').at(-1)?.payload.missedUnseen === 1),
  );
  expect((await page(ben)).entries.find((each) => each.callId === callId)).toMatchObject({
    outcome: 'missed',
    seen: false,
  });
  expect((await page(ana)).entries.find((each) => each.callId === callId)).toMatchObject({
    outcome: 'cancelled',
    seen: true,
  });
  expect((await server.http(ben, 'GET', '/api/me')).body).toMatchObject({ missedUnseen: 1 });
  await server.http(other, 'POST', '/api/calls/seen');
  await until('both hear of it', () =>
    [ben, other].every((device) => device.notices('history_changed').at(-1)?.payload.missedUnseen === 0),
  );
  const after = await page(ben);
  expect(after.missedUnseen).toBe(0);
  expect(after.entries.find((each) => each.callId === callId)).toMatchObject({ seen: true });
});

test('HIST1 somebody whom nobody could reach finds the call as missed', async () => {
  const dilnoza = await server.signIn('dilnoza');
  await server.pass(7_000);
  const { callId } = await ana.dial(dilnoza);
  await server.pass(6_000);
  expect(await page(dilnoza)).toMatchObject({ entries: [{ callId, outcome: 'missed' }], missedUnseen: 1 });
  expect((await page(ana)).entries[0]).toMatchObject({ callId, outcome: 'unavailable' });
});

test('HIST3 a device that was in a call says how it was, and only what makes sense', async () => {
  await server.pass(7_000);
  const { callId } = await ana.dial(ben, 'video');
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const put = async (device: TestDevice, body: object) => {
    const { status, body: answer } = await server.http(device, 'PUT', `/api/calls/${callId}/quality`, body);
    return answer === null ? status : (HttpError.parse(answer).code satisfies string);
  };
  const quality = { seconds: 100, fairSeconds: 10, poorSeconds: 20, side: 'own', sentLoss: 0.08 } as const;
  expect(await put(chidi, quality)).toBe('NOT_FOUND');
  const absurd = [
    {},
    { ...quality, seconds: 0 },
    { ...quality, seconds: 1e9 },
    { ...quality, poorSeconds: 95 },
    { ...quality, poorSeconds: -1 },
    { ...quality, fairSeconds: 0.5 },
    { ...quality, sentLoss: 1.01 },
    { ...quality, sentLoss: null },
    { ...quality, roundTripMs: -1 },
    { ...quality, roundTripMs: 'fast' },
    { ...quality, usedBytes: 1e300 },
    { ...quality, side: 'ben' },
    { ...quality, address: '192.168.7.4' },
  ];
  for (const body of absurd) expect(await put(ana, body), JSON.stringify(body)).toBe('BAD_MESSAGE');
  expect((await page(ana)).entries[0]).not.toHaveProperty('quality');
  expect(await put(ana, { seconds: 3, fairSeconds: 0, poorSeconds: 0 })).toBe(204);
  expect(await put(ana, quality)).toBe(204);
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  // The other device says it after the end.
  expect(await put(ben, { ...quality, side: 'other' })).toBe(204);
  expect((await page(ana)).entries[0]).toMatchObject({ callId, quality });
  expect((await page(ben)).entries[0]).toMatchObject({ callId, quality: { side: 'other' } });
});

test('HIST2 paging is stable while new calls arrive', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n += 1) ids.unshift(await missedCall(chidi, ben));
  const withChidi = `with=${chidi.userId}`;
  const first = await page(ben, `?${withChidi}&limit=3`);
  const arrived = await missedCall(chidi, ben);
  const second = await page(ben, `?${withChidi}&limit=3&cursor=${first.nextCursor ?? ''}`);
  const third = await page(ben, `?${withChidi}&limit=3&cursor=${second.nextCursor ?? ''}`);
  expect([...first.entries, ...second.entries, ...third.entries].map(({ callId }) => callId)).toEqual(ids);
  expect(third.nextCursor).toBeNull();
  expect((await page(ben, '?limit=1')).entries[0]?.callId).toBe(arrived);
});

test('HIST2 calls of the same millisecond are neither lost nor doubled between pages', async () => {
  await server.pass(60_000);
  const elio = await server.online('elio');
  for (let n = 0; n < 4; n += 1) {
    const { callId } = await elio.dial(chidi);
    await elio.request('cancel_call', { callId });
  }
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const { entries, nextCursor } = await page(elio, `?limit=1${cursor}`);
    seen.push(...entries.map(({ callId }) => callId));
    if (nextCursor === null) break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect(new Set(seen).size).toBe(4);
  expect(seen.length).toBe(4);
});

test('HIST2 deleting removes a call for that user only', async () => {
  const callId = await missedCall(ana, ben);
  expect((await server.http(ben, 'DELETE', `/api/calls/${callId}`)).status).toBe(204);
  expect((await page(ben)).entries.map((each) => each.callId)).not.toContain(callId);
  expect((await server.http(ben, 'GET', `/api/calls/${callId}`)).status).toBe(404);
  expect((await server.http(ben, 'DELETE', `/api/calls/${callId}`)).status).toBe(404);
  expect((await page(ana)).entries.map((each) => each.callId)).toContain(callId);
});

test('HIST2 a call that still goes on cannot be deleted', async () => {
  await server.pass(7_000);
  const { callId } = await ana.dial(ben);
  expect((await server.http(ana, 'DELETE', `/api/calls/${callId}`)).body).toMatchObject({
    code: 'WRONG_STATE',
  });
  await ana.request('cancel_call', { callId });
});

test('HIST2 a page is one range of one index, without a query for each row', async () => {
  await server.sql.query('set enable_seqscan = off');
  const plan = await server.sql.query(
    `explain (format text) select line.call_id from call_history line
     where line.user_id = '${ben.userId}' and line.deleted_at is null
       and (line.created_at, line.call_id) < (now(), '${crypto.randomUUID()}')
     order by line.created_at desc, line.call_id desc limit 30`,
  );
  await server.sql.query('set enable_seqscan = on');
  const text = JSON.stringify(plan);
  expect(text).toContain('call_history_page');
  expect(text).not.toContain('Sort');
});

test.each([
  '',
  '?limit=0',
  '?limit=101',
  '?limit=x',
  '?cursor=nonsense',
  '?cursor=1.2',
  '?with=me',
  '?unknown=1',
])('HIST2 a page that cannot be asked for: %s', async (query) => {
  const { status, body } = await server.http(ben, 'GET', `/api/calls${query}`);
  if (query === '') expect(status).toBe(200);
  else expect({ status, body }).toMatchObject({ status: 400, body: { code: 'BAD_MESSAGE' } });
});
