import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** On which database a server of the tests runs unless it says otherwise. */
    database: 'PGlite' | 'PostgreSQL';
    /** A PostgreSQL server in which every test makes a database of its own. */
    postgresUrl: string;
  }
}

/** Starts what the tests of a project share, once; Vitest calls what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return async () => postgres.dispose();
}
