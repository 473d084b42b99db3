import { createLog, createSecret, openPostgres } from '@visavis/server';
import { createDatabase, startPostgres } from '../../tests/harness/postgres.ts';
import { startRedis } from '../../tests/harness/redis.ts';
import { startServer, type RunningServer } from '../../tests/harness/server.ts';
import { seedPairs, type Pair } from './population.ts';

/** Several nodes of the product on one PostgreSQL and one Redis, with people in them. */
export interface PopulatedCluster {
  readonly nodes: readonly RunningServer[];
  readonly pairs: readonly Pair[];
  readonly databaseUrl: string;
  readonly redisUrl: string;
  dispose(): Promise<void>;
}

export interface ClusterOptions {
  readonly nodes: number;
  readonly pairs: number;
  /** False: presence and sessions are in the memory of the only node. */
  readonly redis?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startNodes(options: ClusterOptions): Promise<PopulatedCluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const nodes: RunningServer[] = [];
  const dispose = async (): Promise<void> => {
    for (const node of nodes) await node.dispose();
    await redis.dispose();
    await postgres.dispose();
  };
  try {
    const databaseUrl = await createDatabase(postgres.url);
    const env = {
      ...options.env,
      VISAVIS_DATABASE_URL: databaseUrl,
      ...((options.redis ?? true) ? { VISAVIS_REDIS_URL: redis.url } : {}),
      VISAVIS_ADDRESS_LIMIT_FACTOR: '1000',
    };
    for (let n = 0; n < options.nodes; n += 1) nodes.push(await startServer({ env }));
    const sql = openPostgres({ url: createSecret(databaseUrl), log: createLog('silent'), connections: 1 });
    const pairs = await seedPairs(sql, options.pairs);
    await sql.close();
    return { nodes, pairs, databaseUrl, redisUrl: redis.url, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
