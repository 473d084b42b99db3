import {
  createLog,
  createSecret,
  openRedis,
  shareByRedis,
  systemClock,
  type KnownMediaNode,
} from '@visavis/server';
import { mediaWorker } from '../../harness/mediaWorker.ts';
import { createDatabase, startPostgres } from '../../harness/postgres.ts';
import { startRedis } from '../../harness/redis.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';

/** A media node, and the address by which what a device is told shows that it is this one. */
export interface RunningMediaNode {
  readonly server: RunningServer;
  readonly ip: string;
  readonly region: string;
}

/** Signaling and media nodes of two regions, each a process of its own, on one PostgreSQL and one Redis. */
export interface MediaCluster {
  readonly signaling: { readonly east: RunningServer; readonly west: RunningServer };
  readonly media: { readonly east: RunningMediaNode; readonly west: RunningMediaNode };
  /** The media nodes, as every node sees them. */
  listNodes(): Promise<readonly KnownMediaNode[]>;
  emptyRedis(): Promise<void>;
  dispose(): Promise<void>;
}

export interface MediaClusterOptions {
  /** Whether a call can be at both media nodes (MED6). */
  readonly isShared?: boolean;
  /** The file of a tap at both media nodes. */
  readonly tap?: string;
}

/** @param capacity - how many streams a media node is to carry */
export async function startMediaCluster(
  capacity: number,
  { isShared = false, tap }: MediaClusterOptions = {},
): Promise<MediaCluster> {
  const [postgres, redisServer] = await Promise.all([startPostgres(), startRedis()]);
  const shared = {
    VISAVIS_DATABASE_URL: await createDatabase(postgres.url),
    VISAVIS_REDIS_URL: redisServer.url,
    VISAVIS_ADDRESS_LIMIT_FACTOR: '1000',
    // Signaling nodes have it as well, and do not use it.
    VISAVIS_MEDIA_WORKER_BIN: mediaWorker(),
    VISAVIS_MEDIA_PORT: '0',
    VISAVIS_MEDIA_CAPACITY: String(capacity),
  };
  const startSignaling = async (region: string): Promise<RunningServer> =>
    startServer({ env: { ...shared, VISAVIS_ROLE: 'signaling', VISAVIS_REGION: region } });
  const startMedia = async (region: string, ip: string): Promise<RunningMediaNode> => {
    const env = {
      ...shared,
      VISAVIS_ROLE: 'media',
      VISAVIS_REGION: region,
      VISAVIS_MEDIA_LISTEN: ip,
      VISAVIS_MEDIA_PIPE_LISTEN: isShared ? ip : '',
    };
    const tapped = tap === undefined ? {} : { tap };
    return { server: await startServer({ env, ...tapped }), ip, region };
  };
  const [east, west, mediaEast, mediaWest] = await Promise.all([
    startSignaling('east'),
    startSignaling('west'),
    startMedia('east', '127.0.0.2'),
    startMedia('west', '127.0.0.3'),
  ]);
  const log = createLog('silent');
  const redis = await openRedis(createSecret(redisServer.url), log, () => {});
  const { mediaNodes } = await shareByRedis(redis, 'a test', { clock: systemClock, log });
  return {
    signaling: { east, west },
    media: { east: mediaEast, west: mediaWest },
    listNodes: async () => mediaNodes.list(),
    emptyRedis: async () => {
      await redis.run({ text: `return redis.call('FLUSHALL')`, keys: [], values: [] });
    },
    dispose: async () => {
      for (const node of [east, west, mediaEast.server, mediaWest.server]) await node.dispose();
      await redis.close();
      await redisServer.dispose();
      await postgres.dispose();
    },
  };
}
