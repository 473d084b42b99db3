import * as z from 'zod/mini';
import type { IdentityStore } from '../../identityPorts.ts';
import { base64, selectOne, TimeColumn, type Sql } from './sql.ts';

const RecoveryRow = z.object({ wrapped: z.string(), made_at: TimeColumn });

/** Wrapped identities in PostgreSQL (IDN5). */
export function createSqlRecoveries(sql: Sql): Pick<IdentityStore, 'putRecovery' | 'findRecovery'> {
  return {
    putRecovery: async ({ userId, identityKey, wrapped, now }) => {
      const rows = await sql.query(
        `insert into recoveries (user_id, identity_key, wrapped, made_at)
         select user_id, public_key, decode($3, 'base64'), $4 from identity_keys
         where user_id = $1 and public_key = decode($2, 'base64')
         on conflict (user_id) do update set identity_key = excluded.identity_key, wrapped = excluded.wrapped,
           made_at = excluded.made_at
         returning 1`,
        [userId, identityKey, wrapped, new Date(now)],
      );
      return rows.length > 0;
    },
    findRecovery: async (userId) => {
      const row = await selectOne(
        sql,
        RecoveryRow,
        `select ${base64('r.wrapped')} as wrapped, r.made_at from recoveries r
         join identity_keys i on i.user_id = r.user_id and i.public_key = r.identity_key where r.user_id = $1`,
        [userId],
      );
      return row === null ? null : { wrapped: row.wrapped, madeAt: row.made_at };
    },
  };
}
