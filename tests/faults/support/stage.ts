import { createLog, createSecret, openPostgres, type Sql } from '@visavis/server';
import { createDatabase, startPostgres, type RunningPostgres } from '../../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';
import { layCable, type Cable } from './cable.ts';
import { createCrowd, type Crowd } from './crowd.ts';
import { startFront, type Front } from './front.ts';
import { seedPeople } from './population.ts';

/** A node and the cables by which it reaches what the nodes share. */
export interface Node {
  readonly server: RunningServer;
  readonly toPostgres: Cable;
  readonly toRedis: Cable;
}

/** Three nodes behind a proxy, with a PostgreSQL and a Redis of their own, and a crowd that uses them. */
export interface Stage {
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  readonly nodes: readonly [Node, Node, Node];
  readonly crowd: Crowd;
  /** Straight to the database, whatever becomes of the cables. */
  readonly sql: Sql;
  dispose(): Promise<void>;
}

export interface StageOptions {
  readonly people: number;
  readonly ringMs: number;
  readonly seed: number;
}

export async function startStage({ people, ringMs, seed }: StageOptions): Promise<Stage> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const databaseUrl = await createDatabase(postgres.url);
  const startNode = async (): Promise<Node> => {
    const toPostgres = await layCable(Number(new URL(databaseUrl).port));
    const toRedis = await layCable(Number(new URL(redis.url).port));
    const server = await startServer({
      ringMs,
      env: {
        VISAVIS_DEMO: 'off',
        VISAVIS_DATABASE_URL: withPort(databaseUrl, toPostgres.port),
        VISAVIS_REDIS_URL: withPort(redis.url, toRedis.port),
        VISAVIS_ADDRESS_LIMIT_FACTOR: '10000',
      },
    });
    return { server, toPostgres, toRedis };
  };
  const nodes = await Promise.all([startNode(), startNode(), startNode()]);
  const sql = openPostgres({ url: createSecret(databaseUrl), log: createLog('silent'), connections: 2 });
  const groups = await seedPeople(sql, people);
  const front: Front = await startFront(nodes.map(({ server }) => Number(new URL(server.url).port)));
  const crowd = createCrowd(front.url, groups, seed);
  await crowd.awaitCalm();
  return {
    postgres,
    redis,
    nodes,
    crowd,
    sql,
    dispose: async () => {
      crowd.close();
      await front.dispose();
      for (const { server, toPostgres, toRedis } of nodes) {
        await server.dispose();
        await toPostgres.dispose();
        await toRedis.dispose();
      }
      await sql.close();
      await redis.dispose();
      await postgres.dispose();
    },
  };
}

function withPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}
