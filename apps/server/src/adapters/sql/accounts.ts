import { StrangerPolicy, type Settings } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Accounts, Relation } from '../../ports.ts';
import { createSqlContacts } from './contacts.ts';
import { createSqlDevices } from './devices.ts';
import { byPosition, createBatch } from './batch.ts';
import { select, selectOne, type Sql } from './sql.ts';
import { toUserSummary, userColumns, UserColumns } from './userColumns.ts';

/** What holds for somebody who has never changed anything. */
const DEFAULT_SETTINGS: Settings = {
  callWaiting: true,
  doNotDisturb: false,
  strangers: 'silent',
  hideAddress: false,
};

const SettingsRow = z.object({
  call_waiting: z.boolean(),
  do_not_disturb: z.boolean(),
  strangers: StrangerPolicy,
  hide_address: z.boolean(),
});
const SETTINGS_COLUMNS = 'call_waiting, do_not_disturb, strangers, hide_address';
const AvatarRow = z.object({ avatar: z.string(), avatar_hash: z.string() });
const RegistrantRow = z.extend(UserColumns, { device_name: z.string(), position: z.int() });
const RelationRow = z.extend(UserColumns, {
  call_waiting: z.nullable(z.boolean()),
  do_not_disturb: z.nullable(z.boolean()),
  strangers: z.nullable(StrangerPolicy),
  is_contact: z.boolean(),
  is_blocked: z.boolean(),
  is_in_call: z.boolean(),
});

const toSettings = (row: z.infer<typeof SettingsRow> | null): Settings =>
  row === null
    ? DEFAULT_SETTINGS
    : {
        callWaiting: row.call_waiting,
        doNotDisturb: row.do_not_disturb,
        strangers: row.strangers,
        hideAddress: row.hide_address,
      };

/** Accounts in PostgreSQL. */
export function createSqlAccounts(sql: Sql): Accounts {
  const findRegistrant = createBatch(
    async (asked: readonly { readonly userId: string; readonly deviceId: string }[]) => {
      const rows = await select(
        sql,
        RegistrantRow,
        `select wanted.position::integer, ${userColumns('u')}, d.name as device_name
         from unnest($1::uuid[], $2::uuid[]) with ordinality as wanted(user_id, device_id, position)
         join devices d on d.id = wanted.device_id and d.user_id = wanted.user_id join users u on u.id = d.user_id`,
        [asked.map(({ userId }) => userId), asked.map(({ deviceId }) => deviceId)],
      );
      return byPosition(asked.length, rows).map((row) =>
        row === null ? null : { user: toUserSummary(row), deviceName: row.device_name },
      );
    },
  );
  return {
    ...createSqlDevices(sql),
    ...createSqlContacts(sql),
    findUser: async (userId) => {
      const row = await selectOne(
        sql,
        UserColumns,
        `select ${userColumns('u')} from users u where u.id = $1`,
        [userId],
      );
      return row === null ? null : toUserSummary(row);
    },
    findRegistrant: async (userId, deviceId) => findRegistrant({ userId, deviceId }),
    findByHandles: async (handles) => {
      const rows = await select(
        sql,
        UserColumns,
        `select ${userColumns('u')} from unnest($1::text[]) with ordinality as wanted(handle, position)
         join users u on u.handle = wanted.handle order by wanted.position`,
        [handles],
      );
      return rows.map((row) => toUserSummary(row));
    },
    findAvatar: async (userId) => {
      const row = await selectOne(
        sql,
        AvatarRow,
        'select avatar, avatar_hash from users where id = $1 and avatar is not null',
        [userId],
      );
      return row === null ? null : { svg: row.avatar, hash: row.avatar_hash };
    },
    readSettings: async (userId) => toSettings(await readSettings(sql, userId)),
    changeSettings: async (userId, change) => {
      const row = await selectOne(
        sql,
        SettingsRow,
        `insert into settings (user_id, ${SETTINGS_COLUMNS})
         values ($1, coalesce($2, $6::boolean), coalesce($3, $7::boolean), coalesce($4, $8::text), coalesce($5, $9::boolean))
         on conflict (user_id) do update set
           call_waiting = coalesce($2, settings.call_waiting),
           do_not_disturb = coalesce($3, settings.do_not_disturb),
           strangers = coalesce($4, settings.strangers),
           hide_address = coalesce($5, settings.hide_address)
         returning ${SETTINGS_COLUMNS}`,
        [
          userId,
          change.callWaiting ?? null,
          change.doNotDisturb ?? null,
          change.strangers ?? null,
          change.hideAddress ?? null,
          DEFAULT_SETTINGS.callWaiting,
          DEFAULT_SETTINGS.doNotDisturb,
          DEFAULT_SETTINGS.strangers,
          DEFAULT_SETTINGS.hideAddress,
        ],
      );
      return toSettings(row);
    },
    findRelation: async (callerId, calleeId) => {
      const row = await selectOne(
        sql,
        RelationRow,
        `select ${userColumns('u')}, s.call_waiting, s.do_not_disturb, s.strangers,
                c.user_id is not null as is_contact, b.user_id is not null as is_blocked,
                (exists (select from call_participants p where p.user_id = u.id and p.state = 'joined')
                 or exists (select from group_call_people p where p.user_id = u.id and p.status = 'joined')) as is_in_call
         from users u
         left join settings s on s.user_id = u.id
         left join contacts c on c.user_id = u.id and c.contact_id = $1
         left join blocks b on b.user_id = u.id and b.blocked_id = $1
         where u.id = $2 and not u.guest`,
        [callerId, calleeId],
      );
      return row === null ? null : toRelation(row);
    },
  };
}

const readSettings = async (sql: Sql, userId: string) =>
  selectOne(sql, SettingsRow, `select ${SETTINGS_COLUMNS} from settings where user_id = $1`, [userId]);

function toRelation(row: z.infer<typeof RelationRow>): Relation {
  const strangers = row.strangers ?? DEFAULT_SETTINGS.strangers;
  return {
    callee: toUserSummary(row),
    inCall: row.is_in_call,
    callWaiting: row.call_waiting ?? DEFAULT_SETTINGS.callWaiting,
    doNotDisturb: row.do_not_disturb ?? DEFAULT_SETTINGS.doNotDisturb,
    admits: row.is_blocked ? 'nothing' : row.is_contact ? 'ring' : strangers,
  };
}
