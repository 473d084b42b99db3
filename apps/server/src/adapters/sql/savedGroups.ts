import type { UserSummary } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { SavedGroupRow, SavedGroupStore } from '../../groupPorts.ts';
import { select, selectOne, type Sql } from './sql.ts';
import { toUserSummary, userJson, UserColumns } from './userColumns.ts';

const Members = z.pipe(
  z.array(UserColumns),
  z.transform((rows): UserSummary[] => rows.map((row) => toUserSummary(row))),
);
const Row = z.object({ id: z.string(), owner_id: z.string(), title: z.string(), members: Members });
const CountRow = z.object({ users: z.int(), groups: z.int() });

/** A `where` on `g` follows. */
const SELECT = `
  select g.id, g.owner_id, g.title, (
    select json_agg(${userJson('u')} order by m.position)
    from saved_group_members m join users u on u.id = m.user_id where m.group_id = g.id
  ) as members
  from saved_groups g`;

/** Saved groups in PostgreSQL (GRP10). */
export function createSqlSavedGroups(sql: Sql): SavedGroupStore {
  const count = async (memberIds: readonly string[], ownerId: string) =>
    selectOne(
      sql,
      CountRow,
      `select (select count(*)::int from users where id = any($1::uuid[]) and not guest) as users,
              (select count(*)::int from saved_groups where owner_id = $2) as groups`,
      [memberIds, ownerId],
    );
  return {
    list: async (userId) => {
      const rows = await select(
        sql,
        Row,
        `${SELECT} where g.id in (select group_id from saved_group_members where user_id = $1)
         order by lower(g.title), g.id`,
        [userId],
      );
      return rows.map((row) => toGroup(row));
    },
    find: async (groupId) => {
      const row = await selectOne(sql, Row, `${SELECT} where g.id = $1`, [groupId]);
      return row === null ? null : toGroup(row);
    },
    create: async ({ groupId, ownerId, title, memberIds, most, now }) => {
      const counted = await count(memberIds, ownerId);
      if (counted?.users !== memberIds.length) return 'unknown_member';
      const rows = await sql.query(
        `with made as (
           insert into saved_groups (id, owner_id, title, created_at)
           select $1::uuid, $2::uuid, $3, $4::timestamptz
           where (select count(*) from saved_groups where owner_id = $2) < $6::integer returning id
         )
         insert into saved_group_members (group_id, user_id, position)
         select made.id, member.id, member.position
         from made, unnest($5::uuid[]) with ordinality as member(id, position) returning 1`,
        [groupId, ownerId, title, new Date(now), memberIds, most],
      );
      return rows.length > 0 ? 'created' : 'too_many';
    },
    change: async (groupId, title, memberIds) => {
      const counted = await count(memberIds, groupId);
      if (counted?.users !== memberIds.length) return 'unknown_member';
      await sql.query(
        `with named as (update saved_groups set title = $2 where id = $1 returning id),
         gone as (
           delete from saved_group_members using named
           where group_id = named.id and not (user_id = any($3::uuid[]))
         )
         insert into saved_group_members (group_id, user_id, position)
         select named.id, member.id, member.position
         from named, unnest($3::uuid[]) with ordinality as member(id, position)
         on conflict (group_id, user_id) do update set position = excluded.position`,
        [groupId, title, memberIds],
      );
      return 'changed';
    },
    remove: async (groupId) => {
      await sql.query('delete from saved_groups where id = $1', [groupId]);
    },
  };
}

const toGroup = ({ id, owner_id, title, members }: z.infer<typeof Row>): SavedGroupRow => ({
  groupId: id,
  ownerId: owner_id,
  title,
  members,
});
