import { DeviceKind, ParticipantState, type UserSummary } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { History } from '../../historyPorts.ts';
import { createSqlCallQuality, findQualities } from './callQuality.ts';
import { GroupState } from './groupRows.ts';
import { endOf, EntryRow, SELECT_ENTRIES, toEntry } from './historyRows.ts';
import { select, selectOne, TimeColumn, type Sql, type SqlValue } from './sql.ts';
import { toUserSummary, userColumns, UserColumns } from './userColumns.ts';

const PartRow = z.object({
  user_id: z.string(),
  device_name: z.string(),
  device_kind: DeviceKind,
  state: ParticipantState,
  joined_at: z.nullable(TimeColumn),
  left_at: z.nullable(TimeColumn),
});
const CountRow = z.object({ count: z.int() });

const PersonRow = z.extend(UserColumns, { call_id: z.string() });
const StateRow = z.object({ state: GroupState });

/** In a group call somebody has missed it before it is over. */
const IS_OVER = `(exists (select from calls where calls.id = line.call_id and calls.ended_at is not null)
  or exists (select from group_call_people own where own.call_id = line.call_id and own.user_id = line.user_id
             and own.status in ('missed', 'removed')))`;
/** Unseen lines are few: those of calls that were missed and of those that ring at this moment. */
const COUNT_MISSED = `
  select count(*)::int as count from call_history line
  where line.user_id = $1 and line.seen_at is null and line.deleted_at is null and ${IS_OVER}`;

/** The history in PostgreSQL. */
export function createSqlHistory(sql: Sql): History {
  /** HIST2: of all group calls of a page at once. */
  const findPeople = async (rows: readonly EntryRow[], userId: string) => {
    const people = new Map<string, UserSummary[]>();
    const callIds = rows.filter(({ state }) => state === null).map(({ call_id }) => call_id);
    if (callIds.length === 0) return people;
    const found = await select(
      sql,
      PersonRow,
      `select person.call_id, ${userColumns('u')}
       from group_call_people person join users u on u.id = person.user_id
       where person.call_id = any($1::uuid[]) and person.user_id <> $2 and person.status <> 'waiting'
       order by person.call_id, person.position`,
      [callIds, userId],
    );
    for (const row of found)
      people.set(row.call_id, [...(people.get(row.call_id) ?? []), toUserSummary(row)]);
    return people;
  };

  /** HIST3. Of calls that nobody answered nothing is known. */
  const findQuality = async (rows: readonly EntryRow[], userId: string) =>
    findQualities(
      sql,
      userId,
      rows
        .filter(({ connected_at: connectedAt }) => connectedAt !== null)
        .map(({ call_id: callId }) => callId),
    );

  return {
    ...createSqlCallQuality(sql),
    page: async (userId, { cursor, limit, withUserId }) => {
      const parameters: SqlValue[] = [userId, limit + 1];
      const conditions = ['line.user_id = $1', 'line.deleted_at is null'];
      if (withUserId !== null) conditions.push(`line.peer_id = $${String(parameters.push(withUserId))}`);
      if (cursor !== null) {
        const at = `$${String(parameters.push(new Date(cursor.createdAt)))}::timestamptz`;
        const id = `$${String(parameters.push(cursor.callId))}::uuid`;
        conditions.push(`(line.created_at, line.call_id) < (${at}, ${id})`);
      }
      const rows = await select(
        sql,
        EntryRow,
        `${SELECT_ENTRIES} and ${conditions.join(' and ')}
         order by line.created_at desc, line.call_id desc limit $2`,
        parameters,
      );
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const people = await findPeople(shown, userId);
      const qualities = await findQuality(shown, userId);
      return {
        entries: shown.map((row) =>
          toEntry(row, people.get(row.call_id) ?? [], qualities.get(row.call_id) ?? null),
        ),
        nextCursor:
          rows.length > limit && last !== undefined
            ? formatCursor({ createdAt: last.created_at, callId: last.call_id })
            : null,
      };
    },
    countMissedUnseen: async (userId) => (await selectOne(sql, CountRow, COUNT_MISSED, [userId]))?.count ?? 0,
    markSeen: async (userId, now) => {
      const rows = await sql.query(
        `update call_history line set seen_at = $2
         where line.user_id = $1 and line.seen_at is null and line.deleted_at is null and ${IS_OVER}
         returning 1`,
        [userId, new Date(now)],
      );
      return rows.length;
    },
    details: async (userId, callId) => {
      const row = await selectOne(
        sql,
        EntryRow,
        `${SELECT_ENTRIES} and line.user_id = $1 and line.call_id = $2 and line.deleted_at is null`,
        [userId, callId],
      );
      if (row === null) return null;
      const people = await findPeople([row], userId);
      return {
        entry: toEntry(row, people.get(callId) ?? [], (await findQuality([row], userId)).get(callId) ?? null),
        ...endOf(row),
        createdAt: row.created_at,
        connectedAt: row.connected_at,
        participants:
          row.state === null ? await groupParts(sql, callId, userId) : await directParts(sql, callId, userId),
      };
    },
    remove: async (userId, callId, now) => {
      const rows = await sql.query(
        `update call_history set deleted_at = $3
         where user_id = $1 and call_id = $2 and deleted_at is null
           and (exists (select from calls where calls.id = call_id and calls.ended_at is not null)
                or exists (select from group_calls where group_calls.id = call_id and group_calls.ended_at is not null))
         returning 1`,
        [userId, callId, new Date(now)],
      );
      return rows.length > 0;
    },
  };
}

/** Of the other side's devices only the one that joined: which others rang is theirs to know. */
async function directParts(sql: Sql, callId: string, userId: string) {
  const parts = await select(
    sql,
    PartRow,
    `select user_id, device_name, device_kind, state, joined_at, left_at from call_participants
     where call_id = $1 and (user_id = $2 or joined_at is not null) order by position`,
    [callId, userId],
  );
  return parts.map((part) => ({
    userId: part.user_id,
    deviceName: part.device_name,
    deviceKind: part.device_kind,
    state: part.state,
    joinedAt: part.joined_at,
    leftAt: part.left_at,
  }));
}

async function groupParts(sql: Sql, callId: string, userId: string) {
  const row = await selectOne(sql, StateRow, 'select state from group_calls where id = $1', [callId]);
  const all = row?.state.participants ?? [];
  return all
    .filter(({ device, part }) => device.userId === userId || 'joinedAt' in part)
    .map(({ device, part }) => ({
      userId: device.userId,
      deviceName: device.name,
      deviceKind: device.kind,
      state: part.state,
      joinedAt: 'joinedAt' in part ? part.joinedAt : null,
      leftAt: 'leftAt' in part ? part.leftAt : null,
    }));
}

/** A cursor is the place after which the next page starts; only this server reads it. */
const formatCursor = ({ createdAt, callId }: { createdAt: number; callId: string }): string =>
  `${String(createdAt)}.${callId}`;
