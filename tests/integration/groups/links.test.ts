import { ALONE_WITH_LINK_MS } from '@visavis/call';
import { introduceGuest } from '@visavis/client';
import { DEVICE_HEADER, LIMITS, TIMES } from '@visavis/protocol';
import { systemRandom } from '@visavis/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { codeOf } from '../support/device.ts';
import { callOf, gather, seen, statusOf } from '../support/groups.ts';
import { comeAsGuest, enter, makeLink } from '../support/guests.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const gusOf = async ({ guestKey }: { readonly guestKey: Uint8Array<ArrayBuffer> }) =>
  (await introduceGuest(guestKey, 'Gustav Mahler')) ?? expect.fail();
const fresh = () => ({ token: systemRandom.token() });

describe('call links and guests', () => {
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

  const makeCall = async () => {
    const ana = await server.online('ana');
    const ben = await server.online('ben');
    const { callId } = await gather(ana, ben);
    return { ana, ben, callId, link: await makeLink(server, ana, callId) };
  };

  test('GRP6 a guest waits, is let in, and is gone after the call', async () => {
    const { ana, ben, callId, link } = await makeCall();
    const invitation = await server.http(null, 'GET', `/api/links/${link.token}`);
    expect(invitation).toMatchObject({ status: 200, body: { people: 2, state: 'open' } });
    const { sealedName } = await gusOf(link);
    const guest = await comeAsGuest(server, link.token);
    const waiting = callOf(await guest.request('join_by_link', enter(link.token, sealedName)));
    expect(waiting).toMatchObject({ joined: false, direction: 'outgoing' });
    expect(waiting.group?.participants).toEqual([]);
    const knocking = await seen(ana, callId, (call) => statusOf(call, guest) === 'waiting');
    expect(knocking.group?.people.at(-1)).toMatchObject({
      guest: true,
      sealedName,
      user: { name: 'Guest' },
    });
    // Whoever waits gets neither media nor words, and a reload waits on.
    expect(codeOf(await guest.request('send_data', { callId, payload: { sealed: 'AAAA' } }))).toBe(
      'FORBIDDEN',
    );
    expect(codeOf(await guest.request('list_tracks', { callId }))).toBe('FORBIDDEN');
    expect((await guest.reload()).payload.calls).toMatchObject([{ callId, joined: false }]);
    const admit = { callId, payload: { userId: guest.userId, admit: true } };
    expect(codeOf(await ben.request('admit_person', admit))).toBe('FORBIDDEN');
    expect(codeOf(await guest.request('admit_person', admit))).toBe('FORBIDDEN');
    expect(codeOf(await ana.request('admit_person', admit))).toBe('ok');
    await seen(guest, callId, (call) => call.joined && call.state === 'connected');
    expect(codeOf(await guest.request('send_data', { callId, payload: { sealed: 'AAAA' } }))).toBe('ok');
    await ben.event('call_data', callId);
    const leave = { callId, payload: { reason: 'hangup' } };
    for (const device of [ana, ben]) await device.request('end_call', leave);
    // The guest is host: whoever has the link reads the name, and the server does not.
    const hosted = await server.http(null, 'GET', `/api/links/${link.token}`);
    expect(hosted.body).toMatchObject({ people: 1, hostName: 'Guest', hostSealedName: sealedName });
    await guest.request('end_call', leave);
    await guest.event('call_ended', callId);
    await server.pass(120_000);
    expect(await server.ports.accounts.findUser(guest.userId)).toBeNull();
    expect(guest.closedWith).not.toBeNull();
    expect((await server.http(null, 'GET', `/api/links/${link.token}`)).status).toBe(404);
    const history = await server.http(ana, 'GET', '/api/calls');
    expect(history.body).toMatchObject({ entries: [{ callId, outcome: 'answered' }] });
  });

  test('GRP6 a guest who is not admitted does not come back, and may use nothing but the call', async () => {
    const { ana, ben, callId, link } = await makeCall();
    const guest = await comeAsGuest(server, link.token);
    await guest.request('join_by_link', enter(link.token));
    await ana.request('admit_person', { callId, payload: { userId: guest.userId, admit: false } });
    expect((await guest.event('call_ended', callId)).payload.reason).toBe('not_admitted');
    expect(codeOf(await guest.request('join_by_link', enter(link.token)))).toBe('FORBIDDEN');
    for (const [method, path] of [
      ['GET', '/api/contacts'],
      ['GET', '/api/calls'],
      ['GET', '/api/groups'],
      ['GET', '/api/devices'],
      ['POST', `/api/calls/${callId}/links`],
    ] as const)
      expect((await server.http(guest, method, path)).status, path).toBe(403);
    expect((await server.http(guest, 'GET', '/api/me')).status).toBe(200);
    const dial = { idempotencyKey: 'k', calleeId: ben.userId, callType: 'video' };
    expect(codeOf(await guest.request('initiate_call', { payload: dial }))).toBe('FORBIDDEN');
    const start = { idempotencyKey: 'k', userIds: [ben.userId], callType: 'video', savedGroupId: null };
    expect(codeOf(await guest.request('start_group', { payload: start }))).toBe('FORBIDDEN');
    const toGuest = { idempotencyKey: 'g', calleeId: guest.userId, callType: 'video' };
    expect(codeOf(await ben.request('initiate_call', { payload: toGuest }))).toBe('NOT_FOUND');
  });

  test('GRP6 a forged, a revoked and an expired link do not hold', async () => {
    const { ana, ben, callId, link } = await makeCall();
    const forged = systemRandom.token();
    const device = await server.online('chidi');
    const guestOf = async (token: string) =>
      (await server.http(null, 'POST', `/api/links/${token}/guest`, { deviceKind: 'phone' })).body;
    expect(await guestOf(forged)).toMatchObject({ code: 'LINK_INVALID' });
    expect(codeOf(await device.request('join_by_link', enter(forged)))).toBe('LINK_INVALID');
    expect((await server.http(device, 'DELETE', `/api/calls/${callId}/links/${link.linkId}`)).status).toBe(
      404,
    );
    const listed = await server.http(ben, 'GET', `/api/calls/${callId}/links`);
    expect(listed.body).toMatchObject({ links: [{ linkId: link.linkId, uses: 0 }] });
    expect(JSON.stringify(listed.body)).not.toContain(link.token);
    expect((await server.http(ben, 'DELETE', `/api/calls/${callId}/links/${link.linkId}`)).status).toBe(204);
    expect(codeOf(await device.request('join_by_link', enter(link.token)))).toBe('LINK_INVALID');
    expect(await guestOf(link.token)).toMatchObject({ code: 'LINK_INVALID' });
    const old = await makeLink(server, ana, callId);
    expect(await server.ports.links.list(callId, old.expiresAt - 1)).toHaveLength(1);
    expect(old.expiresAt).toBe(server.clock.now() + TIMES.linkMs);
    expect(await server.ports.links.list(callId, old.expiresAt)).toEqual([]);
  });

  test('GRP6 a call has a bounded number of links, made by those who are in it only', async () => {
    const { ana, callId, link } = await makeCall();
    const chidi = await server.online('chidi');
    const ask = async (device: typeof ana, body: object) =>
      (await server.http(device, 'POST', `/api/calls/${callId}/links`, body)).status;
    expect(await ask(chidi, fresh())).toBe(404);
    // The server makes no token, and takes none that is there already.
    for (const wrong of [{}, { token: 'short' }, { token: link.secret }])
      expect(await ask(ana, wrong)).toBe(400);
    expect(await ask(ana, { token: link.token })).toBe(409);
    const statuses: number[] = [];
    for (let n = 0; n < LIMITS.linksPerCall; n += 1) statuses.push(await ask(ana, fresh()));
    expect(statuses).toEqual([...Array.from({ length: LIMITS.linksPerCall - 1 }, () => 200), 409]);
  });

  test('GRP9 whoever made a link is not thrown out while they wait for guests; a minute after it is revoked they are', async () => {
    const { ana, ben, callId, link } = await makeCall();
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    await server.pass(5 * 60_000);
    const guest = await comeAsGuest(server, link.token);
    await guest.request('join_by_link', enter(link.token));
    // Somebody who knocks is waited for, however long.
    await server.pass(60 * 60_000);
    expect(ana.events('call_ended', callId)).toEqual([]);
    await ana.request('admit_person', { callId, payload: { userId: guest.userId, admit: true } });
    await seen(guest, callId, (call) => call.joined);
    await guest.request('end_call', { callId, payload: { reason: 'hangup' } });
    await server.pass(20 * 60_000);
    const path = `/api/calls/${callId}/links/${link.linkId}`;
    expect((await server.http(ana, 'DELETE', path)).status).toBe(204);
    await server.pass(59_000);
    expect(ana.events('call_ended', callId)).toEqual([]);
    await server.pass(2_000);
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('hangup');
    const late = await server.http(ana, 'POST', `/api/calls/${callId}/links`, {
      token: systemRandom.token(),
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'CALL_UNAVAILABLE' } });
  });

  test('GRP9 with a link one is alone for half an hour at most', async () => {
    const { ana, ben, callId } = await makeCall();
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    await server.pass(ALONE_WITH_LINK_MS - 1_000);
    expect(ana.events('call_ended', callId)).toEqual([]);
    await server.pass(2_000);
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('hangup');
  });

  test('GRP6 no secret of a link and no name of a guest is heard, kept, logged or told by the server', async () => {
    const { ana, ben, callId, link } = await makeCall();
    const { sealedName } = await gusOf(link);
    const guest = await comeAsGuest(server, link.token);
    await guest.request('join_by_link', enter(link.token, sealedName));
    await ana.request('admit_person', { callId, payload: { userId: guest.userId, admit: true } });
    await seen(guest, callId, (call) => call.joined);
    const dump = async () => {
      const tables = await server.sql.query(
        `select table_name as name from information_schema.tables where table_schema = 'public'`,
      );
      const rows = tables.map(async (table) => {
        const { name } = z.parse(z.object({ name: z.string() }), table);
        return server.sql.query(`select t::text as line from ${name} t`);
      });
      return JSON.stringify(await Promise.all(rows));
    };
    const during = await dump();
    expect(during).toContain(guest.userId);
    expect(during).toContain(sealedName);
    for (const device of [ana, ben, guest])
      await device.request('end_call', { callId, payload: { reason: 'hangup' } });
    const after = await dump();
    // It goes with the call, whoever could have read it.
    expect(
      JSON.stringify(await server.sql.query('select state::text as line from group_calls')),
    ).not.toContain(sealedName);
    const history = await server.http(ana, 'GET', `/api/calls/${callId}`);
    expect(history.body).toMatchObject({
      entry: { group: { people: [{ name: 'Ben Whitaker' }, { name: 'Guest' }] } },
    });
    const everything = [during, after, server.logged.join(), JSON.stringify([ana.heard, history.body])];
    for (const text of everything) {
      expect(text).not.toContain('Gustav');
      expect(text).not.toContain(link.text);
      expect(text).not.toContain(Buffer.from(link.guestKey).toString('base64'));
      expect(text).not.toContain(Buffer.from(link.secret).toString('hex'));
    }
    expect(during).not.toContain(link.token);
    expect(server.logged.join()).not.toContain(link.token);
    expect(DEVICE_HEADER).toBe('x-visavis-device');
  });
});
