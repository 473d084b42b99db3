import type { CallQuality } from '@visavis/protocol';
import { openStorage, type Ports, type Sql } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlAdapters } from './adapters.ts';

const NOW = Date.UTC(2030, 0, 1);
const AT = new Date(NOW);
const QUALITY: CallQuality = { seconds: 60, fairSeconds: 10, poorSeconds: 5, side: 'own', sentLoss: 0.083 };

interface Person {
  readonly userId: string;
  readonly deviceId: string;
}

describe.each(sqlAdapters)('how calls were: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let sql: Sql;
  let history: Ports['history'];
  beforeAll(async () => {
    opened = await adapter.open();
    sql = opened.port;
    ({ history } = await openStorage(sql));
  });
  afterAll(async () => {
    await opened.close();
  });

  async function addPerson(): Promise<Person> {
    const userId = crypto.randomUUID();
    await sql.query('insert into users (id, handle, name, created_at) values ($1, $2, $3, $4)', [
      userId,
      userId,
      'Somebody',
      AT,
    ]);
    return { userId, deviceId: crypto.randomUUID() };
  }

  /** A call that is over, in which one device of each was. */
  async function addCall(caller: Person, callee: Person): Promise<string> {
    const callId = crypto.randomUUID();
    await sql.query(
      `insert into calls (id, initiator_id, initiator_device_id, callee_id, call_type, state, silent, concealed,
                          created_at, ring_limit_at, connected_at, ended_at, end_reason)
       values ($1, $2, $3, $4, 'video', 'ended', false, false, $5, $5, $5, $5, 'hangup')`,
      [callId, caller.userId, caller.deviceId, callee.userId, AT],
    );
    for (const [position, { userId, deviceId }] of [caller, callee].entries()) {
      await sql.query(
        `insert into call_participants (call_id, device_id, user_id, position, role, device_name, device_kind, state,
                                        invited_at, joined_at, left_at)
         values ($1, $2, $3, $4, $5, 'Laptop', 'desktop', 'left', $6, $6, $6)`,
        [callId, deviceId, userId, position, position === 0 ? 'caller' : 'callee', AT],
      );
      await sql.query(
        `insert into call_history (user_id, call_id, peer_id, direction, created_at) values ($1, $2, $3, $4, $5)`,
        [
          userId,
          callId,
          position === 0 ? callee.userId : caller.userId,
          position === 0 ? 'outgoing' : 'incoming',
          AT,
        ],
      );
    }
    return callId;
  }
  const put = async ({ userId, deviceId }: Person, callId: string, quality = QUALITY) =>
    history.putQuality({ userId, deviceId, callId, quality, now: NOW });
  const entryOf = async ({ userId }: Person) =>
    (await history.page(userId, { cursor: null, limit: 10, withUserId: null })).entries[0];

  test('HIST3 each who was in the call finds how it was on their own device, and nobody else does', async () => {
    const [ana, ben, stranger] = [await addPerson(), await addPerson(), await addPerson()];
    const callId = await addCall(ana, ben);
    expect(await put(ana, callId)).toBe(true);
    expect((await entryOf(ana))?.quality).toEqual(QUALITY);
    expect((await history.details(ana.userId, callId))?.entry.quality).toEqual(QUALITY);
    expect(await entryOf(ben)).not.toHaveProperty('quality');
    expect(await put(stranger, callId)).toBe(false);
    expect(await put({ ...stranger, deviceId: ana.deviceId }, callId)).toBe(false);
    expect(await put({ ...ben, deviceId: ana.deviceId }, callId)).toBe(false);
    expect((await entryOf(ana))?.quality).toEqual(QUALITY);
  });

  test('HIST3 what is told again replaces what was told, and keeps to its call', async () => {
    const [ana, ben] = [await addPerson(), await addPerson()];
    const [first, second] = [await addCall(ana, ben), await addCall(ana, ben)];
    await put(ana, first);
    const later = { seconds: 90, fairSeconds: 0, poorSeconds: 0 };
    expect(await put(ana, first, later)).toBe(true);
    expect((await history.details(ana.userId, first))?.entry.quality).toEqual(later);
    expect((await history.details(ana.userId, second))?.entry).not.toHaveProperty('quality');
  });

  test('HIST3 of several devices the one counts that was in it for longest', async () => {
    const [ana, ben] = [await addPerson(), await addPerson()];
    const callId = await addCall(ana, ben);
    const phone = crypto.randomUUID();
    await sql.query(
      `insert into call_participants (call_id, device_id, user_id, position, role, device_name, device_kind, state,
                                      invited_at, joined_at, left_at)
       values ($1, $2, $3, 2, 'caller', 'Phone', 'phone', 'left', $4, $4, $4)`,
      [callId, phone, ana.userId, AT],
    );
    await put(ana, callId);
    await put({ ...ana, deviceId: phone }, callId, { ...QUALITY, seconds: 600 });
    expect((await entryOf(ana))?.quality?.seconds).toBe(600);
  });

  test('HIST3 a call that does not exist keeps nothing', async () => {
    expect(await put(await addPerson(), crypto.randomUUID())).toBe(false);
  });
});
