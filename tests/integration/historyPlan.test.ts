import { createHash } from 'node:crypto';
import { openStorage, type Sql } from '@visavis/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from './support/databases.ts';

const PEOPLE = 100;
const CALLS = 20_000;
/** What `md5('0')::uuid` is in SQL. */
const USER = createHash('md5')
  .update('0')
  .digest('hex')
  .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

let sql: Sql;
beforeAll(async () => {
  sql = await openTestDatabase();
  await openStorage(sql);
  await sql.query(
    `insert into users (id, handle, name, created_at)
     select md5(n::text)::uuid, 'person-' || n, 'Somebody', now() from generate_series(0, ${PEOPLE - 1}) n`,
  );
  await sql.query(
    `with new as (
       select md5('call ' || n)::uuid as id, md5((n % ${PEOPLE})::text)::uuid as caller,
              md5(((n + 1) % ${PEOPLE})::text)::uuid as callee, now() - n * interval '1 second' as at
       from generate_series(1, ${CALLS}) n
     ), stored as (
       insert into calls (id, initiator_id, initiator_device_id, callee_id, call_type, state, silent, concealed,
                          created_at, ring_limit_at, ended_at, end_reason)
       select id, caller, id, callee, 'audio', 'cancelled', false, false, at, at, at, 'cancelled' from new
     )
     insert into call_history (user_id, call_id, peer_id, direction, created_at, seen_at)
     select caller, id, callee, 'outgoing', at, at from new
     union all select callee, id, caller, 'incoming', at, null from new`,
  );
  await sql.script('analyze');
});
afterAll(async () => sql.close());

test('HIST2 a page reads one range of an index, however many calls there are', async () => {
  const asked: [string, Parameters<Sql['query']>[1]][] = [];
  const { history } = await openStorage({
    ...sql,
    query: async (text, parameters) => {
      asked.push([text, parameters]);
      return sql.query(text, parameters);
    },
  });
  const read = async (cursor: { createdAt: number; callId: string } | null) => {
    const page = await history.page(USER, { cursor, limit: 100, withUserId: null });
    const [text, parameters] = asked.at(-1) ?? ['', []];
    const plan = await sql.query(`explain (costs off) ${text}`, parameters);
    return { page, plan: plan.map((line) => JSON.stringify(line)).join('\n') };
  };
  const first = await read(null);
  const last = first.page.entries.at(-1);
  const second = await read({ createdAt: last?.startedAt ?? 0, callId: last?.callId ?? '' });
  for (const { page, plan } of [first, second]) {
    expect(page.entries.length).toBe(100);
    expect(plan).toContain('Index Scan using call_history_page on call_history');
    expect(plan).toContain('Limit');
    // Neither is anything sorted, nor is a whole table of calls read.
    expect(plan).not.toMatch(/Sort|Seq Scan on call/);
  }
});
