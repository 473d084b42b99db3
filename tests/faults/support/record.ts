import type { Sql } from '@visavis/server';
import * as z from 'zod/mini';

/** What the database says of one call. */
export interface RecordedCall {
  readonly callId: string;
  readonly state: string;
  readonly endReason: string | null;
  readonly callerId: string;
  readonly calleeId: string;
  readonly createdAt: number;
  readonly ringLimitAt: number;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
  /** Every device that had a part in it. */
  readonly parts: readonly { readonly deviceId: string; readonly role: string; readonly joined: boolean }[];
  /** Whose history it is in, each line. */
  readonly listedFor: readonly string[];
  /** The idempotency keys that stand for it. */
  readonly keys: readonly string[];
}

const Time = z.nullable(z.number());
const Row = z.object({
  id: z.string(),
  state: z.string(),
  end_reason: z.nullable(z.string()),
  initiator_id: z.string(),
  callee_id: z.string(),
  created_ms: z.number(),
  ring_limit_ms: z.number(),
  connected_ms: Time,
  ended_ms: Time,
  parts: z.array(z.object({ deviceId: z.string(), role: z.string(), joined: z.boolean() })),
  listed: z.array(z.string()),
  keys: z.array(z.string()),
});

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Every call that was dialed since then, as it is stored. */
export async function readCalls(sql: Sql, since: number): Promise<readonly RecordedCall[]> {
  const found = await sql.query(
    `select id, state, end_reason, initiator_id, callee_id, ${ms('created_at')} as created_ms,
            ${ms('ring_limit_at')} as ring_limit_ms, ${ms('connected_at')} as connected_ms, ${ms('ended_at')} as ended_ms,
            (select coalesce(json_agg(json_build_object('deviceId', device_id, 'role', role, 'joined', joined_at is not null)), '[]')
             from call_participants where call_id = calls.id) as parts,
            (select coalesce(json_agg(user_id), '[]') from call_history where call_id = calls.id) as listed,
            (select coalesce(json_agg(key), '[]') from idempotency where call_id = calls.id) as keys
     from calls where created_at >= $1`,
    [new Date(since)],
  );
  return z.parse(z.array(Row), found).map((row) => ({
    callId: row.id,
    state: row.state,
    endReason: row.end_reason,
    callerId: row.initiator_id,
    calleeId: row.callee_id,
    createdAt: row.created_ms,
    ringLimitAt: row.ring_limit_ms,
    connectedAt: row.connected_ms,
    endedAt: row.ended_ms,
    parts: row.parts,
    listedFor: row.listed,
    keys: row.keys,
  }));
}
