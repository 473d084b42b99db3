import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { UserSummary } from '@visavis/protocol';
import type { Sql } from '@visavis/server';

/** A signed-in device that was put into the database. */
export interface SeededDevice {
  readonly user: UserSummary;
  readonly deviceId: string;
  readonly cookie: string;
}

/** People who know each other: each change of presence is told to all others of the group. */
const PEOPLE_IN_GROUP = 10;
/** Every so many people one has two devices. */
const TWO_DEVICES_EVERY = 4;

/** Puts people, their devices and their contacts into the database. @returns all devices of each group */
export async function seedPeople(sql: Sql, people: number): Promise<readonly (readonly SeededDevice[])[]> {
  const groups: SeededDevice[][] = [];
  for (let first = 0; first < people; first += PEOPLE_IN_GROUP) {
    const devices: SeededDevice[] = [];
    for (let n = first; n < Math.min(people, first + PEOPLE_IN_GROUP); n += 1) {
      const userId = randomUUID();
      const user = { userId, handle: userId, name: `Person ${String(n)}`, avatarUrl: null };
      await sql.query('insert into users (id, handle, name, created_at) values ($1, $2, $3, now())', [
        userId,
        user.handle,
        user.name,
      ]);
      const count = n % TWO_DEVICES_EVERY === 0 ? 2 : 1;
      for (let each = 0; each < count; each += 1) devices.push(await seedDevice(sql, user));
    }
    await sql.query(
      `insert into contacts (user_id, contact_id, created_at)
       select one, other, now() from unnest($1::uuid[]) one, unnest($1::uuid[]) other where one <> other`,
      [[...new Set(devices.map(({ user }) => user.userId))]],
    );
    groups.push(devices);
  }
  return groups;
}

async function seedDevice(sql: Sql, user: UserSummary): Promise<SeededDevice> {
  const deviceId = randomUUID();
  const token = randomBytes(32).toString('base64url');
  await sql.query(
    `insert into devices (id, user_id, name, kind, token_hash, created_at, last_seen_at)
     values ($1, $2, 'Simulated', 'desktop', $3, now(), now())`,
    [deviceId, user.userId, createHash('sha256').update(token).digest()],
  );
  return { user, deviceId, cookie: `visavis_${deviceId}=${token}` };
}
