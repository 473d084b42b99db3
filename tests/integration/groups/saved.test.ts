import { HistoryPage, LIMITS, SavedGroup, SavedGroups } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { codeOf, type TestDevice } from '../support/device.ts';
import { callOf, gather, seen, startGroup } from '../support/groups.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

describe('saved groups', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.reset();
    expect(server.errors).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });
  const save = async (owner: TestDevice, title: string, ...members: readonly TestDevice[]) =>
    z.parse(
      SavedGroup,
      (
        await server.http(owner, 'POST', '/api/groups', {
          title,
          memberIds: members.map(({ userId }) => userId),
        })
      ).body,
    );
  const list = async (device: TestDevice) =>
    z.parse(SavedGroups, (await server.http(device, 'GET', '/api/groups')).body).groups;
  const find = async (device: TestDevice) => (await list(device)).find(({ title }) => title === 'Trio');

  test('GRP10 GRP3 shows to its members, with the call that goes on, which they join', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    const elio = await server.online('elio');
    const group = await save(ana, 'Lunch', ben, chidi);
    await until('ben hears of it', () => ben.heard.find(({ type }) => type === 'groups_changed'));
    expect(await list(ben)).toEqual([group]);
    expect(await list(elio)).toEqual([]);
    const call = await startGroup(ana, [ben], { savedGroupId: group.groupId });
    expect(call.group?.title).toBe('Lunch');
    const [ongoing] = await list(chidi);
    expect(ongoing?.ongoing).toMatchObject({
      callId: call.callId,
      joined: false,
      people: [{ handle: 'ana' }],
    });
    expect(chidi.events('ring')).toEqual([]);
    const join = { callId: call.callId, payload: { media: 'video' } };
    expect(callOf(await chidi.request('join_call', join))).toMatchObject({
      joined: true,
      state: 'connected',
    });
    expect(codeOf(await elio.request('join_call', join))).toBe('FORBIDDEN');
    const foreign = {
      idempotencyKey: 'x',
      userIds: [ben.userId],
      callType: 'video',
      savedGroupId: group.groupId,
    };
    expect(codeOf(await elio.request('start_group', { payload: foreign }))).toBe('FORBIDDEN');
  });

  test('GRP10 GRP3 kept from within a call, its members see the call and join it', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    const elio = await server.online('elio');
    const { callId } = await gather(ana, ben);
    const input = { title: 'Trio', memberIds: [ana.userId, chidi.userId], callId };
    const keep = async (device: TestDevice) => server.http(device, 'POST', '/api/groups', input);
    const join = { callId, payload: { media: 'video' } };
    // Only who is in the call brings others into it.
    expect(await keep(chidi)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await find(chidi)).toBeUndefined();
    expect(codeOf(await chidi.request('join_call', join))).toBe('FORBIDDEN');
    const kept = z.parse(SavedGroup, (await keep(ben)).body);
    expect(kept.ongoing).toMatchObject({ callId, joined: true });
    await seen(ana, callId, ({ group }) => group?.title === 'Trio' && group.savedGroupId === kept.groupId);
    await until('chidi hears of it', () => chidi.heard.find(({ type }) => type === 'groups_changed'));
    expect(await find(chidi)).toMatchObject({ ongoing: { callId, joined: false } });
    expect(callOf(await chidi.request('join_call', join))).toMatchObject({ joined: true });
    expect(codeOf(await elio.request('join_call', join))).toBe('FORBIDDEN');
    // A call is of one group.
    expect(await keep(ana)).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } });
    const history = z.parse(HistoryPage, (await server.http(ana, 'GET', '/api/calls')).body);
    expect(history.entries.find((entry) => entry.callId === callId)?.group?.title).toBe('Trio');
    for (const device of [ana, ben, chidi])
      await device.request('end_call', { callId, payload: { reason: 'hangup' } });
    await until('it is over', async () => (await find(ana))?.ongoing === null);
    expect(await keep(ana)).toMatchObject({ status: 409, body: { code: 'CALL_UNAVAILABLE' } });
    await server.http(ben, 'DELETE', `/api/groups/${kept.groupId}`);
  });

  test('GRP10 whoever made it changes it, nobody else does, and there are at most 50', async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const chidi = await server.online('chidi');
    const group = await save(ana, 'Dinner', ben);
    const path = `/api/groups/${group.groupId}`;
    const change = { title: 'Supper', memberIds: [chidi.userId] };
    expect((await server.http(ben, 'PUT', path, change)).status).toBe(403);
    expect((await server.http(chidi, 'PUT', path, change)).status).toBe(404);
    expect((await server.http(ana, 'PUT', path, change)).body).toMatchObject({
      title: 'Supper',
      members: [{ handle: 'ana' }, { handle: 'chidi' }],
    });
    expect((await list(ben)).some(({ groupId }) => groupId === group.groupId)).toBe(false);
    const unknown = { title: 'x', memberIds: [crypto.randomUUID()] };
    expect((await server.http(ana, 'POST', '/api/groups', unknown)).status).toBe(404);
    expect((await server.http(ana, 'DELETE', path)).status).toBe(204);
    const own = (await list(ana)).length;
    for (let n = own; n < LIMITS.groupsPerUser; n += 1) await save(ana, `Group ${String(n)}`, ben);
    const more = { title: 'One more', memberIds: [ben.userId] };
    expect((await server.http(ana, 'POST', '/api/groups', more)).status).toBe(409);
    for (const { groupId } of await list(ana)) await server.http(ana, 'DELETE', `/api/groups/${groupId}`);
  });
});
