import type { Call, CallEffect, Participant } from '@visavis/call';
import * as z from 'zod/mini';
import type { CallStore, Created, DialKey, Receipt, StoredCall } from '../../ports.ts';
import {
  callColumns,
  CallRow,
  PARTICIPANT_COLUMNS,
  PARTICIPANT_RECORD,
  participantJson,
  ParticipantRow,
  SELECT_CALLS,
  SELECT_PARTICIPANTS,
  toCall,
  toParticipant,
} from './callRows.ts';
import { createSqlAnswers } from './answers.ts';
import { createBatch } from './batch.ts';
import { createSqlOutbox } from './outbox.ts';
import {
  select,
  selectOne,
  TimeColumn,
  UniqueViolation,
  type Sql,
  type SqlRunner,
  type SqlValue,
} from './sql.ts';

const IdRow = z.object({ id: z.string() });
const KeyRow = z.object({ call_id: z.string(), callee_id: z.string() });
const DeadlineRow = z.object({ next_deadline_at: z.nullable(TimeColumn) });
/** How many due calls are handled before asking again. */
const DUE_AT_ONCE = 500;

/** Calls in PostgreSQL. Every change is one statement, so that it needs no transaction of its own. */
export function createSqlCalls(sql: Sql): CallStore {
  const load = async (callId: string): Promise<StoredCall | null> => {
    const [stored] = await loadWhere(sql, 'calls.id = $1', [callId]);
    return stored ?? null;
  };
  const findKey: CallStore['findKey'] = async (userId, key) => {
    const row = await selectOne(
      sql,
      KeyRow,
      'select call_id, callee_id from idempotency where user_id = $1 and key = $2',
      [userId, key],
    );
    return row === null ? null : { callId: row.call_id, calleeId: row.callee_id };
  };
  const findRinging: CallStore['findRinging'] = async (callerId, calleeId) => {
    const row = await selectOne(
      sql,
      IdRow,
      `select id from calls
       where initiator_id = $1 and callee_id = $2 and state = 'ringing' and not concealed`,
      [callerId, calleeId],
    );
    return row?.id ?? null;
  };

  const listLiveOf = createBatch(async (userIds: readonly string[]) => {
    const live = await loadWhere(
      sql,
      'calls.ended_at is null and (initiator_id = any($1::uuid[]) or callee_id = any($1::uuid[]))',
      [userIds],
    );
    return userIds.map((userId) =>
      live.filter(({ call: { caller, callee } }) => caller.userId === userId || callee.userId === userId),
    );
  });

  return {
    load,
    findKey,
    findRinging,
    ...createSqlOutbox(sql),
    ...createSqlAnswers(sql),
    create: async ({ call, idempotencyKey, effects = null }): Promise<Created> => {
      const calleeId = call.callee.userId;
      try {
        const inserted = await insertCall(sql, call, idempotencyKey, effects);
        if (inserted) return { outcome: 'created', stored: { call, version: 1 } };
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error;
        const meaning = await findKey(call.caller.userId, idempotencyKey);
        if (meaning !== null) return meaningOf(meaning, calleeId);
        const glare = await findRinging(calleeId, call.caller.userId);
        return glare === null ? { outcome: 'already_dialing' } : { outcome: 'glare', callId: glare };
      }
      const meaning = await findKey(call.caller.userId, idempotencyKey);
      if (meaning === null) throw new Error('an idempotency key vanished between two statements');
      return meaningOf(meaning, calleeId);
    },
    rememberKey: async (userId, key, calleeId, callId, now) => {
      await sql.query(
        `insert into idempotency (user_id, key, callee_id, call_id, created_at) values ($1, $2, $3, $4, $5)
         on conflict (user_id, key) do nothing`,
        [userId, key, calleeId, callId, new Date(now)],
      );
      return (await findKey(userId, key)) ?? { callId, calleeId };
    },
    save: async (stored, next, effects = null, receipt = null, dialKey = null) =>
      (await updateCall(sql, stored, next, { effects, receipt, dialKey }))
        ? { call: next, version: stored.version + 1 }
        : null,
    listLive: async () => loadWhere(sql, 'calls.ended_at is null', []),
    listLiveOf,
    listDue: async (now) => {
      const rows = await select(
        sql,
        IdRow,
        `select id from calls where next_deadline_at <= $1 order by next_deadline_at limit ${String(DUE_AT_ONCE)}`,
        [new Date(now)],
      );
      return rows.map((row) => row.id);
    },
    findNextDeadline: async () => {
      const row = await selectOne(
        sql,
        DeadlineRow,
        'select min(next_deadline_at) as next_deadline_at from calls where next_deadline_at is not null',
      );
      return row?.next_deadline_at ?? null;
    },
    forgetKeysBefore: async (at) => {
      await sql.query('delete from idempotency where created_at < $1', [new Date(at)]);
    },
  };
}

const meaningOf = (meaning: { callId: string; calleeId: string }, calleeId: string): Created =>
  meaning.calleeId === calleeId ? { outcome: 'existing', callId: meaning.callId } : { outcome: 'key_reused' };

async function loadWhere(
  sql: SqlRunner,
  where: string,
  parameters: readonly SqlValue[],
): Promise<StoredCall[]> {
  const rows = await select(sql, CallRow, `${SELECT_CALLS} where ${where}`, parameters);
  if (rows.length === 0) return [];
  const parts = await select(
    sql,
    ParticipantRow,
    `${SELECT_PARTICIPANTS} where call_id = any($1::uuid[]) order by call_id, position`,
    [rows.map((row) => row.id)],
  );
  const byCall = new Map<string, Participant[]>(rows.map((row) => [row.id, []]));
  for (const part of parts) byCall.get(part.call_id)?.push(toParticipant(part));
  return rows.map((row) => ({ call: toCall(row, byCall.get(row.id) ?? []), version: row.version }));
}

/** RING1: the key first; where it is taken, nothing else happens. HIST1: both sides get their line with the call. */
async function insertCall(
  sql: Sql,
  call: Call,
  key: string,
  effects: readonly CallEffect[] | null,
): Promise<boolean> {
  const columns = callColumns(call);
  const caller = call.participants[0];
  if (caller === undefined) throw new Error('a call without a caller cannot be stored');
  const rows = await sql.query(
    `with taken as (
       insert into idempotency (user_id, key, callee_id, call_id, created_at) values ($2, $3, $4, $1, $5)
       on conflict (user_id, key) do nothing returning call_id
     ), inserted as (
       insert into calls (id, initiator_id, callee_id, created_at, initiator_device_id, call_type, state, silent,
                          concealed, ring_limit_at, ring_deadline_at, next_deadline_at, ended_at, end_reason, held)
       select call_id, $2::uuid, $4::uuid, $5::timestamptz, $6::uuid, $7, $8, $9::boolean, $10::boolean,
              $11::timestamptz, $12::timestamptz, $13::timestamptz, $14::timestamptz, $15, $16::jsonb
       from taken returning id
     ), people as (
       insert into call_participants (call_id, ${PARTICIPANT_COLUMNS})
       select inserted.id, part.* from inserted, jsonb_to_recordset($17::jsonb) as part(${PARTICIPANT_RECORD})
     ), lines as (
       insert into call_history (user_id, call_id, peer_id, direction, created_at, seen_at)
       select $2::uuid, id, $4::uuid, 'outgoing', $5::timestamptz, $5::timestamptz from inserted
       union all
       select $4::uuid, id, $2::uuid, 'incoming', $5::timestamptz, null from inserted where not $10::boolean
     ), box as (
       insert into call_outbox (call_id, version, effects)
       select id, 1, $18::jsonb from inserted where $18::jsonb is not null
     )
     select id from inserted`,
    [
      call.callId,
      call.caller.userId,
      key,
      call.callee.userId,
      new Date(call.createdAt),
      caller.device.deviceId,
      call.callType,
      columns.state,
      call.silent,
      call.concealed,
      new Date(call.ringLimitAt),
      columns.ringDeadlineAt,
      columns.nextDeadlineAt,
      columns.endedAt,
      columns.endReason,
      columns.held,
      JSON.stringify(
        call.participants.map((participant, position) => participantJson(participant, position)),
      ),
      boxed(effects),
    ],
  );
  return rows.length > 0;
}

/** The conditional update. Writes the participants that changed, and marks the callee's line as seen when it was taken. */
async function updateCall(
  sql: Sql,
  stored: StoredCall,
  next: Call,
  { effects, receipt, dialKey }: KeptWithChange,
): Promise<boolean> {
  const columns = callColumns(next);
  const changed = changedParticipants(stored.call, next);
  const seenAt = seenTime(stored.call, next);
  const parameters = [
    next.callId,
    stored.version,
    columns.state,
    columns.ringDeadlineAt,
    columns.nextDeadlineAt,
    columns.connectedAt,
    columns.endedAt,
    columns.endReason,
    columns.held,
    columns.keys,
  ];
  const update = `update calls set version = version + 1, state = $3, ring_deadline_at = $4, next_deadline_at = $5,
                         connected_at = $6, ended_at = $7, end_reason = $8, held = $9,
                         keys = $10
                  where id = $1 and version = $2 returning id`;
  const box = boxed(effects);
  if (changed.length === 0 && seenAt === null && box === null && receipt === null && dialKey === null)
    return (await sql.query(update, parameters)).length > 0;
  const rows = await sql.query(
    `with changed as (${update}), people as (
       insert into call_participants (call_id, ${PARTICIPANT_COLUMNS})
       select changed.id, part.* from changed, jsonb_to_recordset($11::jsonb) as part(${PARTICIPANT_RECORD})
       on conflict (call_id, device_id) do update set
         state = excluded.state, online = excluded.online, silent = excluded.silent, joined_at = excluded.joined_at,
         left_at = excluded.left_at, media_state = excluded.media_state, flow = excluded.flow,
         silent_since_at = excluded.silent_since_at
     ), lines as (
       update call_history set seen_at = $12 from changed
       where $12::timestamptz is not null and call_history.call_id = changed.id and seen_at is null
     ), box as (
       insert into call_outbox (call_id, version, effects)
       select id, $2::integer + 1, $13::jsonb from changed where $13::jsonb is not null
     )${receipt === null ? '' : KEEP_RECEIPT}${dialKey === null ? '' : keepDialKey(receipt === null ? 14 : 17)}
     select id from changed`,
    [
      ...parameters,
      JSON.stringify(changed),
      seenAt === null ? null : new Date(seenAt),
      box,
      ...(receipt === null ? [] : [receipt.deviceId, receipt.requestId, JSON.stringify(receipt.answer)]),
      ...(dialKey === null ? [] : [dialKey.userId, dialKey.key, dialKey.calleeId, new Date(dialKey.now)]),
    ],
  );
  return rows.length > 0;
}

const KEEP_RECEIPT = `, receipt as (
       insert into call_answers (device_id, request_id, call_id, answer)
       select $14::uuid, $15, id, $16::jsonb from changed
       on conflict (device_id, request_id) do nothing
     )`;

/** @param first - the number of its first parameter */
const keepDialKey = (first: number): string => {
  const [userId, key, calleeId, createdAt] = [0, 1, 2, 3].map((n) => `$${String(first + n)}`);
  return `, dial_key as (
       insert into idempotency (user_id, key, callee_id, call_id, created_at)
       select ${userId}::uuid, ${key}, ${calleeId}::uuid, id, ${createdAt}::timestamptz from changed
       on conflict (user_id, key) do nothing
     )`;
};

/** What is written with a change, or not at all. */
interface KeptWithChange {
  readonly effects: readonly CallEffect[] | null;
  readonly receipt: Receipt | null;
  readonly dialKey: DialKey | null;
}

const boxed = (effects: readonly CallEffect[] | null): string | null =>
  effects === null || effects.length === 0 ? null : JSON.stringify(effects);

const changedParticipants = (before: Call, next: Call) =>
  next.participants.flatMap((participant: Participant, position) =>
    before.participants[position] === participant ? [] : [participantJson(participant, position)],
  );

/** HIST1: a call that somebody of the callee's devices answered or declined is not missed. */
function seenTime(before: Call, next: Call): number | null {
  if (before.state !== 'ringing') return null;
  if (next.state === 'connected') return next.connectedAt;
  return next.state === 'declined' ? next.endedAt : null;
}
