import { PGlite } from '@electric-sql/pglite';
import type { Sql, SqlRunner, SqlValue } from '../sql/sql.ts';
import { UniqueViolation } from '../sql/sql.ts';

/** SQLSTATE of a violated unique constraint (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505';

interface Queryable {
  query(text: string, parameters?: unknown[]): Promise<{ rows: unknown[] }>;
  exec(text: string): Promise<unknown>;
}

/**
 * PostgreSQL inside this process: one connection, on which PGlite itself runs statements and transactions one at a time.
 *
 * @param folder - where the data are, or null for memory
 */
export async function openPglite(folder: string | null): Promise<Sql> {
  const database = await PGlite.create(folder ?? 'memory://', { relaxedDurability: false });
  let closing: Promise<void> | null = null;
  const transaction: Sql['transaction'] = async (work) =>
    database.transaction(async (transaction) => work(createRunner(transaction)));
  return {
    ...createRunner(database),
    transaction,
    script: async (text) => transaction(async (runner) => runner.script(text)),
    close: async () => {
      closing ??= database.close();
      await closing;
    },
  };
}

function createRunner(database: Queryable): SqlRunner {
  return {
    query: async (text, parameters: readonly SqlValue[] = []) => {
      try {
        return (await database.query(text, [...parameters])).rows;
      } catch (error) {
        throw translateError(error);
      }
    },
    script: async (text) => {
      await database.exec(text);
    },
  };
}

function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return error;
  return 'constraint' in error && typeof error.constraint === 'string'
    ? new UniqueViolation(error.constraint)
    : error;
}
