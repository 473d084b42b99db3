import type { Meter } from '../ports.ts';
import type { Redis } from './redis/connect.ts';
import { UniqueViolation, type Sql, type SqlRunner } from './sql/sql.ts';

type Measure = <Result>(work: () => Promise<Result>) => Promise<Result>;

const createMeasure =
  (meter: Meter, service: 'database' | 'redis'): Measure =>
  async (work) => {
    const startedAt = performance.now();
    const finish = (outcome: 'ok' | 'failed'): void => {
      meter.handleService(service, performance.now() - startedAt, outcome);
    };
    try {
      const result = await work();
      finish('ok');
      return result;
    } catch (error) {
      // That another one was faster is an answer.
      finish(error instanceof UniqueViolation ? 'ok' : 'failed');
      throw error;
    }
  };

/** The same database, with every statement timed. */
export function measureSql(sql: Sql, meter: Meter): Sql {
  const measure = createMeasure(meter, 'database');
  const wrap = (runner: SqlRunner): SqlRunner => ({
    query: async (text, parameters) => measure(async () => runner.query(text, parameters)),
    script: async (text) => measure(async () => runner.script(text)),
  });
  return {
    ...wrap(sql),
    transaction: async (work) => sql.transaction(async (runner) => work(wrap(runner))),
    close: async () => sql.close(),
  };
}

/** The same Redis, with every script timed. */
export function measureRedis(redis: Redis, meter: Meter): Redis {
  const measure = createMeasure(meter, 'redis');
  return { ...redis, run: async (script) => measure(async () => redis.run(script)) };
}
