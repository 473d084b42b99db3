import { createLog, createSecret, openPostgres, openRedis } from '@visavis/server';
import * as z from 'zod/mini';
import { familyMs, processorMs } from '../lib/machine.ts';
import { pause } from '../lib/progress.ts';

/** PostgreSQL's processes publish what they have counted when they have been idle for ten seconds. */
const STATISTICS_MS = 11_000;

const Row = z.object({ commits: z.string(), written: z.string(), pids: z.array(z.int()) });

/** What the services behind a node have done so far. */
export interface Counts {
  /** Transactions, those that only read included. */
  readonly transactions: number;
  /** Transactions that wrote and are on disk when they are answered. */
  readonly durableCommits: number;
  /** Scripts, messages and subscriptions sent to Redis. */
  readonly redisRoundTrips: number;
  readonly postgresMs: number;
  readonly redisMs: number;
}

export interface Counters {
  read(): Promise<Counts>;
  close(): Promise<void>;
}

export async function openCounters(databaseUrl: string, redisUrl: string): Promise<Counters> {
  const log = createLog('silent');
  const sql = openPostgres({ url: createSecret(databaseUrl), log, connections: 1 });
  const redis = await openRedis(createSecret(redisUrl), log, () => {});
  const askRedis = async (section: string): Promise<string> =>
    z.parse(
      z.string(),
      await redis.run({ text: `return redis.call('INFO', ARGV[1])`, keys: [], values: [section] }),
    );
  return {
    read: async () => {
      await pause(STATISTICS_MS);
      // Only a transaction that writes gets a number of its own.
      const [row] = await sql.query(
        `select xact_commit::text as commits, pg_snapshot_xmax(pg_current_snapshot())::text as written,
                (select array_agg(pid) from pg_stat_activity) as pids
         from pg_stat_database where datname = current_database()`,
      );
      const { commits, written, pids } = z.parse(Row, row);
      const server = await askRedis('server');
      return {
        transactions: Number(commits),
        durableCommits: Number(written),
        redisRoundTrips: countRoundTrips(await askRedis('commandstats')),
        postgresMs: familyMs(pids),
        redisMs: processorMs(Number(/process_id:(\d+)/.exec(server)?.[1])),
      };
    },
    close: async () => {
      await sql.close();
      await redis.close();
    },
  };
}

/** Scripts count once, whatever they do; `PUBLISH` counts those of scripts too, which are as many as events pushed. */
const countRoundTrips = (commandStats: string): number =>
  [...commandStats.matchAll(/^cmdstat_(?:eval|evalsha|subscribe|unsubscribe):calls=(\d+)/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );

/** What was done between two readings, for each of so many calls. */
export const perCall = (before: Counts, after: Counts, calls: number): Counts => ({
  transactions: (after.transactions - before.transactions) / calls,
  durableCommits: (after.durableCommits - before.durableCommits) / calls,
  redisRoundTrips: (after.redisRoundTrips - before.redisRoundTrips) / calls,
  postgresMs: (after.postgresMs - before.postgresMs) / calls,
  redisMs: (after.redisMs - before.redisMs) / calls,
});
