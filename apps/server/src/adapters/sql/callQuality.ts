import { CallQuality } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { History } from '../../historyPorts.ts';
import { select, type Sql } from './sql.ts';

const QualityRow = z.object({ call_id: z.string(), quality: CallQuality });

/** HIST3, in PostgreSQL. */
export function createSqlCallQuality(sql: Sql): Pick<History, 'putQuality'> {
  return {
    putQuality: async ({ userId, deviceId, callId, quality, now }) => {
      const rows = await sql.query(
        `insert into call_quality (call_id, device_id, user_id, seconds, quality, told_at)
         select $1::uuid, $2::uuid, $3::uuid, $4::int, $5::jsonb, $6::timestamptz
         where exists (select from call_participants
                       where call_id = $1 and device_id = $2 and user_id = $3 and joined_at is not null)
            or exists (select from group_call_people
                       where call_id = $1 and user_id = $3 and joined_at is not null)
         on conflict (call_id, device_id) do update set seconds = excluded.seconds, quality = excluded.quality,
           told_at = excluded.told_at where call_quality.user_id = excluded.user_id
         returning 1`,
        [callId, deviceId, userId, quality.seconds, JSON.stringify(quality), new Date(now)],
      );
      return rows.length > 0;
    },
  };
}

/** Of these calls what a device of this user has told; of several the one that was in it for longest. */
export async function findQualities(
  sql: Sql,
  userId: string,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, CallQuality>> {
  if (callIds.length === 0) return new Map();
  const rows = await select(
    sql,
    QualityRow,
    `select distinct on (call_id) call_id, quality from call_quality
     where user_id = $1 and call_id = any($2::uuid[]) order by call_id, seconds desc, device_id`,
    [userId, callIds],
  );
  return new Map(rows.map(({ call_id: callId, quality }) => [callId, quality]));
}
