import {
  CallState,
  CallType,
  EndReason,
  GroupStatus,
  type CallDetails,
  type CallQuality,
  type HistoryEntry,
  type Outcome,
  type UserSummary,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import { TimeColumn } from './sql.ts';
import { toUserSummary, userColumns, UserColumns } from './userColumns.ts';

const MaybeTime = z.nullable(TimeColumn);
export const EntryRow = z.extend(UserColumns, {
  call_id: z.string(),
  direction: z.enum(['outgoing', 'incoming']),
  call_type: CallType,
  /** Of a direct call. */
  state: z.nullable(CallState),
  /** Of a group call: what became of this user in it. */
  status: z.nullable(GroupStatus),
  title: z.nullable(z.string()),
  joined_at: MaybeTime,
  left_at: MaybeTime,
  end_reason: z.nullable(EndReason),
  created_at: TimeColumn,
  connected_at: MaybeTime,
  ended_at: MaybeTime,
  is_seen: z.boolean(),
});
export type EntryRow = z.infer<typeof EntryRow>;

/**
 * Gives {@link EntryRow}s; conditions on `line` follow. A line is of a direct or of a group call. CALL3: of a call that has
 * grown only the group call shows.
 */
export const SELECT_ENTRIES = `
  select line.call_id, line.direction, line.created_at, line.seen_at is not null as is_seen,
         coalesce(calls.call_type, grouped.call_type) as call_type, calls.state, own.status, grouped.title,
         own.joined_at, own.left_at, coalesce(calls.end_reason, grouped.end_reason) as end_reason,
         coalesce(calls.connected_at, grouped.connected_at) as connected_at,
         coalesce(calls.ended_at, grouped.ended_at) as ended_at, ${userColumns('peer')}
  from call_history line
  left join calls on calls.id = line.call_id
  left join group_calls grouped on grouped.id = line.call_id
  left join group_call_people own on own.call_id = line.call_id and own.user_id = line.user_id
  join users peer on peer.id = line.peer_id
  where (calls.id is not null or own.call_id is not null) and calls.end_reason is distinct from 'grown'`;

/** @param people - of a group call, without this user */
export function toEntry(
  row: EntryRow,
  people: readonly UserSummary[],
  quality: CallQuality | null,
): HistoryEntry {
  const outcome = row.state === null ? groupOutcome(row) : directOutcome({ ...row, state: row.state });
  return {
    callId: row.call_id,
    direction: row.direction,
    peer: toUserSummary(row),
    callType: row.call_type,
    outcome,
    startedAt: row.created_at,
    durationMs: row.state === null ? groupDuration(row) : spanOf(row.connected_at, row.ended_at),
    seen: row.is_seen || outcome !== 'missed',
    group: row.state === null ? { title: row.title, people: [...people] } : null,
    ...(quality === null ? {} : { quality }),
  };
}

const spanOf = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from);

const groupDuration = ({ status, joined_at, left_at, connected_at }: EntryRow): number | null =>
  status === 'joined' || joined_at === null || connected_at === null
    ? null
    : spanOf(Math.max(joined_at, connected_at), left_at);

/** HIST1: the same call is `missed` for the one and `no_answer` for the other. */
function directOutcome({ state, direction, end_reason }: EntryRow & { readonly state: CallState }): Outcome {
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

function groupOutcome({ status, joined_at, connected_at, end_reason }: EntryRow): Outcome {
  switch (status) {
    case 'ringing':
    case 'joined':
    case 'waiting':
      return 'ongoing';
    case 'left':
      if (connected_at !== null) return 'answered';
      return end_reason === 'no_answer' ? 'no_answer' : 'cancelled';
    case 'declined':
      return joined_at === null ? 'declined' : 'answered';
    case 'missed':
    case 'removed':
    case null:
      return joined_at === null ? 'missed' : 'answered';
  }
}

/** What became of a call for this user, who may have left a group call that goes on. */
export function endOf(row: EntryRow): Pick<CallDetails, 'state' | 'endReason' | 'endedAt'> {
  const { state, status, ended_at, left_at, connected_at, end_reason } = row;
  if (state !== null) return { state, endReason: end_reason, endedAt: ended_at };
  const endedAt = left_at ?? ended_at;
  switch (status) {
    case 'ringing':
    case 'waiting':
      return { state: 'ringing', endReason: null, endedAt: null };
    case 'joined':
      return { state: connected_at === null ? 'ringing' : 'connected', endReason: null, endedAt: null };
    case 'left':
      return {
        state: connected_at === null ? 'cancelled' : 'ended',
        endReason: end_reason ?? 'hangup',
        endedAt,
      };
    case 'declined':
      return { state: 'declined', endReason: 'declined', endedAt };
    case 'removed':
      return { state: 'ended', endReason: 'removed', endedAt };
    case 'missed':
    case null:
      return { state: 'missed', endReason: ended_at === null ? 'no_answer' : end_reason, endedAt };
  }
}
