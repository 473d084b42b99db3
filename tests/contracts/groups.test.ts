import {
  growGroup,
  startGroup,
  stepGroup,
  type CallDevice,
  type GroupCall,
  type GroupEvent,
} from '@visavis/call';
import { toGroupCallId, type UserSummary } from '@visavis/protocol';
import { openStorage, type Ports, type Sql } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlAdapters } from './adapters.ts';

const START = Date.UTC(2030, 0, 1);
const POLICY = { inCall: false, callWaiting: true, doNotDisturb: false, admits: 'ring' } as const;

const device = ({ userId }: UserSummary): CallDevice => ({
  userId,
  deviceId: crypto.randomUUID(),
  name: 'device',
  kind: 'desktop',
});
const deviceOf = (call: GroupCall, { userId }: UserSummary): string =>
  call.participants.find((each) => each.device.userId === userId)?.device.deviceId ?? '';

describe.each(sqlAdapters)('groups: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let sql: Sql;
  let ports: Pick<Ports, 'groups' | 'calls' | 'history' | 'savedGroups' | 'links'>;
  let handles = 0;
  beforeAll(async () => {
    opened = await adapter.open();
    sql = opened.port;
    ports = await openStorage(sql);
  });
  afterAll(async () => {
    await opened.close();
  });

  async function addUser(): Promise<UserSummary> {
    handles += 1;
    const handle = `u${String(handles)}`;
    const user = { userId: crypto.randomUUID(), handle, name: handle.toUpperCase(), avatarUrl: null };
    await sql.query('insert into users (id, handle, name, created_at) values ($1, $2, $3, $4)', [
      user.userId,
      user.handle,
      user.name,
      new Date(START),
    ]);
    return user;
  }
  const create = async (call: GroupCall, key: string = crypto.randomUUID(), request = 'x') =>
    ports.groups.create({ call, key: { userId: call.initiatorId, key, request }, effects: null });
  async function stored(call: GroupCall) {
    const created = await create(call);
    if (created.outcome !== 'created') throw new Error(created.outcome);
    return created.stored;
  }

  test('GRP2 what is stored is what is loaded, in every state', async () => {
    const [ana, ben, chidi] = [await addUser(), await addUser(), await addUser()];
    let current = await stored(make(ana, [ben, chidi]));
    const { call } = current;
    const events: GroupEvent[] = [
      { type: 'ringing_reported', deviceId: deviceOf(call, chidi), silent: true },
      answer(call, ben),
      { type: 'declined', deviceId: deviceOf(call, chidi) },
      { type: 'media_reported', deviceId: deviceOf(call, ben), flow: 'flowing' },
      { type: 'link_made', linkId: crypto.randomUUID(), expiresAt: START + 86_400_000 },
      { type: 'keys_joined', deviceId: deviceOf(call, ana), keyPackage: 'QQ==' },
      { type: 'keys_joined', deviceId: deviceOf(call, ben), keyPackage: 'Qg==' },
      { type: 'keys_joined', deviceId: deviceOf(call, ben), keyPackage: 'Qw==' },
      { type: 'device_silent', deviceId: deviceOf(call, ben), lastSeenAt: START + 500 },
      { type: 'left', deviceId: deviceOf(call, ana), reason: 'hangup' },
      { type: 'left', deviceId: deviceOf(call, ben), reason: 'hangup' },
    ];
    expect(await ports.groups.load(call.callId)).toEqual(current);
    for (const event of events) {
      const next = after(current.call, event);
      const saved = await ports.groups.save(current, next, null, null);
      expect(saved, event.type).toEqual({ call: next, version: current.version + 1 });
      expect(await ports.groups.load(call.callId), event.type).toEqual(saved);
      if (saved !== null) current = saved;
    }
    expect(current.call.state).toBe('ended');
  });

  test('CALL2 of two changes made from the same version one is stored, and a call has one end', async () => {
    const [ana, ben, chidi] = [await addUser(), await addUser(), await addUser()];
    const first = await stored(make(ana, [ben, chidi]));
    const changes = [ben, chidi].map((user) => after(first.call, answer(first.call, user)));
    const saved = await Promise.all(changes.map(async (next) => ports.groups.save(first, next, null, null)));
    expect(saved.filter((each) => each !== null)).toHaveLength(1);
    const current = await ports.groups.load(first.call.callId);
    if (current === null) throw new Error('gone');
    const over = after(current.call, { type: 'abandoned' });
    const ended = await ports.groups.save(current, over, null, null);
    if (ended === null) throw new Error('not saved');
    await expect(ports.groups.save(ended, { ...over, locked: true }, null, null)).rejects.toThrow();
    expect(await ports.groups.load(first.call.callId)).toEqual(ended);
  });

  test('GRP1 a key makes one call, at once and later, and stands for nothing else', async () => {
    const [ana, ben] = [await addUser(), await addUser()];
    const outcomes = await Promise.all([create(make(ana, [ben]), 'key'), create(make(ana, [ben]), 'key')]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'existing']);
    expect(await create(make(ana, [ben]), 'key', 'y')).toEqual({ outcome: 'key_reused' });
    expect(await ports.groups.listLiveOf(ana.userId)).toHaveLength(1);
    expect(await ports.groups.findGroupKey(ana.userId, 'key')).toMatchObject({ request: 'x' });
    await ports.groups.forgetKeysBefore(START + 1);
    expect(await ports.groups.findGroupKey(ana.userId, 'key')).toBeNull();
  });

  test('CALL3 a direct call grows once', async () => {
    const [ana, ben] = [await addUser(), await addUser()];
    const grown = growGroup({
      callId: toGroupCallId(crypto.randomUUID()),
      direct: {
        state: 'connected',
        callId: crypto.randomUUID(),
        callType: 'audio',
        caller: ana,
        callee: ben,
        createdAt: START,
        connectedAt: START + 5_000,
        ringLimitAt: START + 45_000,
        silent: false,
        concealed: false,
        participants: [],
        keys: null,
      },
      inviterId: ana.userId,
      invitees: [],
      now: START + 60_000,
      ringMs: 45_000,
    });
    if (!grown.ok) throw new Error(grown.code);
    const { call } = grown.step;
    const twin = { ...call, callId: toGroupCallId(crypto.randomUUID()) };
    const outcomes = await Promise.all(
      [call, twin].map(async (each) => ports.groups.create({ call: each, key: null, effects: null })),
    );
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'existing']);
    expect([call.callId, twin.callId]).toContain(await ports.groups.findGrown(call.grewFrom ?? ''));
    // Both find it where the direct one began.
    const page = await ports.history.page(ben.userId, { cursor: null, limit: 10, withUserId: null });
    expect(page.entries).toMatchObject([{ startedAt: START, peer: { userId: ana.userId } }]);
  });

  test('GRP9 deadlines are data, and there is none after the end', async () => {
    for (const each of await ports.groups.listLive())
      await ports.groups.save(each, after(each.call, { type: 'abandoned' }), null, null);
    const [ana, ben] = [await addUser(), await addUser()];
    const late = await stored(make(ana, [ben], START + 5_000));
    const early = await stored(make(ben, [ana]));
    expect(await ports.groups.findNextDeadline()).toBe(START + 45_000);
    expect(await ports.groups.listDue(START + 44_999)).toEqual([]);
    expect(await ports.groups.listDue(START + 60_000)).toEqual([early.call.callId, late.call.callId]);
    for (const each of [early, late])
      await ports.groups.save(each, after(each.call, { type: 'abandoned' }), null, null);
    expect(await ports.groups.findNextDeadline()).toBeNull();
    expect(await ports.groups.listLive()).toEqual([]);
  });

  test('HIST1 each of its people has one line, with what became of it for them', async () => {
    const [ana, ben, chidi] = [await addUser(), await addUser(), await addUser()];
    let current = await stored(make(ana, [ben, chidi]));
    const save = async (event: GroupEvent, now: number): Promise<void> => {
      const saved = await ports.groups.save(current, after(current.call, event, now), null, null);
      if (saved !== null) current = saved;
    };
    const entryOf = async ({ userId }: UserSummary) =>
      (await ports.history.page(userId, { cursor: null, limit: 10, withUserId: null })).entries;
    await save(answer(current.call, ben), START + 2_000);
    expect(await ports.history.countMissedUnseen(chidi.userId)).toBe(0);
    await save({ type: 'deadline_passed' }, START + 45_000);
    expect(await ports.history.countMissedUnseen(chidi.userId)).toBe(1);
    expect(await ports.history.countMissedUnseen(ben.userId)).toBe(0);
    expect(await entryOf(chidi)).toMatchObject([{ outcome: 'missed', seen: false, direction: 'incoming' }]);
    expect(await entryOf(ana)).toMatchObject([
      { outcome: 'ongoing', direction: 'outgoing', group: { people: [{ userId: ben.userId }, {}] } },
    ]);
    await save({ type: 'left', deviceId: deviceOf(current.call, ben), reason: 'hangup' }, START + 62_000);
    expect(await entryOf(ben)).toMatchObject([{ outcome: 'answered', durationMs: 60_000 }]);
    expect(await ports.history.remove(ben.userId, current.call.callId, START)).toBe(false);
    await save({ type: 'left', deviceId: deviceOf(current.call, ana), reason: 'hangup' }, START + 63_000);
    expect(await ports.history.markSeen(chidi.userId, START)).toBe(1);
    expect(await ports.history.countMissedUnseen(chidi.userId)).toBe(0);
    const details = await ports.history.details(ana.userId, current.call.callId);
    expect(details).toMatchObject({ state: 'ended', endReason: 'hangup', participants: [{}, {}] });
    expect(await ports.history.remove(ben.userId, current.call.callId, START)).toBe(true);
    expect(await entryOf(ben)).toEqual([]);
    expect(await entryOf(ana)).toHaveLength(1);
  });

  test('what follows from a change and what a request was answered is kept with it', async () => {
    const [ana, ben] = [await addUser(), await addUser()];
    const call = make(ana, [ben]);
    const { callId } = call;
    const deviceId = deviceOf(call, ben);
    const effect = { type: 'history_changed', userIds: [ana.userId] } as const;
    const created = await ports.groups.create({ call, key: null, effects: [effect] });
    if (created.outcome !== 'created') throw new Error(created.outcome);
    const receipt = { deviceId, requestId: 'r', answer: { type: 'ok', id: 'r', payload: {} } } as const;
    const next = after(call, { type: 'declined', deviceId });
    const notice = {
      type: 'notice',
      deviceId,
      notice: { type: 'media_lost', callId, payload: {} },
    } as const;
    await ports.groups.save(created.stored, next, [notice, effect], receipt);
    expect(
      await ports.groups.save(created.stored, next, [effect], { ...receipt, requestId: 'lost' }),
    ).toBeNull();
    expect(await ports.calls.listUnsent(0, callId)).toEqual([
      { callId, version: 1, effects: [effect] },
      { callId, version: 2, effects: [effect] },
    ]);
    expect(await ports.calls.findAnswer(deviceId, 'r')).toEqual(receipt.answer);
    expect(await ports.calls.findAnswer(deviceId, 'lost')).toBeNull();
    await ports.calls.forgetSent([1, 2].map((version) => ({ callId, version })));
  });

  test('GRP10 a call that is kept as a group is found as the one that goes on', async () => {
    const [ana, ben] = [await addUser(), await addUser()];
    const current = await stored(make(ana, [ben]));
    const groupId = crypto.randomUUID();
    expect(await ports.groups.listOngoing([groupId])).toEqual(new Map());
    const kept = after(current.call, {
      type: 'group_saved',
      userId: ana.userId,
      savedGroupId: groupId,
      title: 'Lunch',
    });
    const saved = await ports.groups.save(current, kept, null, null);
    if (saved === null) throw new Error('not saved');
    expect(await ports.groups.listOngoing([groupId])).toEqual(new Map([[groupId, kept]]));
    const page = await ports.history.page(ana.userId, { cursor: null, limit: 10, withUserId: null });
    expect(page.entries).toMatchObject([{ group: { title: 'Lunch' } }]);
    await ports.groups.save(saved, after(kept, { type: 'abandoned' }), null, null);
    expect(await ports.groups.listOngoing([groupId])).toEqual(new Map());
  });

  test('GRP4 one node has the media of a call, until another takes them over from it', async () => {
    const [ana, ben] = [await addUser(), await addUser()];
    const { call } = await stored(make(ana, [ben]));
    const claims = await Promise.all(
      ['one', 'other'].map(async (node) => ports.groups.claimMedia(call.callId, null, node)),
    );
    const [holder] = claims.map(({ nodeId }) => nodeId);
    expect(claims.map(({ nodeId }) => nodeId)).toEqual([holder, holder]);
    expect(claims.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await ports.groups.findMediaNode(call.callId)).toBe(holder);
    expect(await ports.groups.claimMedia(call.callId, 'nobody', 'third')).toEqual({
      nodeId: holder,
      isNew: false,
    });
    expect(await ports.groups.claimMedia(call.callId, holder ?? null, 'third')).toEqual({
      nodeId: 'third',
      isNew: true,
    });
    expect(await ports.groups.listMediaOf('third')).toEqual([call.callId]);
    expect(await ports.groups.listMediaOf(holder ?? '')).toEqual([]);
  });
});

const make = (host: UserSummary, others: readonly UserSummary[], now = START): GroupCall => {
  const started = startGroup({
    callId: toGroupCallId(crypto.randomUUID()),
    callType: 'video',
    title: null,
    savedGroupId: null,
    host,
    device: device(host),
    invitees: others.map((user) => ({ user, devices: [device(user)], policy: POLICY })),
    now,
    ringMs: 45_000,
  });
  if (!started.ok) throw new Error(started.code);
  return started.step.call;
};
const after = (call: GroupCall, event: GroupEvent, now = START + 1_000): GroupCall =>
  stepGroup(call, event, now).call;
const answer = (call: GroupCall, user: UserSummary): GroupEvent => ({
  type: 'answered',
  deviceId: deviceOf(call, user),
  media: 'video',
});
