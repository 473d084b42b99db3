import * as z from 'zod/mini';
import type { CallLinkRow, LinkStore } from '../../groupPorts.ts';
import { select, selectOne, TimeColumn, type Sql } from './sql.ts';

const Row = z.object({
  id: z.string(),
  call_id: z.string(),
  created_at: TimeColumn,
  expires_at: TimeColumn,
  uses: z.int(),
});
const CallIdRow = z.object({ call_id: z.string() });
const DeviceRow = z.object({ id: z.string(), user_id: z.string() });
const SELECT = `
  select l.id, l.call_id, l.created_at, l.expires_at, l.uses
  from call_links l join group_calls g on g.id = l.call_id and g.ended_at is null
  where l.revoked_at is null and l.expires_at > $1`;

const toLink = (row: z.infer<typeof Row>): CallLinkRow => ({
  linkId: row.id,
  callId: row.call_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  uses: row.uses,
});

/** Call links and guests in PostgreSQL (GRP6). */
export function createSqlLinks(sql: Sql): LinkStore {
  return {
    create: async ({ linkId, callId, tokenHash, createdBy, expiresAt, most, now }) => {
      const rows = await sql.query(
        `insert into call_links (id, call_id, token_hash, created_by, created_at, expires_at)
         select $1::uuid, $2::uuid, $3::bytea, $4::uuid, $5::timestamptz, $6::timestamptz
         where (select count(*) from call_links
                where call_id = $2 and revoked_at is null and expires_at > $5) < $7::integer
         on conflict (token_hash) do nothing returning 1`,
        [linkId, callId, tokenHash, createdBy, new Date(now), new Date(expiresAt), most],
      );
      return rows.length > 0;
    },
    list: async (callId, now) => {
      const rows = await select(sql, Row, `${SELECT} and l.call_id = $2 order by l.created_at, l.id`, [
        new Date(now),
        callId,
      ]);
      return rows.map((row) => toLink(row));
    },
    find: async (tokenHash, now) => {
      const row = await selectOne(sql, Row, `${SELECT} and l.token_hash = $2`, [new Date(now), tokenHash]);
      return row === null ? null : toLink(row);
    },
    revoke: async (callId, linkId, now) => {
      const rows = await sql.query(
        `update call_links set revoked_at = $3 where call_id = $1 and id = $2 and revoked_at is null returning 1`,
        [callId, linkId, new Date(now)],
      );
      return rows.length > 0;
    },
    addGuest: async ({ user, link, now }) => {
      await sql.query(
        `with used as (update call_links set uses = uses + 1 where id = $5 returning call_id), made as (
           insert into users (id, handle, name, created_at, guest)
           select $1::uuid, $2, $3, $4::timestamptz, true from used returning id
         )
         insert into guest_calls (user_id, call_id) select made.id, used.call_id from made, used`,
        [user.userId, user.handle, user.name, new Date(now), link.linkId],
      );
    },
    findGuestCall: async (userId) => {
      const row = await selectOne(sql, CallIdRow, 'select call_id from guest_calls where user_id = $1', [
        userId,
      ]);
      return row?.call_id ?? null;
    },
    forgetGuests: async (at) => {
      const rows = await select(
        sql,
        DeviceRow,
        `with gone as (
           select users.id from users
           join guest_calls on guest_calls.user_id = users.id
           join group_calls on group_calls.id = guest_calls.call_id
           where users.guest and group_calls.ended_at < $1
         ), forgotten as (delete from users using gone where users.id = gone.id)
         select devices.id, devices.user_id from devices join gone on gone.id = devices.user_id`,
        [new Date(at)],
      );
      return rows.map(({ id, user_id }) => ({ userId: user_id, deviceId: id }));
    },
  };
}
