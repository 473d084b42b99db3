import { createLog, createSecret, openPostgres, openStorage, type Sql } from '@visavis/server';
import { LIMITS } from '@visavis/protocol';
import * as z from 'zod/mini';
import { createDatabase, startPostgres } from '../../tests/harness/postgres.ts';
import { measureQuietly } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, spreadOf } from '../lib/statistics.ts';
import { seedCalls } from './rows.ts';

const CALLS = 1_000_000;
const PAGES = 200;

const PlanRow = z.object({ 'QUERY PLAN': z.string() });

/** The first page of a user's history with a million calls in the database, beside the least statement there is. */
export async function benchmarkHistory(rounds: number): Promise<Result> {
  const postgres = await startPostgres();
  const sql = openPostgres({
    url: createSecret(await createDatabase(postgres.url)),
    log: createLog('silent'),
    connections: 1,
    statementMs: 120_000,
  });
  try {
    const noted = keepStatements(sql);
    const { history } = await openStorage(noted.sql);
    const users = await seedCalls(sql, CALLS);
    const pageOf = async (userId: string | undefined): Promise<number> => {
      const page = await history.page(userId ?? '', {
        cursor: null,
        limit: LIMITS.historyPage,
        withUserId: null,
      });
      return page.entries.length;
    };
    for (const userId of users) await pageOf(userId);
    const pages: number[] = [];
    const least: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { value } = await measureQuietly(async () => {
        const times: { page: number; least: number }[] = [];
        for (let n = 0; n < PAGES; n += 1) {
          const startedAt = performance.now();
          if ((await pageOf(users[n % users.length])) !== LIMITS.historyPage)
            throw new Error('a page is not full');
          const turnedAt = performance.now();
          await sql.query('select 1');
          times.push({ page: turnedAt - startedAt, least: performance.now() - turnedAt });
        }
        return times;
      });
      pages.push(...value.map(({ page }) => page));
      least.push(...value.map((each) => each.least));
    }
    const plan = await explain(sql, noted.last());
    const spread = spreadOf(pages);
    return {
      name: 'history',
      table: [
        ['ms', 'median (p10–p90)'],
        [
          `first page of ${LIMITS.historyPage}, ${CALLS.toLocaleString('en')} calls in the database`,
          formatSpread(spread),
        ],
        ['select 1', formatSpread(spreadOf(least))],
      ],
      notes: plan,
      targets: [{ what: 'ms for the first page', limit: 5, measured: spread.median }],
      figures: { page: spread, least: spreadOf(least), plan },
    };
  } finally {
    await sql.close();
    await postgres.dispose();
  }
}

type Statement = Parameters<Sql['query']>;

/** The same database, and what was asked of it last. */
function keepStatements(sql: Sql): { readonly sql: Sql; last(): Statement } {
  let last: Statement = ['select 1'];
  return {
    sql: {
      ...sql,
      query: async (...statement) => {
        last = statement;
        return sql.query(...statement);
      },
    },
    last: () => last,
  };
}

/** What PostgreSQL does for it, a line for each part. */
async function explain(sql: Sql, [text, parameters]: Statement): Promise<readonly string[]> {
  const rows = await sql.query(`explain (analyze, buffers, costs off, timing off) ${text}`, parameters);
  return rows.map((row) => z.parse(PlanRow, row)['QUERY PLAN']);
}
