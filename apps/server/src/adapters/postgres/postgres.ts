import { Pool, type PoolClient, type QueryConfig } from 'pg';
import type { Log, Meter } from '../../ports.ts';
import type { Secret } from '../../secret.ts';
import { Unavailable } from '../../unavailable.ts';
import type { Sql, SqlRunner, SqlValue } from '../sql/sql.ts';
import { isConflict, translateError } from './errors.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with libpq's parameters such as `sslmode`. */
  readonly url: Secret;
  readonly log: Log;
  /** Gets what waits for a connection. */
  readonly meter?: Pick<Meter, 'watch'>;
  /** How many connections at most. */
  readonly connections?: number;
  /** How long a statement may run. */
  readonly statementMs?: number;
}

/** One process needs few: its statements are short, and each connection is a process of the database's. */
const CONNECTIONS = 10;
const STATEMENT_MS = 5_000;
/** How much longer than the database itself this side waits for an answer: a cut connection says nothing. */
const GRACE_MS = 2_000;
/** How long to wait for a connection, new or free. */
const CONNECT_MS = 3_000;
/** How long a script may run: the migrations of a large database take their time. */
const SCRIPT_MS = 60 * 60_000;
/** How often what the database gave up for the sake of another transaction is tried again. */
const MOST_TRIES = 4;

/**
 * A pool of connections to a PostgreSQL server, opened when they are needed and replaced when they are lost. It does not ask
 * whether the server is there: see {@link awaitPostgres}.
 */
export function openPostgres({
  url,
  log,
  meter,
  connections,
  statementMs = STATEMENT_MS,
}: PostgresOptions): Sql {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: connections ?? CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + GRACE_MS,
    idle_in_transaction_session_timeout: statementMs + GRACE_MS,
    keepAlive: true,
    application_name: 'visavis',
    // The conditional updates are written for it: a statement that waited for another's change sees that change.
    options: String.raw`-c default_transaction_isolation=read\ committed`,
  });
  // A connection that breaks tells whoever uses it, and this; nobody listening would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  pool.on('error', (error) => {
    log.warn('a connection to the database was lost', { error });
  });

  meter?.watch(
    {
      name: 'database_connections',
      help: 'Connections to the database that are busy or idle, and statements that wait for one.',
      label: 'state',
    },
    () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
  );

  const use = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw translateError(error);
    });
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(error instanceof Unavailable);
      throw error;
    }
  };

  const transaction: Sql['transaction'] = async (work) =>
    retryConflicts(async () =>
      use(async (client) => {
        const runner = createRunner(client);
        await runner.query('begin');
        try {
          const result = await work(runner);
          await runner.query('commit');
          return result;
        } catch (error) {
          if (!(error instanceof Unavailable)) await runner.query('rollback');
          throw error;
        }
      }),
    );

  let closing: Promise<void> | null = null;
  return {
    query: async (text, parameters) =>
      retryConflicts(async () => use(async (client) => createRunner(client).query(text, parameters))),
    script: async (text) => transaction(async (runner) => runner.script(text)),
    transaction,
    close: async () => {
      closing ??= pool.end();
      await closing;
    },
  };
}

/** The driver knows a limit for a single query; its types do not. */
type TimedQuery = QueryConfig<SqlValue[]> & { readonly query_timeout?: number };

function createRunner(client: PoolClient): SqlRunner {
  const run = async (config: TimedQuery): Promise<readonly unknown[]> => {
    try {
      const result = await client.query<Record<string, unknown>>(config);
      return result.rows;
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    query: async (text, parameters = []) => run({ text, values: [...parameters] }),
    script: async (text) => {
      // Without parameters a text may hold many statements.
      await run({ text, query_timeout: SCRIPT_MS });
    },
  };
}

/** Whatever the database gave up to end a deadlock has not happened, and may be done again. */
async function retryConflicts<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MOST_TRIES || !isConflict(error)) throw error;
    }
  }
}
