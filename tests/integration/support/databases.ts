import { createLog, createSecret, openPglite, openPostgres, type Sql } from '@visavis/server';
import { inject } from 'vitest';
import { createDatabase } from '../../harness/postgres.ts';

/** A database that outlives the server that uses it. */
export interface TestDatabase {
  open(): Promise<Sql>;
}

/** A new, empty database on the server that the project's tests share. */
export const openTestPostgres = async (): Promise<Sql> =>
  openUrl(await createDatabase(inject('postgresUrl')));

/** The database that this project's tests run on. */
export const openTestDatabase = async (): Promise<Sql> =>
  inject('database') === 'PostgreSQL' ? openTestPostgres() : openPglite(null);

/** One that can be opened again. `folder` is for the embedded one. */
export async function createTestDatabase(folder: string): Promise<TestDatabase> {
  if (inject('database') === 'PGlite') return { open: async () => openPglite(folder) };
  const url = await createDatabase(inject('postgresUrl'));
  return { open: async () => openUrl(url) };
}

const openUrl = (url: string): Sql => openPostgres({ url: createSecret(url), log: createLog('silent') });
