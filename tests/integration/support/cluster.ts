import { createDatabase, startPostgres, type RunningPostgres } from '../../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';

/** Server processes that work as one, with a PostgreSQL and a Redis of their own. */
export interface Cluster {
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  readonly nodes: readonly RunningServer[];
  /** Of all nodes, but not of these. */
  urls(...except: readonly RunningServer[]): readonly string[];
  addNode(): Promise<RunningServer>;
  dispose(): Promise<void>;
}

export async function startCluster(
  count: number,
  { ringMs, env: more = {} }: { readonly ringMs: number; readonly env?: Readonly<Record<string, string>> },
): Promise<Cluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const env = {
    VISAVIS_DATABASE_URL: await createDatabase(postgres.url),
    VISAVIS_REDIS_URL: redis.url,
    VISAVIS_ADDRESS_LIMIT_FACTOR: '1000',
    ...more,
  };
  const start = async (): Promise<RunningServer> => startServer({ env, ringMs });
  // All at once, on an empty database.
  const nodes = await Promise.all(Array.from({ length: count }, start));
  return {
    postgres,
    redis,
    nodes,
    urls: (...except) => nodes.filter((node) => !except.includes(node)).map(({ url }) => url),
    addNode: async () => {
      const node = await start();
      nodes.push(node);
      return node;
    },
    dispose: async () => {
      for (const node of nodes) await node.dispose();
      await redis.dispose();
      await postgres.dispose();
    },
  };
}
