import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** On which database a server of the tests runs unless it says otherwise. */
    database: 'PGlite' | 'PostgreSQL';
    /** A PostgreSQL server in which every test makes a database of its own. */
    postgresUrl: string;
    /** A Redis server that tests of one file at a time use; they empty it themselves. */
    redisUrl: string;
  }
}

/** Starts what the tests of a project share, once; Vitest calls what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis.url);
  return async () => {
    await postgres.dispose();
    await redis.dispose();
  };
}
