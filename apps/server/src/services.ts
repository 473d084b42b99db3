import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { measureRedis, measureSql } from './adapters/measured.ts';
import { createMemoryBus } from './adapters/memory/bus.ts';
import { createNoMeter } from './adapters/memory/meter.ts';
import { createMemoryMediaNodes } from './adapters/memory/mediaNodes.ts';
import { createMemoryMoveOffers } from './adapters/memory/moveOffers.ts';
import { createSingleNode } from './adapters/memory/nodes.ts';
import { createMemoryPresence } from './adapters/memory/presence.ts';
import { createMemoryQuotas } from './adapters/memory/quotas.ts';
import { createMemorySessions } from './adapters/memory/sessions.ts';
import { createMediasoupSfu } from './adapters/mediasoup/index.ts';
import { openPglite } from './adapters/pglite/pglite.ts';
import { awaitPostgres } from './adapters/postgres/awaitPostgres.ts';
import { holdNodeLock } from './adapters/postgres/nodeLock.ts';
import { openPostgres } from './adapters/postgres/postgres.ts';
import { openRedis } from './adapters/redis/connect.ts';
import { shareByRedis } from './adapters/redis/index.ts';
import type { Sql } from './adapters/sql/sql.ts';
import { watchDatabase } from './adapters/sql/tally.ts';
import { systemClock } from './adapters/system/clock.ts';
import { lockFolder } from './adapters/system/folderLock.ts';
import { createMetrics, serveMetrics } from './adapters/system/metrics.ts';
import { systemRandom } from './adapters/system/random.ts';
import { createTurnIssuer } from './adapters/system/turn.ts';
import type { Config } from './config.ts';
import { seedDemo } from './demo.ts';
import { listenAddresses } from './mediaConfig.ts';
import type { Sfu } from './mediaPorts.ts';
import type { Log, Meter, Ports } from './ports.ts';
import type { Secret } from './secret.ts';
import { openStorage } from './storage.ts';

/** What was opened, to be closed from the first to the last. */
export type Closers = (() => Promise<void>)[];

export interface Opening {
  readonly log: Log;
  /** Gets what closes each service as soon as it is open. */
  readonly closers: Closers;
  /** Tells the person who started the server what it waits for. */
  readonly notify: (message: string) => void;
  /** Ends the process: it can do no more good. */
  readonly fail: (problem: Error) => void;
}

/** Opens everything that the settings name. Waits for a database that does not answer yet. */
export async function openServices(config: Config, opening: Opening): Promise<Ports> {
  const { log, closers } = opening;
  // Certificates are kept there as well.
  if (config.databaseUrl === null || config.isLan) closers.unshift(await lockFolder(config.dataFolder));
  const meter = await openMeter(config, opening);
  const sql = measureSql(await openDatabase(config, opening, meter), meter);
  const storage = await openStorage(sql);
  watchDatabase(sql, meter, () => systemClock.now());
  const shared = config.redisUrl === null ? shareNothing() : await share(config.redisUrl, opening, meter);
  if (config.isDemo && config.role !== 'media') await seedDemo(sql, systemClock.now());
  return {
    ...storage,
    ...shared,
    health: {
      check: async () => {
        await Promise.all([storage.health.check(), shared.health.check()]);
      },
    },
    clock: systemClock,
    random: systemRandom,
    log,
    meter,
    turn: createTurnIssuer(config.turn),
    sfu: openSfu(config, opening),
  };
}

function openSfu({ media }: Config, { log, closers }: Opening): Sfu {
  const sfu = createMediasoupSfu(
    { ...media, addresses: () => listenAddresses(media) },
    { clock: systemClock, log },
  );
  closers.unshift(async () => sfu.close());
  return sfu;
}

type Shared = Pick<
  Ports,
  'presence' | 'sessions' | 'bus' | 'quotas' | 'moveOffers' | 'nodes' | 'mediaNodes' | 'health'
>;

function shareNothing(): Shared {
  const bus = createMemoryBus();
  return {
    bus,
    sessions: createMemorySessions(bus),
    presence: createMemoryPresence(bus),
    quotas: createMemoryQuotas(systemClock),
    moveOffers: createMemoryMoveOffers(systemClock),
    nodes: createSingleNode(),
    mediaNodes: createMemoryMediaNodes(systemClock),
    health: { check: async () => {} },
  };
}

async function openMeter({ metrics: place }: Config, { closers }: Opening): Promise<Meter> {
  if (place === null) return createNoMeter();
  const metrics = createMetrics();
  closers.unshift(await serveMetrics(metrics, place.host, place.port));
  return metrics.meter;
}

async function share(url: Secret, { log, closers, notify }: Opening, meter: Meter): Promise<Shared> {
  const redis = measureRedis(await openRedis(url, log, notify), meter);
  closers.unshift(async () => redis.close());
  return {
    ...(await shareByRedis(redis, systemRandom.id(), { clock: systemClock, log })),
    health: {
      check: async () => {
        await redis.run({ text: 'return 1', keys: [], values: [] });
      },
    },
  };
}

const pause = async (ms: number): Promise<void> => wait(ms);

async function openDatabase(
  { databaseUrl, redisUrl, dataFolder }: Config,
  { log, closers, notify, fail }: Opening,
  meter: Meter,
): Promise<Sql> {
  if (databaseUrl === null) {
    const sql = await openPglite(join(dataFolder, 'postgres'));
    closers.unshift(async () => sql.close());
    return sql;
  }
  const sql = openPostgres({ url: databaseUrl, log, meter });
  closers.unshift(async () => sql.close());
  await awaitPostgres(sql, databaseUrl, pause, notify);
  const isAlone = redisUrl === null;
  closers.unshift(
    await holdNodeLock({ url: databaseUrl, isAlone, log, wait: pause, notify, handleLost: fail }),
  );
  return sql;
}
