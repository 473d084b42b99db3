import * as z from 'zod/mini';
import type { IdentityStore } from '../../identityPorts.ts';
import { createSqlRecoveries } from './recoveries.ts';
import { base64, select, selectOne, type Sql } from './sql.ts';

const KeysRow = z.object({
  identity_key: z.nullable(z.string()),
  device_id: z.nullable(z.string()),
  device_key: z.nullable(z.string()),
  certificate: z.nullable(z.string()),
});
const StandingRow = z.object({ public_key: z.string() });
const MayRow = z.object({ may: z.boolean() });

/** Public keys in PostgreSQL (IDN1 to IDN3). */
export function createSqlIdentities(sql: Sql): IdentityStore {
  const readStanding = async (userId: string): Promise<string | null> => {
    const row = await selectOne(
      sql,
      StandingRow,
      `select ${base64('public_key')} as public_key from identity_keys where user_id = $1`,
      [userId],
    );
    return row?.public_key ?? null;
  };

  const isChanged = async ({ userId, identityKey, replaces, now }: Change): Promise<boolean> => {
    if (replaces === null) {
      const rows = await sql.query(
        `insert into identity_keys (user_id, public_key, made_at)
         select id, decode($2, 'base64'), $3 from users where id = $1 and not guest
         on conflict (user_id) do nothing returning 1`,
        [userId, identityKey, new Date(now)],
      );
      return rows.length > 0;
    }
    const rows = await sql.query(
      `with replaced as (
         update identity_keys set public_key = decode($2, 'base64'), made_at = $4
         where user_id = $1 and public_key = decode($3, 'base64') and public_key <> decode($2, 'base64')
         returning user_id
       ), cleared as (
         update device_keys set certificate = null, certified_by = null from devices, replaced
         where devices.id = device_keys.device_id and devices.user_id = replaced.user_id
       ), unwrapped as (
         delete from recoveries using replaced where recoveries.user_id = replaced.user_id
       )
       select 1 from replaced`,
      [userId, identityKey, replaces, new Date(now)],
    );
    return rows.length > 0;
  };

  return {
    ...createSqlRecoveries(sql),
    setIdentity: async (change) => {
      if (await isChanged(change)) return change.replaces === null ? 'set' : 'replaced';
      const standing = await readStanding(change.userId);
      if (standing === change.identityKey) return 'same';
      return standing === null && change.replaces === null ? 'no_user' : 'other';
    },
    putDeviceKey: async ({ userId, deviceId, deviceKey, certificate, now }) => {
      const rows = await sql.query(
        `insert into device_keys (device_id, public_key, certified_by, certificate, published_at)
         select id, decode($3, 'base64'), decode($4, 'base64'), decode($5, 'base64'), $6 from devices
         where id = $2 and user_id = $1 and ($4::text is null or exists (
           select from identity_keys where user_id = $1 and public_key = decode($4, 'base64')))
         on conflict (device_id) do update set public_key = excluded.public_key,
           certified_by = excluded.certified_by, certificate = excluded.certificate, published_at = excluded.published_at
         returning 1`,
        [
          userId,
          deviceId,
          deviceKey,
          certificate?.identityKey ?? null,
          certificate?.bytes ?? null,
          new Date(now),
        ],
      );
      return rows.length > 0;
    },
    find: async (userId) => {
      const rows = await select(
        sql,
        KeysRow,
        `select ${base64('i.public_key')} as identity_key, k.device_id, ${base64('k.public_key')} as device_key,
                case when k.certified_by = i.public_key then ${base64('k.certificate')} end as certificate
         from users u
         left join identity_keys i on i.user_id = u.id
         left join (devices d join device_keys k on k.device_id = d.id) on d.user_id = u.id
         where u.id = $1 order by d.created_at, d.id`,
        [userId],
      );
      const [first] = rows;
      if (first === undefined) return null;
      return {
        userId,
        identityKey: first.identity_key,
        devices: rows.flatMap(({ device_id: deviceId, device_key: deviceKey, certificate }) =>
          deviceId === null || deviceKey === null ? [] : [{ deviceId, deviceKey, certificate }],
        ),
      };
    },
    maySee: async (viewerId, userId) => {
      const row = await selectOne(sql, MayRow, `select ${MAY_SEE} as may`, [viewerId, userId]);
      return row?.may ?? false;
    },
  };
}

type Change = Parameters<IdentityStore['setIdentity']>[0];

/** $1 looks at $2. A concealed call is not felt by the callee, and gives its caller nothing either. */
const MAY_SEE = `(
  $1::uuid = $2::uuid
  or (not exists (select from blocks where user_id = $2 and blocked_id = $1)
      and exists (select from contacts
                  where (user_id = $1 and contact_id = $2) or (user_id = $2 and contact_id = $1)))
  or exists (select from calls where ended_at is null and not concealed
             and ((initiator_id = $1 and callee_id = $2) or (initiator_id = $2 and callee_id = $1)))
  or exists (select from group_call_people mine
             join group_call_people theirs on theirs.call_id = mine.call_id
             join group_calls g on g.id = mine.call_id and g.ended_at is null
             where mine.user_id = $1 and mine.status in ('ringing', 'joined')
               and theirs.user_id = $2 and theirs.status in ('ringing', 'joined')))`;
