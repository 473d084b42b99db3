import { createHash } from 'node:crypto';
import { drawAvatar, PEOPLE } from '@visavis/characters';
import * as z from 'zod/mini';
import { lockForSetUp, select, type Sql, type SqlRunner } from './adapters/sql/sql.ts';

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

/**
 * The ten people, each a contact of the others. Repeating it brings only their pictures up to date: a contact that somebody
 * has removed stays removed.
 */
export async function seedDemo(sql: Sql, now: number): Promise<void> {
  await sql.transaction(async (runner) => {
    await lockForSetUp(runner);
    const known = new Set(
      (
        await select(runner, HandleRow, 'select handle from users where handle = any($1::text[])', [
          DEMO_HANDLES,
        ])
      ).map((row) => row.handle),
    );
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
    const fresh = DEMO_HANDLES.filter((handle) => !known.has(handle));
    if (fresh.length > 0) await acquaint(runner, fresh, now);
  });
}

const HandleRow = z.object({ handle: z.string() });

async function acquaint(runner: SqlRunner, fresh: readonly string[], now: number): Promise<void> {
  await runner.query(
    `insert into contacts (user_id, contact_id, created_at)
     select one.id, other.id, $3 from users one join users other on other.id <> one.id
     where one.handle = any($1::text[]) and other.handle = any($1::text[])
       and (one.handle = any($2::text[]) or other.handle = any($2::text[]))
     on conflict do nothing`,
    [DEMO_HANDLES, fresh, new Date(now)],
  );
}
