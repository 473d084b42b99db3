import type { Sql } from '@visavis/server';

/** Each person has called and been called by everybody else about as often. */
const PEOPLE = 1_000;
/** Calls in one statement, for the limit of a statement's time. */
const AT_ONCE = 20_000;

const person = (n: string): string => `md5('person ' || (${n}))::uuid`;

/**
 * Fills an empty database with calls that have ended, between people who each have the same number of them.
 *
 * @returns the ids of some of the people
 */
export async function seedCalls(sql: Sql, calls: number): Promise<readonly string[]> {
  await sql.query(
    `insert into users (id, handle, name, created_at)
     select ${person('n')}, 'person-' || n, 'Person ' || n, now() from generate_series(0, ${PEOPLE - 1}) n`,
  );
  for (let first = 0; first < calls; first += AT_ONCE) {
    const last = Math.min(first + AT_ONCE, calls) - 1;
    // The other one is never the same as the one: steps of 1 to 997 around the circle.
    await sql.query(
      `with new as (
         select md5('call ' || n)::uuid as id, ${person(`n % ${PEOPLE}`)} as caller,
                ${person(`(n + 1 + (n / ${PEOPLE}) % 997) % ${PEOPLE}`)} as callee,
                now() - (${calls} - n) * interval '7 seconds' as at, n % 4 = 0 as is_missed
         from generate_series(${first}, ${last}) n
       ), stored as (
         insert into calls (id, initiator_id, initiator_device_id, callee_id, call_type, state, silent, concealed,
                            created_at, ring_limit_at, connected_at, ended_at, end_reason)
         select id, caller, id, callee, 'video', case when is_missed then 'missed' else 'ended' end, false, false,
                at, at, case when is_missed then null else at end, at + interval '5 minutes',
                case when is_missed then 'no_answer' else 'hangup' end
         from new
       )
       insert into call_history (user_id, call_id, peer_id, direction, created_at, seen_at)
       select caller, id, callee, 'outgoing', at, at from new
       union all select callee, id, caller, 'incoming', at, at from new`,
    );
  }
  await sql.script('analyze');
  const rows = await sql.query(`select id::text from users order by id limit 200`);
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' ? [row.id] : [],
  );
}
