import type { GroupCall, GroupEffect, GroupMember } from '@visavis/call';
import * as z from 'zod/mini';
import type { GroupCreated, GroupStore, StoredGroup } from '../../groupPorts.ts';
import type { Receipt } from '../../ports.ts';
import {
  groupColumns,
  GroupState,
  LINE_RECORD,
  lineJson,
  PERSON_COLUMNS,
  PERSON_RECORD,
  personJson,
} from './groupRows.ts';
import { createBatch } from './batch.ts';
import { select, selectOne, TimeColumn, UniqueViolation, type Sql, type SqlValue } from './sql.ts';

const Row = z.object({ version: z.int(), state: GroupState });
const OfUserRow = z.object({ user_id: z.string(), version: z.int(), state: GroupState });
const IdRow = z.object({ id: z.string() });
const KeyRow = z.object({ call_id: z.string(), request: z.string() });
const DeadlineRow = z.object({ next_deadline_at: z.nullable(TimeColumn) });
const NodeRow = z.object({ media_node: z.nullable(z.string()) });
/** How many due calls are handled before asking again. */
const DUE_AT_ONCE = 500;

/** Group calls in PostgreSQL. Every change is one statement, so that it needs no transaction of its own. */
export function createSqlGroups(sql: Sql): GroupStore {
  const findMediaNode: GroupStore['findMediaNode'] = async (callId) =>
    (await selectOne(sql, NodeRow, 'select media_node from group_calls where id = $1', [callId]))
      ?.media_node ?? null;
  const findGroupKey: GroupStore['findGroupKey'] = async (userId, key) => {
    const row = await selectOne(
      sql,
      KeyRow,
      'select call_id, request from group_keys where user_id = $1 and key = $2',
      [userId, key],
    );
    return row === null ? null : { callId: row.call_id, request: row.request };
  };
  const findGrown: GroupStore['findGrown'] = async (directCallId) => {
    const row = await selectOne(sql, IdRow, 'select id from group_calls where grew_from = $1', [
      directCallId,
    ]);
    return row?.id ?? null;
  };
  const loadWhere = async (where: string, parameters: readonly SqlValue[]): Promise<StoredGroup[]> => {
    const rows = await select(
      sql,
      Row,
      `select g.version, g.state from group_calls g where ${where}`,
      parameters,
    );
    return rows.map(({ version, state }) => ({ call: state, version }));
  };

  const listLiveOf = createBatch(async (userIds: readonly string[]) => {
    const rows = await select(
      sql,
      OfUserRow,
      `select p.user_id, g.version, g.state
       from group_call_people p join group_calls g on g.id = p.call_id
       where p.user_id = any($1::uuid[]) and p.status in ('ringing', 'joined', 'waiting') and g.ended_at is null`,
      [userIds],
    );
    return userIds.map((userId) =>
      rows.filter((row) => row.user_id === userId).map(({ version, state }) => ({ call: state, version })),
    );
  });

  return {
    findGroupKey,
    findGrown,
    create: async ({ call, key, effects }): Promise<GroupCreated> => {
      try {
        if (await insertGroup(sql, call, key, effects))
          return { outcome: 'created', stored: { call, version: 1 } };
      } catch (error) {
        const grown =
          error instanceof UniqueViolation && call.grewFrom !== null ? await findGrown(call.grewFrom) : null;
        if (grown === null) throw error;
        return { outcome: 'existing', callId: grown };
      }
      const meaning = key === null ? null : await findGroupKey(key.userId, key.key);
      if (meaning === null) throw new Error('an idempotency key vanished between two statements');
      return meaning.request === key?.request
        ? { outcome: 'existing', callId: meaning.callId }
        : { outcome: 'key_reused' };
    },
    load: async (callId) => (await loadWhere('g.id = $1', [callId]))[0] ?? null,
    save: async (stored, next, effects, receipt) =>
      (await updateGroup(sql, stored, next, effects, receipt))
        ? { call: next, version: stored.version + 1 }
        : null,
    listLive: async () => loadWhere('g.ended_at is null', []),
    listLiveOf,
    listOngoing: async (savedGroupIds) => {
      const stored = await loadWhere(
        'g.saved_group_id = any($1::uuid[]) and g.ended_at is null order by g.created_at',
        [savedGroupIds],
      );
      return new Map(stored.map(({ call }) => [call.savedGroupId ?? '', call]));
    },
    listDue: async (now) => {
      const rows = await select(
        sql,
        IdRow,
        `select id from group_calls where next_deadline_at <= $1
         order by next_deadline_at limit ${String(DUE_AT_ONCE)}`,
        [new Date(now)],
      );
      return rows.map(({ id }) => id);
    },
    findNextDeadline: async () => {
      const row = await selectOne(
        sql,
        DeadlineRow,
        `select min(next_deadline_at) as next_deadline_at from group_calls where next_deadline_at is not null`,
      );
      return row?.next_deadline_at ?? null;
    },
    forgetKeysBefore: async (at) => {
      await sql.query('delete from group_keys where created_at < $1', [new Date(at)]);
    },
    findMediaNode,
    claimMedia: async (callId, former, next) => {
      const claimed = await selectOne(
        sql,
        IdRow,
        `update group_calls set media_node = $3
         where id = $1 and ended_at is null and media_node is not distinct from $2::text
         returning id`,
        [callId, former, next],
      );
      // Asked for afterwards: a statement that has waited for another does not see what that one wrote.
      if (claimed === null) return { nodeId: await findMediaNode(callId), isNew: false };
      return { nodeId: next, isNew: true };
    },
    listMediaOf: async (nodeId) => {
      const text = 'select id from group_calls where media_node = $1 and ended_at is null';
      return (await select(sql, IdRow, text, [nodeId])).map(({ id }) => id);
    },
  };
}

/** What is not kept for whoever is away is not kept here either. */
const boxed = (effects: readonly GroupEffect[] | null): string | null => {
  const kept = (effects ?? []).filter(({ type }) => type !== 'notice');
  return kept.length === 0 ? null : JSON.stringify(kept);
};

const linesOf = (call: GroupCall, people: readonly GroupMember[]) =>
  people.flatMap((member) => lineJson(call, member) ?? []);

/** GRP1: the key first; where it is taken, nothing else happens. HIST1: everybody gets their line with the call. */
async function insertGroup(
  sql: Sql,
  call: GroupCall,
  key: { readonly userId: string; readonly key: string; readonly request: string } | null,
  effects: readonly GroupEffect[] | null,
): Promise<boolean> {
  const columns = groupColumns(call);
  const keyParameters = key === null ? [] : [key.userId, key.key, key.request];
  const taken =
    key === null
      ? 'select $1::uuid as call_id'
      : `insert into group_keys (user_id, key, request, call_id, created_at) values ($16, $17, $18, $1, $6)
         on conflict (user_id, key) do nothing returning call_id`;
  const rows = await sql.query(
    `with taken as (${taken}), inserted as (
       insert into group_calls (id, initiator_id, saved_group_id, grew_from, title, created_at, call_type, state,
                                next_deadline_at, connected_at, ended_at, end_reason)
       select call_id, $2::uuid, $3::uuid, $4::uuid, $5, $6::timestamptz, $7, $8::jsonb, $9::timestamptz,
              $10::timestamptz, $11::timestamptz, $12
       from taken returning id
     ), people as (
       insert into group_call_people (call_id, ${PERSON_COLUMNS})
       select inserted.id, person.* from inserted, jsonb_to_recordset($13::jsonb) as person(${PERSON_RECORD})
     ), lines as (
       insert into call_history (call_id, user_id, peer_id, direction, created_at, seen_at)
       select inserted.id, line.* from inserted, jsonb_to_recordset($14::jsonb) as line(${LINE_RECORD})
     ), box as (
       insert into call_outbox (call_id, version, effects)
       select id, 1, $15::jsonb from inserted where $15::jsonb is not null
     )
     select id from inserted`,
    [
      call.callId,
      call.initiatorId,
      columns.savedGroupId,
      call.grewFrom,
      columns.title,
      new Date(call.createdAt),
      call.callType,
      columns.state,
      columns.nextDeadlineAt,
      columns.connectedAt,
      columns.endedAt,
      columns.endReason,
      JSON.stringify(call.people.map((member, position) => personJson(member, position))),
      JSON.stringify(linesOf(call, call.people)),
      boxed(effects),
      ...keyParameters,
    ],
  );
  return rows.length > 0;
}

/** The conditional update, with the people and lines that changed. */
async function updateGroup(
  sql: Sql,
  stored: StoredGroup,
  next: GroupCall,
  effects: readonly GroupEffect[] | null,
  receipt: Receipt | null,
): Promise<boolean> {
  const columns = groupColumns(next);
  const before = stored.call.people;
  const changed = next.people.filter((member) => !before.includes(member));
  const gone = before
    .map(({ user }) => user.userId)
    .filter((userId) => !next.people.some(({ user }) => user.userId === userId));
  const rows = await sql.query(
    `with changed as (
       update group_calls set version = version + 1, state = $3::jsonb, next_deadline_at = $4, connected_at = $5,
                              ended_at = $6, end_reason = $7, saved_group_id = $15::uuid, title = $16
       where id = $1 and version = $2 returning id
     ), gone as (
       delete from group_call_people using changed
       where group_call_people.call_id = changed.id and user_id = any($8::uuid[])
     ), people as (
       insert into group_call_people (call_id, ${PERSON_COLUMNS})
       select changed.id, person.* from changed, jsonb_to_recordset($9::jsonb) as person(${PERSON_RECORD})
       on conflict (call_id, user_id) do update set
         status = excluded.status, joined_at = excluded.joined_at, left_at = excluded.left_at
     ), lines as (
       insert into call_history (call_id, user_id, peer_id, direction, created_at, seen_at)
       select changed.id, line.* from changed, jsonb_to_recordset($10::jsonb) as line(${LINE_RECORD})
       on conflict (call_id, user_id) do update set seen_at = coalesce(call_history.seen_at, excluded.seen_at)
     ), box as (
       insert into call_outbox (call_id, version, effects)
       select id, $2::integer + 1, $11::jsonb from changed where $11::jsonb is not null
     ), receipt as (
       insert into call_answers (device_id, request_id, call_id, answer)
       select $12::uuid, $13, id, $14::jsonb from changed where $12::uuid is not null
       on conflict (device_id, request_id) do nothing
     )
     select id from changed`,
    [
      next.callId,
      stored.version,
      columns.state,
      columns.nextDeadlineAt,
      columns.connectedAt,
      columns.endedAt,
      columns.endReason,
      gone,
      JSON.stringify(changed.map((member) => personJson(member, next.people.indexOf(member)))),
      JSON.stringify(linesOf(next, changed)),
      boxed(effects),
      receipt?.deviceId ?? null,
      receipt?.requestId ?? null,
      receipt === null ? null : JSON.stringify(receipt.answer),
      columns.savedGroupId,
      columns.title,
    ],
  );
  return rows.length > 0;
}
