import { createHash } from 'node:crypto';
import { drawAvatar, PEOPLE } from '@visavis/characters';
import type { Sql, SqlRunner } from './adapters/sql/sql.ts';

/** The handles of the people that anybody may continue as in demo mode. */
export const DEMO_HANDLES: readonly string[] = PEOPLE.map(({ id }) => id);

/** Demo people keep their ids over restarts and new data folders (RFC 9562 §5.8: a version for own purposes). */
export function demoUserId(handle: string): string {
  const bytes = createHash('sha256').update(`visavis demo ${handle}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The ten people, each a contact of the others. Repeating it brings only their pictures up to date. */
export async function seedDemo(sql: Sql, now: number): Promise<void> {
  await sql.transaction(async (runner) => {
    for (const person of PEOPLE) {
      const avatar = drawAvatar(person);
      const hash = createHash('sha256').update(avatar).digest('hex').slice(0, 12);
      await runner.query(
        `insert into users (id, handle, name, avatar, avatar_hash, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set name = $3, avatar = $4, avatar_hash = $5
         where users.avatar_hash is distinct from $5 or users.name <> $3`,
        [demoUserId(person.id), person.id, person.name, avatar, hash, new Date(now)],
      );
    }
    await acquaint(runner, now);
  });
}

/** Only new people are acquainted: a contact that somebody has removed stays removed. */
async function acquaint(runner: SqlRunner, now: number): Promise<void> {
  await runner.query(
    `insert into contacts (user_id, contact_id, created_at)
     select one.id, other.id, $2 from users one join users other on other.id <> one.id
     where one.handle = any($1::text[]) and other.handle = any($1::text[])
       and (one.created_at = $2 or other.created_at = $2)
     on conflict do nothing`,
    [DEMO_HANDLES, new Date(now)],
  );
}
