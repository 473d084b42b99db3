import { dialCall, stepCall, type Call, type CallDevice, type CallEvent } from '@visavis/call';
import type { UserSummary } from '@visavis/protocol';
import type { CallStore, Receipt, StoredCall } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidate, offer } from '../integration/support/signals.ts';
import { callAdapters, type CallsUnderTest } from './callAdapters.ts';

const START = Date.UTC(2030, 0, 1);

const device = ({ userId }: UserSummary, name = 'device'): CallDevice => ({
  userId,
  deviceId: crypto.randomUUID(),
  name,
  kind: 'desktop',
});

const mediaState = { muted: true, camera: false, screen: false, hand: false, held: false };

const after = ({ call }: StoredCall, event: CallEvent, now = START + 1_000): Call =>
  stepCall(call, event, now).call;
const deviceAt = (call: Call, n: number): string => call.participants[n]?.device.deviceId ?? '';

describe.each(callAdapters)('calls: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let database: CallsUnderTest;
  let calls: CallStore;
  let handles = 0;
  beforeAll(async () => {
    opened = await adapter.open();
    database = opened.port;
    calls = database.calls;
  });
  afterAll(async () => {
    await opened.close();
  });

  async function addUser(): Promise<UserSummary> {
    handles += 1;
    const user = {
      userId: crypto.randomUUID(),
      handle: `u${String(handles)}`,
      name: `User ${String(handles)}`,
      avatarUrl: null,
    };
    await database.addUser(user, START);
    return user;
  }
  interface Dialed {
    readonly caller?: UserSummary;
    readonly callee?: UserSummary;
    readonly callerDevice?: CallDevice;
    readonly calleeDevices?: readonly CallDevice[];
    readonly concealed?: boolean;
    readonly now?: number;
  }
  async function makeCall(given: Dialed = {}): Promise<Call> {
    const caller = given.caller ?? (await addUser());
    const callee = given.callee ?? (await addUser());
    return dialCall({
      callId: crypto.randomUUID(),
      callType: 'video',
      caller,
      callee,
      callerDevice: given.callerDevice ?? device(caller),
      calleeDevices: given.calleeDevices ?? [device(callee, 'one'), device(callee, 'two')],
      policy: {
        inCall: false,
        callWaiting: true,
        doNotDisturb: false,
        admits: given.concealed === true ? 'nothing' : 'ring',
      },
      now: given.now ?? START,
      ringMs: 45_000,
    }).call;
  }
  const create = async (call: Call, idempotencyKey: string = crypto.randomUUID()) =>
    calls.create({ call, idempotencyKey });
  async function stored(call: Call): Promise<StoredCall> {
    const created = await create(call);
    if (created.outcome !== 'created') throw new Error(created.outcome);
    return created.stored;
  }
  test('what is stored is what is loaded, in every state', async () => {
    let current = await stored(await makeCall());
    const steps: CallEvent[] = [
      { type: 'signalled', deviceId: deviceAt(current.call, 0), signal: { type: 'offer', payload: offer } },
      {
        type: 'signalled',
        deviceId: deviceAt(current.call, 0),
        signal: { type: 'ice_candidate', payload: candidate(1) },
      },
      { type: 'ringing_reported', deviceId: deviceAt(current.call, 1), silent: true },
      { type: 'device_silent', deviceId: deviceAt(current.call, 2), lastSeenAt: START + 500 },
      { type: 'answered', deviceId: deviceAt(current.call, 1), media: 'audio' },
      {
        type: 'media_updated',
        deviceId: deviceAt(current.call, 0),
        mediaState: { muted: true, camera: false, screen: true, hand: true, held: true },
      },
      { type: 'media_reported', deviceId: deviceAt(current.call, 1), flow: 'flowing' },
      { type: 'device_silent', deviceId: deviceAt(current.call, 1), lastSeenAt: START + 900 },
      { type: 'ended', deviceId: deviceAt(current.call, 0), reason: 'hangup' },
    ];
    expect(await calls.load(current.call.callId)).toEqual(current);
    for (const event of steps) {
      const next = after(current, event);
      expect(next, event.type).not.toBe(current.call);
      const saved = await calls.save(current, next);
      expect(saved, event.type).toEqual({ call: next, version: current.version + 1 });
      expect(await calls.load(next.callId), event.type).toEqual(saved);
      if (saved !== null) current = saved;
    }
  });

  test('CALL2 of two changes made from the same version one is stored', async () => {
    const call = await stored(await makeCall());
    const winners = [1, 2].map((n) =>
      after(call, { type: 'answered', deviceId: deviceAt(call.call, n), media: 'video' }),
    );
    const saved = await Promise.all(winners.map(async (next) => calls.save(call, next)));
    expect(saved.filter((each) => each !== null).length).toBe(1);
    expect(await calls.load(call.call.callId)).toEqual(saved.find((each) => each !== null));
  });

  test('CALL2 a finished call refuses every change, whatever version it names', async () => {
    const call = await stored(await makeCall());
    const over = await calls.save(call, after(call, { type: 'cancelled', deviceId: deviceAt(call.call, 0) }));
    if (over === null) throw new Error('not saved');
    await expect(
      calls.save(over, after(call, { type: 'declined', deviceId: deviceAt(call.call, 1) })),
    ).rejects.toThrow();
    expect(await calls.load(call.call.callId)).toEqual(over);
  });

  test('RING1 a key makes one call, at once and later', async () => {
    const call = await makeCall();
    const twin = { ...call, callId: crypto.randomUUID() };
    const outcomes = await Promise.all([create(call, 'key'), create(twin, 'key')]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'existing']);
    expect(await create({ ...call, callId: crypto.randomUUID() }, 'key')).toMatchObject({
      outcome: 'existing',
    });
    const other = await makeCall({ caller: call.caller });
    expect(await create(other, 'key')).toEqual({ outcome: 'key_reused' });
    expect(await calls.load(other.callId)).toBeNull();
    expect(await database.countCallsOf(call.caller.userId)).toBe(1);
  });

  test('RING7 of two calls between the same two only one rings', async () => {
    const call = await makeCall();
    const back = await makeCall({ caller: call.callee, callee: call.caller });
    const outcomes = await Promise.all([create(call), create(back)]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'glare']);
    const winner = outcomes.find((each) => each.outcome === 'created');
    const loser = outcomes.find((each) => each.outcome === 'glare');
    expect(loser?.outcome === 'glare' && loser.callId).toBe(
      winner?.outcome === 'created' && winner.stored.call.callId,
    );
    // The key of the one that was refused is free again.
    expect(await calls.findKey(call.callee.userId, 'unused')).toBeNull();
  });

  test('RING8 a concealed call is not felt by the callee', async () => {
    const hidden = await stored(await makeCall({ concealed: true }));
    const { caller, callee } = hidden.call;
    expect(await create(await makeCall({ caller, callee, concealed: true }))).toEqual({
      outcome: 'already_dialing',
    });
    expect((await create(await makeCall({ caller: callee, callee: caller }))).outcome).toBe('created');
    expect(await calls.findRinging(caller.userId, callee.userId)).toBeNull();
    expect(await database.listHistoryOwners(hidden.call.callId)).toEqual([hidden.call.caller.userId]);
  });

  test('RING1 a device rings one at a time, and may dial again afterwards', async () => {
    const caller = await addUser();
    const callerDevice = device(caller);
    const first = await stored(await makeCall({ caller, callerDevice }));
    expect(await create(await makeCall({ caller, callerDevice }))).toEqual({ outcome: 'already_dialing' });
    await calls.save(first, after(first, { type: 'cancelled', deviceId: callerDevice.deviceId }));
    expect((await create(await makeCall({ caller, callerDevice }))).outcome).toBe('created');
  });

  test('RING5 deadlines are data: due calls are found, most urgent first, and none after the end', async () => {
    for (const { call } of await calls.listLive()) {
      const current = await calls.load(call.callId);
      if (current !== null)
        await calls.save(current, after(current, { type: 'device_removed', deviceId: deviceAt(call, 0) }));
    }
    const late = await stored(await makeCall({ now: START + 5_000 }));
    const early = await stored(await makeCall());
    expect(await calls.findNextDeadline()).toBe(START + 45_000);
    expect(await calls.listDue(START + 44_999)).toEqual([]);
    expect(await calls.listDue(START + 50_000)).toEqual([early.call.callId, late.call.callId]);
    await calls.save(early, after(early, { type: 'deadline_passed' }, START + 45_000));
    expect(await calls.findNextDeadline()).toBe(START + 50_000);
    expect((await calls.listLive()).map(({ call }) => call.callId)).toEqual([late.call.callId]);
    await calls.save(late, after(late, { type: 'deadline_passed' }, START + 50_000));
    expect(await calls.findNextDeadline()).toBeNull();
  });

  test('what follows from a change is kept with it until it is done, and not where nobody asks for it', async () => {
    const call = await makeCall();
    const ring = {
      type: 'send',
      deviceId: deviceAt(call, 1),
      event: {
        type: 'media_changed',
        callId: call.callId,
        payload: { deviceId: deviceAt(call, 0), mediaState },
      },
    } as const;
    const created = await calls.create({ call, idempotencyKey: crypto.randomUUID(), effects: [ring] });
    if (created.outcome !== 'created') throw new Error(created.outcome);
    const answered = after(created.stored, { type: 'answered', deviceId: deviceAt(call, 1), media: 'video' });
    const history = { type: 'history_changed', userIds: [call.caller.userId] } as const;
    const saved = await calls.save(created.stored, answered, [history]);
    if (saved === null) throw new Error('not saved');
    // A change that loses the race leaves nothing behind.
    expect(await calls.save(created.stored, answered, [ring])).toBeNull();
    await calls.save(saved, after(saved, { type: 'ended', deviceId: deviceAt(call, 0), reason: 'hangup' }));
    const unsent = (await calls.listUnsent(0)).filter(({ callId }) => callId === call.callId);
    expect(unsent).toEqual([
      { callId: call.callId, version: 1, effects: [ring] },
      { callId: call.callId, version: 2, effects: [history] },
    ]);
    expect(await calls.listUnsent(60_000)).toEqual([]);
    expect(await calls.listUnsent(0, call.callId)).toEqual(unsent);
    expect(await calls.listUnsent(0, crypto.randomUUID())).toEqual([]);
    await calls.forgetSent([{ callId: call.callId, version: 1 }]);
    expect(await calls.listUnsent(0)).toEqual([{ callId: call.callId, version: 2, effects: [history] }]);
    await calls.forgetSent([{ callId: call.callId, version: 2 }]);
    expect(await calls.listUnsent(0)).toEqual([]);
  });

  test('KEY1 KEY2 keys are kept with the call until it ends, and what members have still to be told', async () => {
    const first = await stored(await makeCall());
    const { callId } = first.call;
    const [caller, callee] = [deviceAt(first.call, 0), deviceAt(first.call, 1)];
    let current = first;
    for (const event of [
      { type: 'keys_joined', deviceId: caller, keyPackage: 'QQ==' },
      { type: 'answered', deviceId: callee, media: 'video' },
      { type: 'keys_joined', deviceId: callee, keyPackage: 'Qg==' },
      {
        type: 'keys_committed',
        deviceId: caller,
        commit: { generation: 0, epoch: 0, commit: 'QQ==' },
        welcome: 'Qg==',
        read: { leaf: 0, covered: 1, hasPath: false },
      },
      { type: 'keys_joined', deviceId: callee, keyPackage: 'Qw==' },
      { type: 'keys_joined', deviceId: callee, keyPackage: 'RA==' },
    ] as const) {
      const { call, effects, refusal } = stepCall(current.call, event, START + 1_000);
      expect(refusal).toBeNull();
      const told = effects.filter(({ type }) => type === 'keys');
      const saved = await calls.save(current, call, told);
      if (saved === null) throw new Error('not saved');
      current = saved;
      expect(await calls.load(callId), event.type).toEqual(saved);
      const unsent = await calls.listUnsent(0, callId);
      expect(unsent).toEqual(told.length === 0 ? [] : [{ callId, version: saved.version, effects: told }]);
      await calls.forgetSent([{ callId, version: saved.version }]);
    }
    expect(current.call).toMatchObject({ keys: { epoch: 1, wishes: [{ keyPackage: 'RA==' }] } });
    const ended = after(current, { type: 'ended', deviceId: caller, reason: 'hangup' });
    expect(await calls.save(current, ended)).not.toBeNull();
    expect((await calls.load(callId))?.call).toEqual(ended);
  });

  test('SES5 what a request was answered is kept with its change, and not where the change loses the race', async () => {
    const first = await stored(await makeCall());
    const { call } = first;
    const deviceId = deviceAt(call, 1);
    const receipt = (requestId: string): Receipt => ({
      deviceId,
      requestId,
      answer: { type: 'ok', id: requestId, payload: { callId: call.callId, signals: [] } },
    });
    const declined = after(first, { type: 'declined', deviceId });
    await calls.save(first, declined, null, receipt('won'));
    expect(await calls.save(first, declined, null, receipt('lost'))).toBeNull();
    expect(await calls.findAnswer(deviceId, 'won')).toEqual(receipt('won').answer);
    expect(await calls.findAnswer(deviceId, 'lost')).toBeNull();
    expect(await calls.findAnswer(deviceAt(call, 0), 'won')).toBeNull();
    await calls.forgetAnswers(60_000);
    expect(await calls.findAnswer(deviceId, 'won')).not.toBeNull();
    await calls.forgetAnswers(-60_000);
    expect(await calls.findAnswer(deviceId, 'won')).toBeNull();
  });

  test('RING7 a dial that answers a call leaves its key with the answer, or not at all', async () => {
    const first = await stored(await makeCall());
    const { call } = first;
    const answered = after(first, { type: 'answered', deviceId: deviceAt(call, 1), media: 'video' });
    const { userId } = call.callee;
    const key = (name: string) => ({ userId, key: name, calleeId: call.caller.userId, now: START });
    expect(await calls.save(first, answered, null, null, key('won'))).not.toBeNull();
    expect(await calls.save(first, answered, null, null, key('lost'))).toBeNull();
    expect(await calls.findKey(userId, 'won')).toEqual({
      callId: call.callId,
      calleeId: call.caller.userId,
    });
    expect(await calls.findKey(userId, 'lost')).toBeNull();
  });

  test('keys are forgotten by age', async () => {
    const call = await makeCall();
    await create(call, 'old-key');
    await calls.forgetKeysBefore(START);
    expect(await calls.findKey(call.caller.userId, 'old-key')).toMatchObject({ callId: call.callId });
    await calls.forgetKeysBefore(START + 1);
    expect(await calls.findKey(call.caller.userId, 'old-key')).toBeNull();
  });
});
