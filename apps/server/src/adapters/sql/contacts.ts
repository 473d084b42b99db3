import * as z from 'zod/mini';
import type { Accounts } from '../../ports.ts';
import { select, TimeColumn, type Sql } from './sql.ts';
import { toUserSummary, userColumns, UserColumns } from './userColumns.ts';

const ContactColumns = z.extend(UserColumns, {
  favourite: z.boolean(),
  blocked: z.boolean(),
  shows_presence: z.boolean(),
  last_seen_at: z.nullable(TimeColumn),
});
const AudienceRow = z.object({ user_id: z.string() });

/** Both sides want each other, and neither is shut out: then `viewer` sees when `owner` is there. */
const SHOWS_PRESENCE = `exists (select from contacts back where back.user_id = shown.id and back.contact_id = viewer.user_id)
  and not exists (select from blocks b where b.user_id = shown.id and b.blocked_id = viewer.user_id)`;

type ContactAccounts = Pick<
  Accounts,
  'listContacts' | 'putContact' | 'removeContact' | 'block' | 'unblock' | 'listAudience'
>;

export function createSqlContacts(sql: Sql): ContactAccounts {
  return {
    listContacts: async (userId) => {
      const rows = await select(
        sql,
        ContactColumns,
        `select ${userColumns('shown')}, viewer.favourite, shown.last_seen_at,
                blocks.user_id is not null as blocked, ${SHOWS_PRESENCE} as shows_presence
         from contacts viewer
         join users shown on shown.id = viewer.contact_id
         left join blocks on blocks.user_id = viewer.user_id and blocks.blocked_id = shown.id
         where viewer.user_id = $1
         order by lower(shown.name), shown.id`,
        [userId],
      );
      return rows.map((row) => ({
        user: toUserSummary(row),
        favourite: row.favourite,
        blocked: row.blocked,
        showsPresence: row.shows_presence,
        lastSeenAt: row.last_seen_at,
      }));
    },
    putContact: async (userId, contactId, favourite, now) => {
      const rows = await sql.query(
        `insert into contacts (user_id, contact_id, favourite, created_at)
         select $1, id, coalesce($3, false), $4 from users where id = $2
         on conflict (user_id, contact_id) do update set favourite = coalesce($3, contacts.favourite)
         returning 1`,
        [userId, contactId, favourite, new Date(now)],
      );
      return rows.length > 0;
    },
    removeContact: async (userId, contactId) => {
      const rows = await sql.query(
        'delete from contacts where user_id = $1 and contact_id = $2 returning 1',
        [userId, contactId],
      );
      return rows.length > 0;
    },
    block: async (userId, blockedId, now) => {
      const rows = await sql.query(
        `insert into blocks (user_id, blocked_id, created_at) select $1, id, $3 from users where id = $2
         on conflict (user_id, blocked_id) do update set created_at = blocks.created_at
         returning 1`,
        [userId, blockedId, new Date(now)],
      );
      return rows.length > 0;
    },
    unblock: async (userId, blockedId) => {
      await sql.query('delete from blocks where user_id = $1 and blocked_id = $2', [userId, blockedId]);
    },
    listAudience: async (userId) => {
      const rows = await select(
        sql,
        AudienceRow,
        `select viewer.user_id from contacts viewer join users shown on shown.id = viewer.contact_id
         where viewer.contact_id = $1 and ${SHOWS_PRESENCE}`,
        [userId],
      );
      return rows.map((row) => row.user_id);
    },
  };
}
