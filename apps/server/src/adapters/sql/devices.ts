import { DeviceKind } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Accounts, SignedInDevice } from '../../ports.ts';
import { byPosition, createBatch } from './batch.ts';
import { select, TimeColumn, type Sql } from './sql.ts';

const DeviceRow = z.object({
  id: z.string(),
  user_id: z.string(),
  name: z.string(),
  kind: DeviceKind,
  created_at: TimeColumn,
  last_seen_at: TimeColumn,
  guest: z.boolean(),
});
const DEVICE_COLUMNS =
  'devices.id, user_id, devices.name, kind, devices.created_at, devices.last_seen_at, users.guest';
const SELECT_DEVICES = `select ${DEVICE_COLUMNS} from devices join users on users.id = user_id`;
const FoundDevice = z.extend(DeviceRow, { position: z.int() });

const toDevice = (row: z.infer<typeof DeviceRow>): SignedInDevice => ({
  deviceId: row.id,
  userId: row.user_id,
  name: row.name,
  kind: row.kind,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  isGuest: row.guest,
});

type DeviceAccounts = Pick<
  Accounts,
  'createDevice' | 'authenticate' | 'listDevices' | 'renameDevice' | 'removeDevice' | 'touchDevice'
>;

export function createSqlDevices(sql: Sql): DeviceAccounts {
  /** When a node is lost thousands come at once, each of whom says who it is. */
  const authenticate = createBatch(
    async (asked: readonly { readonly deviceId: string; readonly tokenHash: Uint8Array }[]) => {
      const rows = await select(
        sql,
        FoundDevice,
        `select wanted.position::integer, ${DEVICE_COLUMNS}
         from unnest($1::uuid[], $2::text[]) with ordinality as wanted(device_id, hash, position)
         join devices on devices.id = wanted.device_id and token_hash = decode(wanted.hash, 'hex')
         join users on users.id = user_id`,
        [
          asked.map(({ deviceId }) => deviceId),
          asked.map(({ tokenHash }) => Buffer.from(tokenHash).toString('hex')),
        ],
      );
      return byPosition(asked.length, rows).map((row) => (row === null ? null : toDevice(row)));
    },
  );
  return {
    createDevice: async ({ deviceId, userId, name, kind, tokenHash, now }) => {
      await sql.query(
        `insert into devices (id, user_id, name, kind, token_hash, created_at, last_seen_at)
         values ($1, $2, $3, $4, $5, $6, $6)`,
        [deviceId, userId, name, kind, tokenHash, new Date(now)],
      );
    },
    authenticate: async (deviceId, tokenHash) => authenticate({ deviceId, tokenHash }),
    listDevices: async (userId) => {
      const rows = await select(
        sql,
        DeviceRow,
        `${SELECT_DEVICES} where user_id = $1 order by devices.last_seen_at desc, devices.id`,
        [userId],
      );
      return rows.map((row) => toDevice(row));
    },
    renameDevice: async (userId, deviceId, name) => {
      const rows = await sql.query(
        'update devices set name = $3 where user_id = $1 and id = $2 returning 1',
        [userId, deviceId, name],
      );
      return rows.length > 0;
    },
    removeDevice: async (userId, deviceId) => {
      const rows = await sql.query('delete from devices where user_id = $1 and id = $2 returning 1', [
        userId,
        deviceId,
      ]);
      return rows.length > 0;
    },
    touchDevice: async (deviceId, now) => {
      await sql.query(
        `with touched as (
           update devices set last_seen_at = $2 where id = $1 and last_seen_at < $2 returning user_id
         )
         update users set last_seen_at = $2 from touched
         where users.id = touched.user_id and (users.last_seen_at is null or users.last_seen_at < $2)`,
        [deviceId, new Date(now)],
      );
    },
  };
}
