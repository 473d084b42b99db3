import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/databases.ts';
import { codeOf, TestDevice } from './support/device.ts';
import { gather } from './support/groups.ts';
import { agree, KeyMember } from './support/keyMember.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let folder: string;
let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-keys-'));
  database = await createTestDatabase(folder);
  server = await startTestServer({ sql: await database.open() });
});
afterEach(async () => {
  await server.reset();
  expect(server.errors).toEqual([]);
});
afterAll(async () => {
  await server.stop();
  await server.sql.close();
  await rm(folder, { recursive: true });
});

/** A group call that these are in, and have not asked for keys of. */
async function call(...handles: readonly string[]): Promise<KeyMember[]> {
  const devices = await Promise.all(handles.map(async (handle) => server.online(handle)));
  const [host, ...others] = devices;
  if (host === undefined) throw new Error('nobody');
  const { callId } = await gather(host, ...others);
  return devices.map((device) => new KeyMember(device, callId));
}
/** The same with the same keys. */
async function keyed(...handles: readonly string[]): Promise<KeyMember[]> {
  const members = await call(...handles);
  for (const member of members) await member.join();
  await agree(...members);
  return members;
}
const nth = (members: readonly KeyMember[], n: number): KeyMember => {
  const member = members[n];
  if (member === undefined) throw new Error('nobody');
  return member;
};

test('KEY1 a key package that members would refuse is refused before it gets in, and stalls nobody', async () => {
  const members = await call('ana', 'ben', 'chidi', 'dilnoza');
  const [chidi, dilnoza] = [nth(members, 2), nth(members, 3)];
  const good = await dilnoza.makeKeyPackage();
  for (const member of members.slice(0, 2)) await member.join();
  const bytes = Buffer.from(good, 'base64');
  // Of the signature, of the credential, and of what stands at the beginning of the leaf.
  for (const at of [bytes.length - 1, Math.floor(bytes.length / 2), 120]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const keyPackage = changed.toString('base64');
    expect(codeOf(await dilnoza.ask('join_keys', { keyPackage }))).toBe('BAD_KEYS');
  }
  // Whole, but of another device.
  expect(codeOf(await chidi.ask('join_keys', { keyPackage: good }))).toBe('BAD_KEYS');
  for (const member of [chidi, dilnoza]) await member.join();
  expect(await agree(...members)).toBeGreaterThan(0n);
  expect(members.map(({ generation }) => generation)).toEqual([0, 0, 0, 0]);
});

test('KEY1 KEY2 KEY3 the two of a direct call have the same keys, the caller first', async () => {
  const [ana, ben] = [await server.online('ana'), await server.online('ben')];
  const { callId } = await ana.dial(ben);
  const [one, other] = [new KeyMember(ana, callId), new KeyMember(ben, callId)];
  expect(await one.join()).toBe('create');
  const keyPackage = await other.makeKeyPackage();
  expect(codeOf(await other.ask('join_keys', { keyPackage }))).toBe('FORBIDDEN');
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  expect(await other.join()).toBe('wait');
  expect(await agree(one, other)).toBe(1n);
  expect(await one.current().exportBaseKey()).toEqual(await other.current().exportBaseKey());
  // What it was asked with twice is answered twice, and done once.
  expect(ben.events('keys_welcome')).toHaveLength(1);
});

test('KEY1 whoever answers a call asks for keys right behind the answer, and is proposed', async () => {
  const [ana, ben] = [await server.online('ana'), await server.online('ben')];
  for (let round = 0; round < 10; round += 1) {
    const { callId } = await ana.dial(ben);
    const [one, other] = [new KeyMember(ana, callId), new KeyMember(ben, callId)];
    await one.join();
    const keyPackage = await other.makeKeyPackage();
    const [answered, asked] = await Promise.all([
      ben.request('answer_call', { callId, payload: { media: 'video' } }),
      other.ask('join_keys', { keyPackage }),
    ]);
    expect([answered.type, asked]).toMatchObject(['ok', { type: 'ok', payload: { keys: { role: 'wait' } } }]);
    await one.hear();
    expect(one.current().pending).toBe(1);
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  }
});

test('SES5 KEY1 a repeated request gets the first answer, and nobody is added twice', async () => {
  const [ana, ben] = await call('ana', 'ben');
  if (ana === undefined || ben === undefined) throw new Error('nobody');
  await ana.join();
  const keyPackage = await ben.makeKeyPackage();
  const [first, again] = [
    await ben.ask('join_keys', { keyPackage }, 'x'),
    await ben.ask('join_keys', { keyPackage }, 'x'),
  ];
  expect(again).toEqual(first);
  await ana.hear();
  expect(ana.current().pending).toBe(1);
});

test('KEY4 KEY2 who leaves a group call is removed, and who comes back is added again', async () => {
  const [ana, ben, chidi] = await keyed('ana', 'ben', 'chidi');
  if (ana === undefined || ben === undefined || chidi === undefined) throw new Error('nobody');
  const { callId } = ana;
  await ana.device.request('end_call', { callId, payload: { reason: 'hangup' } });
  await agree(ben, chidi);
  await ana.device.request('join_call', { callId, payload: { media: 'video' } });
  expect(await ana.join()).toBe('wait');
  await agree(ben, chidi, ana);
  expect(ana.current().leaf).toBe(0);
});

test('KEY6 after a reload a member goes on where the call is, and joins anew where it is not', async () => {
  const [ana, ben, chidi] = await keyed('ana', 'ben', 'chidi');
  if (ana === undefined || ben === undefined || chidi === undefined) throw new Error('nobody');
  await chidi.device.request('end_call', { callId: ana.callId, payload: { reason: 'hangup' } });
  await ben.device.reload();
  expect(await ben.refresh()).toBe('ok');
  expect(ben.device.events('keys_proposed').at(-1)?.payload.from).toBe(0);
  await ben.hear();
  expect(ben.current().pending).toBe(1);
  await agree(ana, ben);
  const behind = { generation: 0, epoch: Number(ben.current().epoch) - 1 };
  expect(codeOf(await ben.ask('refresh_keys', behind))).toBe('KEYS_STALE');
  expect(await ben.join()).toBe('wait');
  await agree(ana, ben);
});

test('KEY3 of two commits of one epoch the first counts', async () => {
  const members = await keyed('ana', 'ben', 'chidi');
  const [ana, ben, chidi] = [nth(members, 0), nth(members, 1), nth(members, 2)];
  await chidi.join();
  await ana.hear();
  await ben.hear();
  expect(new Set(await Promise.all([ana.commit(), ben.commit()]))).toEqual(new Set(['ok', 'KEYS_STALE']));
  await agree(ana, ben, chidi);
});

test('KEY5 where nobody commits for 3 s, everybody joins another group', async () => {
  const members = await keyed('ana', 'ben', 'chidi');
  await nth(members, 2).join();
  await server.pass(2_900);
  expect(nth(members, 0).device.events('keys_reset')).toEqual([]);
  await server.pass(200);
  await nth(members, 0).device.event('keys_reset');
  await agree(...members);
  expect(members.map(({ generation }) => generation)).toEqual([1, 1, 1]);
});

const refused = async (member: KeyMember, payload: unknown): Promise<string> =>
  codeOf(await member.ask('commit_keys', payload));

describe('KEY3 CALL1 a commit that is not its own, or not of what was proposed', () => {
  test('is refused, and nothing happens', async () => {
    const members = await keyed('ana', 'ben', 'chidi');
    const [ana, ben, chidi] = [nth(members, 0), nth(members, 1), nth(members, 2)];
    const base = ana.current();
    await chidi.join();
    await ana.hear();
    await ben.hear();
    const good = await ana.makeCommit();
    const [removal, addition] = ana.device.events('keys_proposed').at(-1)?.payload.proposals ?? [];
    // Of the second one alone: it would be refused as a twin, if members were asked; the server says so first.
    const others = await base.handleProposal(new Uint8Array(Buffer.from(removal ?? '', 'base64')));
    if (others.type !== 'proposed' || addition === undefined) throw new Error('no proposals');
    const ofOne = await ana.makeCommit(others.group);
    expect(await refused(ben, good)).toBe('BAD_MESSAGE');
    expect(await refused(ana, { ...good, welcome: null })).toBe('BAD_MESSAGE');
    expect(await refused(ana, { ...good, welcome: good.commit })).toBe('BAD_MESSAGE');
    expect(await refused(ana, { ...good, commit: removal })).toBe('BAD_MESSAGE');
    expect(await refused(ana, { ...good, epoch: good.epoch + 1 })).toBe('KEYS_STALE');
    expect(await refused(ana, { ...good, generation: 1 })).toBe('KEYS_STALE');
    expect(await refused(ana, { ...good, commit: 'A'.repeat(LIMITS.keyMessageLength + 4) })).toBe(
      'BAD_MESSAGE',
    );
    const dilnoza = new KeyMember(await server.online('dilnoza'), ana.callId);
    expect(await refused(dilnoza, good)).toBe('FORBIDDEN');
    for (const keyPackage of ['AAAA', removal, good.commit])
      expect(codeOf(await ana.ask('join_keys', { keyPackage }))).toBe('BAD_KEYS');
    expect(ana.device.events('keys_committed')).toHaveLength(ben.device.events('keys_committed').length + 1);
    // The first of what was proposed alone is good, and the other one follows.
    expect(await refused(ana, ofOne)).toBe('ok');
    await agree(ana, ben, chidi);
  });

  test("is refused where it is another call's", async () => {
    const members = await keyed('ana', 'ben');
    const [ana, ben] = [nth(members, 0), nth(members, 1)];
    await ben.join();
    await ana.hear();
    const foreign = await ana.makeCommit();
    const { callId } = await gather(ana.device, ben.device);
    const twins = [new KeyMember(ana.device, callId), new KeyMember(ben.device, callId)];
    for (const twin of twins) await twin.join();
    await agree(...twins);
    await nth(twins, 1).join();
    expect(codeOf(await nth(twins, 0).ask('commit_keys', foreign))).toBe('BAD_MESSAGE');
  });
});

test('KEY2 KEY6 a restart of the server keeps groups, what was proposed, and who proposes', async () => {
  const members = await keyed('ana', 'ben');
  const [ana, ben] = [nth(members, 0), nth(members, 1)];
  await ben.join();
  await server.app.settle();
  await server.stop();
  await server.sql.close();
  server = await startTestServer({ sql: await database.open(), clock: server.clock });
  const restarted: KeyMember[] = [];
  for (const member of [ana, ben]) {
    const { device, cookie } = member.device;
    const again = new TestDevice(server.app, device, cookie);
    await again.register();
    restarted.push(new KeyMember(again, member.callId, member));
  }
  // Its proposals are said again, signed by the same key; whoever waited asks anew.
  expect(await nth(restarted, 0).refresh()).toBe('ok');
  await nth(restarted, 1).join();
  await agree(...restarted);
  expect(nth(restarted, 1).senderKey).toBe(ana.senderKey);
  expect(nth(restarted, 1).generation).toBe(0);
});
