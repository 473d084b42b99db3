import { HistoryPage, isGroupCallId, LIMITS } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { codeOf, type TestDevice } from '../support/device.ts';
import { answerGroup, callOf, gather, seen, startGroup, statusOf } from '../support/groups.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const people = ({ callId }: { callId: string }, userIds: readonly string[]) => ({
  callId,
  payload: { userIds },
});

describe('group calls', () => {
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
  const online = async (...handles: readonly string[]): Promise<TestDevice[]> =>
    Promise.all(handles.map(async (handle) => server.online(handle)));

  test('GRP1 GRP2 rings every device of everybody, and whoever answers is in it', async () => {
    const [ana, ben, benPhone, chidi] = [
      await server.online('ana'),
      await server.online('ben'),
      await server.online('ben', 'phone', 'phone'),
      await server.online('chidi'),
    ];
    const call = await startGroup(ana, [ben, chidi]);
    expect(isGroupCallId(call.callId)).toBe(true);
    expect(call).toMatchObject({ joined: true, state: 'ringing', direction: 'outgoing', connectedAt: null });
    const ring = await ben.event('ring', call.callId);
    expect(ring.payload.call).toMatchObject({
      joined: false,
      direction: 'incoming',
      peer: { handle: 'ana' },
    });
    await benPhone.event('ring', call.callId);
    await chidi.event('ring', call.callId);
    const answered = await answerGroup(ben, call.callId);
    expect(answered).toMatchObject({ joined: true, state: 'connected' });
    expect(answered.group?.participants.map(({ userId }) => userId)).toEqual([ana.userId, ben.userId]);
    expect((await benPhone.event('call_ended', call.callId)).payload).toMatchObject({
      reason: 'answered_elsewhere',
      by: ben.device.name,
    });
    const late = await benPhone.request('answer_call', { callId: call.callId, payload: { media: 'video' } });
    expect(codeOf(late)).toBe('CALL_UNAVAILABLE');
    const now = await seen(ana, call.callId, (each) => statusOf(each, ben) === 'joined');
    expect(statusOf(now, chidi)).toBe('ringing');
    expect(now.state).toBe('connected');
    // Whoever is rung sees it, too.
    await seen(chidi, call.callId, (each) => statusOf(each, ben) === 'joined');
  });

  test('GRP1 a key makes one call, however often it is sent, and stands for nothing else', async () => {
    const [ana, ben, chidi] = await Promise.all(
      ['ana', 'ben', 'chidi'].map((handle) => server.online(handle)),
    );
    if (!ana || !ben || !chidi) throw new Error('nobody');
    const [one, again] = await Promise.all([
      startGroup(ana, [ben], { key: 'once' }),
      startGroup(ana, [ben], { key: 'once' }),
    ]);
    expect(again.callId).toBe(one.callId);
    await ben.event('ring', one.callId);
    expect(ben.events('ring')).toHaveLength(1);
    const other = await ana.request('start_group', {
      payload: { idempotencyKey: 'once', userIds: [chidi.userId], callType: 'video', savedGroupId: null },
    });
    expect(codeOf(other)).toBe('KEY_REUSED');
    const nobody = await ana.request('start_group', {
      payload: { idempotencyKey: 'x', userIds: [ana.userId], callType: 'video', savedGroupId: null },
    });
    expect(codeOf(nobody)).toBe('CANNOT_CALL_SELF');
    const unknown = await ana.request('start_group', {
      payload: { idempotencyKey: 'y', userIds: [crypto.randomUUID()], callType: 'video', savedGroupId: null },
    });
    expect(codeOf(unknown)).toBe('NOT_FOUND');
  });

  test('RING5 a decline stops this person only, the time limit everybody who rings', async () => {
    const [ana, ben, chidi] = await online('ana', 'ben', 'chidi');
    if (!ana || !ben || !chidi) throw new Error('nobody');
    const { callId } = await startGroup(ana, [ben, chidi]);
    await ben.event('ring', callId);
    await ben.request('decline_call', { callId });
    await seen(ana, callId, (call) => statusOf(call, ben) === 'declined');
    expect(chidi.events('call_ended', callId)).toEqual([]);
    await server.pass(45_000);
    expect((await chidi.event('call_ended', callId)).payload.reason).toBe('no_answer');
    await seen(ana, callId, (call) => statusOf(call, chidi) === 'missed');
    // GRP9: alone, it ends a minute later.
    await server.pass(60_000);
    expect((await ana.event('call_ended', callId)).payload.reason).toBe('no_answer');
  });

  test('GRP9 ends for those who ring when the last one leaves', async () => {
    const [ana, ben] = await online('ana', 'ben');
    if (!ana || !ben) throw new Error('nobody');
    const { callId } = await startGroup(ana, [ben]);
    await ben.event('ring', callId);
    expect(codeOf(await ana.request('end_call', { callId, payload: { reason: 'hangup' } }))).toBe('ok');
    expect((await ben.event('call_ended', callId)).payload.reason).toBe('cancelled');
    const late = await ben.request('answer_call', { callId, payload: { media: 'video' } });
    expect(codeOf(late)).toBe('CALL_UNAVAILABLE');
  });

  test('GRP1 the 33rd is refused, and nobody is rung', async () => {
    const [ana, ben] = await online('ana', 'ben');
    if (!ana || !ben) throw new Error('nobody');
    const crowd = Array.from({ length: LIMITS.groupPeople - 1 }, (_, n) => `crowd${String(n)}`);
    for (const handle of crowd) await server.addUser(handle);
    const devices = await Promise.all(crowd.map(async (handle) => server.signIn(handle)));
    const call = await startGroup(ana, devices);
    expect(codeOf(await ana.request('add_people', people(call, [ben.userId])))).toBe('CALL_FULL');
    expect(ben.events('ring')).toEqual([]);
    // Nobody of them is there: five seconds later there is room.
    await server.pass(5_000);
    await seen(ana, call.callId, (each) => devices.every((device) => statusOf(each, device) === 'missed'));
    expect(codeOf(await ana.request('add_people', people(call, [ben.userId])))).toBe('ok');
    await ben.event('ring', call.callId);
  });

  test('CALL3 GRP3 anybody adds people; who has left comes back by themselves, a stranger does not', async () => {
    const [ana, ben, chidi, elio] = await online('ana', 'ben', 'chidi', 'elio');
    if (!ana || !ben || !chidi || !elio) throw new Error('nobody');
    const { callId } = await gather(ana, ben);
    expect(codeOf(await elio.request('add_people', people({ callId }, [chidi.userId])))).toBe('FORBIDDEN');
    expect(codeOf(await ben.request('add_people', people({ callId }, [chidi.userId])))).toBe('ok');
    expect((await chidi.event('ring', callId)).payload.call.peer.handle).toBe('ben');
    await answerGroup(chidi, callId);
    await chidi.request('end_call', { callId, payload: { reason: 'hangup' } });
    await seen(ana, callId, (call) => statusOf(call, chidi) === 'left');
    const join = { callId, payload: { media: 'audio' } };
    expect(callOf(await chidi.request('join_call', join)).mediaState).toMatchObject({ camera: false });
    expect(codeOf(await elio.request('join_call', join))).toBe('FORBIDDEN');
  });

  test('GRP5 the host removes, locks and asks; nobody else does; the next one is host when they leave', async () => {
    const [ana, ben, chidi, elio] = await online('ana', 'ben', 'chidi', 'elio');
    if (!ana || !ben || !chidi || !elio) throw new Error('nobody');
    const { callId } = await gather(ana, ben, chidi);
    const remove = { callId, payload: { userId: chidi.userId } };
    expect(codeOf(await ben.request('remove_person', remove))).toBe('FORBIDDEN');
    expect(codeOf(await ben.request('lock_call', { callId, payload: { locked: true } }))).toBe('FORBIDDEN');
    await ana.request('ask_media', { callId, payload: { userId: null, ask: 'mute' } });
    expect((await ben.event('media_asked', callId)).payload).toEqual({ ask: 'mute', by: ana.userId });
    await chidi.event('media_asked', callId);
    expect(ana.events('media_asked')).toEqual([]);
    expect(codeOf(await ana.request('remove_person', remove))).toBe('ok');
    expect((await chidi.event('call_ended', callId)).payload.reason).toBe('removed');
    expect(codeOf(await chidi.request('join_call', { callId, payload: { media: 'video' } }))).toBe(
      'FORBIDDEN',
    );
    await ana.request('lock_call', { callId, payload: { locked: true } });
    expect(codeOf(await ben.request('add_people', people({ callId }, [elio.userId])))).toBe('CALL_LOCKED');
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
    const after = await seen(ben, callId, (call) => call.group?.hostId === ben.userId);
    expect(after.group?.locked).toBe(true);
    // Ana was in it: locked does not shut her out.
    callOf(await ana.request('join_call', { callId, payload: { media: 'video' } }));
    await seen(ben, callId, (call) => statusOf(call, ana) === 'joined' && call.group?.hostId === ben.userId);
  });

  test('GRP7 what a device says goes to those who are in the call, to nobody else, and is kept nowhere', async () => {
    const [ana, ben, chidi, elio] = await online('ana', 'ben', 'chidi', 'elio');
    if (!ana || !ben || !chidi || !elio) throw new Error('nobody');
    const { callId } = await gather(ana, ben);
    await ana.request('add_people', people({ callId }, [chidi.userId]));
    await chidi.event('ring', callId);
    const said = { callId, payload: { sealed: 'c2VhbGVkIGRhdGE=' } };
    expect(codeOf(await ana.request('send_data', said))).toBe('ok');
    expect((await ben.event('call_data', callId)).payload).toMatchObject({
      userId: ana.userId,
      deviceId: ana.deviceId,
      ...said.payload,
    });
    for (const other of [chidi, elio]) {
      expect(codeOf(await other.request('send_data', said))).toBe('FORBIDDEN');
      expect(other.events('call_data')).toEqual([]);
    }
    for (const wrong of [
      { sealed: 'x'.repeat(LIMITS.dataLength + 1) },
      { sealed: 'no base64!' },
      { text: 'hello' },
    ])
      expect(codeOf(await ana.request('send_data', { callId, payload: wrong }))).toBe('BAD_MESSAGE');
    for (const old of ['send_chat', 'send_reaction'])
      expect(codeOf(await ana.request(old, { callId, payload: { text: 'hello' } }))).toBe('BAD_MESSAGE');
    const kept = await server.sql.query(`select 1 from group_calls where state::text like '%c2VhbGVk%'`);
    expect(kept).toEqual([]);
  });

  test('NEG4 for want of media a call grows only where there is a media server', async () => {
    const [ana, ben] = await online('ana', 'ben');
    if (!ana || !ben) throw new Error('nobody');
    const direct = await ana.dial(ben);
    await ben.event('ring', direct.callId);
    await ben.request('answer_call', { callId: direct.callId, payload: { media: 'video' } });
    expect(codeOf(await ana.request('add_people', people(direct, [])))).toBe('MEDIA_UNAVAILABLE');
    expect(ben.events('call_grew', direct.callId)).toEqual([]);
  });

  test('CALL3 a call between two grows: both are in the group call, and find one call in their history', async () => {
    const [ana, ben, chidi] = await online('ana', 'ben', 'chidi');
    if (!ana || !ben || !chidi) throw new Error('nobody');
    // Later than every call before it.
    await server.pass(1_000);
    const direct = await ana.dial(ben);
    await ben.event('ring', direct.callId);
    await ben.request('answer_call', { callId: direct.callId, payload: { media: 'video' } });
    await server.pass(3_000);
    const request = people(direct, [chidi.userId]);
    expect(codeOf(await chidi.request('add_people', request))).toBe('FORBIDDEN');
    const grown = callOf(await ben.request('add_people', request));
    expect(grown).toMatchObject({ joined: true, state: 'connected', group: { grewFrom: direct.callId } });
    for (const device of [ana, ben]) {
      const grew = await device.event('call_grew', direct.callId);
      expect(grew.payload.call).toMatchObject({ callId: grown.callId, joined: true });
      expect(device.events('call_ended', direct.callId)).toEqual([]);
    }
    expect(callOf(await ben.request('add_people', request)).callId).toBe(grown.callId);
    expect(chidi.events('ring')).toHaveLength(1);
    await answerGroup(chidi, grown.callId);
    for (const device of [ana, ben, chidi]) {
      const { entries } = z.parse(HistoryPage, (await server.http(device, 'GET', '/api/calls')).body);
      expect(entries[0]).toMatchObject({
        callId: grown.callId,
        outcome: 'ongoing',
        startedAt: device === chidi ? server.clock.now() : direct.createdAt,
        direction: device === ana ? 'outgoing' : 'incoming',
        group: { title: null },
      });
      expect(entries.some(({ callId }) => callId === direct.callId)).toBe(false);
    }
  });

  test('GRP9 CALL2 a device that is silent for 10 s has left; a reload comes back into the call', async () => {
    const [ana, ben, chidi] = await online('ana', 'ben', 'chidi');
    if (!ana || !ben || !chidi) throw new Error('nobody');
    const { callId } = await gather(ana, ben, chidi);
    ben.cut();
    await server.pass(5_000);
    const { payload } = await ben.reload();
    expect(payload.calls).toMatchObject([{ callId, joined: true }]);
    chidi.cut();
    await server.pass(10_000);
    await seen(ana, callId, (call) => statusOf(call, chidi) === 'left' && statusOf(call, ben) === 'joined');
  });

  test('GRP4 without a media server the call goes on, and strangers are told nothing', async () => {
    const [ana, ben, chidi] = await online('ana', 'ben', 'chidi');
    if (!ana || !ben || !chidi) throw new Error('nobody');
    const { callId } = await gather(ana, ben);
    const open = { callId, payload: { rtpCapabilities: { codecs: [], headerExtensions: [] } } };
    expect(codeOf(await ana.request('open_media', open))).toBe('MEDIA_UNAVAILABLE');
    expect(codeOf(await chidi.request('open_media', open))).toBe('FORBIDDEN');
    expect(codeOf(await chidi.request('list_tracks', { callId }))).toBe('FORBIDDEN');
  });
});
