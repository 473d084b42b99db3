import {
  createLog,
  createSecret,
  openPostgres,
  openRedis,
  shareByRedis,
  systemClock,
  type Ports,
  type Redis,
  type Sql,
} from '@visavis/server';
import { createDatabase } from '../../harness/postgres.ts';
import { startRedis } from '../../harness/redis.ts';
import { startTestServer, type TestServer } from './server.ts';

/** Two nodes in this process, on one PostgreSQL and one Redis, in real time. */
export interface NodePair {
  readonly one: TestServer;
  readonly other: TestServer;
  dispose(): Promise<void>;
}

/**
 * @param wrap - puts something of the test's own between the first node and what it shares
 * @param more - what the other node has of the test's own
 */
export async function startNodePair(
  postgresUrl: string,
  wrap: (shared: Pick<Ports, 'sessions'>) => Partial<Ports> = () => ({}),
  more: Partial<Ports> = {},
): Promise<NodePair> {
  const redisServer = await startRedis();
  const url = createSecret(await createDatabase(postgresUrl));
  const log = createLog('silent');
  const opened: (Sql | Redis)[] = [];
  const open = async (name: string, isWrapped: boolean): Promise<TestServer> => {
    const sql = openPostgres({ url, log });
    const redis = await openRedis(createSecret(redisServer.url), log, () => {});
    opened.push(sql, redis);
    const shared = await shareByRedis(redis, name, { clock: systemClock, log });
    const ports = { ...shared, ...(isWrapped ? wrap(shared) : more), clock: systemClock };
    return startTestServer({ sql, ports, settings: { drainMs: 0 } });
  };
  const one = await open('one', true);
  const other = await open('other', false);
  return {
    one,
    other,
    dispose: async () => {
      await one.stop();
      await other.stop();
      for (const each of opened) await each.close();
      await redisServer.dispose();
    },
  };
}
