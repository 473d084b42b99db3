import type { Outcome } from '@visavis/protocol';
import {
  CallState,
  CallType,
  DeviceKind,
  EndReason,
  ParticipantState,
  type HistoryEntry,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import type { History } from '../../ports.ts';
import { select, selectOne, TimeColumn, type Sql, type SqlValue } from './sql.ts';
import { toUserSummary, userColumns, UserColumns } from './userColumns.ts';

const EntryRow = z.extend(UserColumns, {
  call_id: z.string(),
  direction: z.enum(['outgoing', 'incoming']),
  call_type: CallType,
  state: CallState,
  end_reason: z.nullable(EndReason),
  created_at: TimeColumn,
  connected_at: z.nullable(TimeColumn),
  ended_at: z.nullable(TimeColumn),
  is_seen: z.boolean(),
});
type EntryRow = z.infer<typeof EntryRow>;
const PartRow = z.object({
  user_id: z.string(),
  device_name: z.string(),
  device_kind: DeviceKind,
  state: ParticipantState,
  joined_at: z.nullable(TimeColumn),
  left_at: z.nullable(TimeColumn),
});
const CountRow = z.object({ count: z.int() });

const SELECT_ENTRIES = `
  select line.call_id, line.direction, line.created_at, line.seen_at is not null as is_seen, calls.call_type,
         calls.state, calls.end_reason, calls.connected_at, calls.ended_at, ${userColumns('peer')}
  from call_history line
  join calls on calls.id = line.call_id
  join users peer on peer.id = line.peer_id`;

/** Unseen lines are few: those of calls that were missed and of those that ring at this moment. */
const COUNT_MISSED = `
  select count(*)::int as count from call_history line join calls on calls.id = line.call_id
  where line.user_id = $1 and line.seen_at is null and line.deleted_at is null and calls.ended_at is not null`;

/** The history in PostgreSQL. */
export function createSqlHistory(sql: Sql): History {
  return {
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
        `${SELECT_ENTRIES} where ${conditions.join(' and ')}
         order by line.created_at desc, line.call_id desc limit $2`,
        parameters,
      );
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        entries: shown.map((row) => toEntry(row)),
        nextCursor:
          rows.length > limit && last !== undefined
            ? formatCursor({ createdAt: last.created_at, callId: last.call_id })
            : null,
      };
    },
    countMissedUnseen: async (userId) => (await selectOne(sql, CountRow, COUNT_MISSED, [userId]))?.count ?? 0,
    markSeen: async (userId, now) => {
      const rows = await sql.query(
        `update call_history line set seen_at = $2 from calls
         where calls.id = line.call_id and line.user_id = $1 and line.seen_at is null and line.deleted_at is null
           and calls.ended_at is not null
         returning 1`,
        [userId, new Date(now)],
      );
      return rows.length;
    },
    details: async (userId, callId) => {
      const row = await selectOne(
        sql,
        EntryRow,
        `${SELECT_ENTRIES} where line.user_id = $1 and line.call_id = $2 and line.deleted_at is null`,
        [userId, callId],
      );
      if (row === null) return null;
      // Of the other side's devices only the one that joined: which others rang is theirs to know.
      const parts = await select(
        sql,
        PartRow,
        `select user_id, device_name, device_kind, state, joined_at, left_at from call_participants
         where call_id = $1 and (user_id = $2 or joined_at is not null) order by position`,
        [callId, userId],
      );
      return {
        entry: toEntry(row),
        state: row.state,
        endReason: row.end_reason,
        createdAt: row.created_at,
        connectedAt: row.connected_at,
        endedAt: row.ended_at,
        participants: parts.map((part) => ({
          userId: part.user_id,
          deviceName: part.device_name,
          deviceKind: part.device_kind,
          state: part.state,
          joinedAt: part.joined_at,
          leftAt: part.left_at,
        })),
      };
    },
    remove: async (userId, callId, now) => {
      const rows = await sql.query(
        `update call_history set deleted_at = $3 from calls
         where calls.id = call_history.call_id and calls.ended_at is not null
           and user_id = $1 and call_id = $2 and deleted_at is null
         returning 1`,
        [userId, callId, new Date(now)],
      );
      return rows.length > 0;
    },
  };
}

function toEntry(row: EntryRow): HistoryEntry {
  const outcome = outcomeOf(row);
  return {
    callId: row.call_id,
    direction: row.direction,
    peer: toUserSummary(row),
    callType: row.call_type,
    outcome,
    startedAt: row.created_at,
    durationMs:
      row.connected_at === null || row.ended_at === null
        ? null
        : Math.max(0, row.ended_at - row.connected_at),
    seen: row.is_seen || outcome !== 'missed',
  };
}

/** HIST1: the same call is `missed` for the one and `no_answer` for the other. */
function outcomeOf({ state, direction, end_reason }: EntryRow): Outcome {
  const isIncoming = direction === 'incoming';
  switch (state) {
    case 'ringing':
    case 'connected':
      return 'ongoing';
    case 'ended':
      return end_reason === 'media_failed' ? 'failed' : 'answered';
    case 'declined':
      return 'declined';
    case 'missed':
      return isIncoming ? 'missed' : 'no_answer';
    case 'cancelled':
      return isIncoming ? 'missed' : 'cancelled';
    case 'busy':
      return isIncoming ? 'missed' : 'busy';
    case 'failed':
      return isIncoming ? 'missed' : 'unavailable';
  }
}

/** A cursor is the place after which the next page starts; only this server reads it. */
const formatCursor = ({ createdAt, callId }: { createdAt: number; callId: string }): string =>
  `${String(createdAt)}.${callId}`;
