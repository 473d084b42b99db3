import {
  createLog,
  createMemoryBus,
  createMemoryMediaNodes,
  createMemoryMoveOffers,
  createMemoryPresence,
  createMemoryQuotas,
  createMemorySessions,
  createSecret,
  openPglite,
  openRedis,
  shareByRedis,
  systemClock,
  type Bus,
  type MediaNodes,
  type MoveOffers,
  type Presence,
  type Quotas,
  type Sessions,
  type Sql,
} from '@visavis/server';
import { inject } from 'vitest';
import { connectInstantly } from '../simulation/redis/instant.ts';
import { openTestPostgres } from '../integration/support/databases.ts';

/** An implementation of a port: every one has to pass the port's whole suite. */
export interface Adapter<Port> {
  readonly name: string;
  /** Opens it empty. */
  open(): Promise<{ readonly port: Port; close(): Promise<void> }>;
}

const inMemory = <Port>(create: () => Port): Adapter<Port> => ({
  name: 'memory',
  open: async () => ({ port: create(), close: async () => {} }),
});

let nodes = 0;
const inRedis = <Port>(
  choose: (shared: Awaited<ReturnType<typeof shareByRedis>>) => Port,
): Adapter<Port> => ({
  name: 'Redis',
  open: async () => {
    const log = createLog('silent');
    const redis = await openRedis(createSecret(inject('redisUrl')), log, () => {});
    nodes += 1;
    const shared = await shareByRedis(redis, `node ${String(nodes)}`, { clock: systemClock, log });
    return {
      port: choose(shared),
      close: async () => {
        await redis.run({ text: `return redis.call('FLUSHALL')`, keys: [], values: [] });
        await redis.close();
      },
    };
  },
});

/** Redis' adapters on the Redis of the simulation: what is found there rests on its being like the real one. */
const inSimulatedRedis = <Port>(
  choose: (shared: Awaited<ReturnType<typeof shareByRedis>>) => Port,
): Adapter<Port> => ({
  name: 'simulated Redis',
  open: async () => {
    const log = createLog('silent');
    const shared = await shareByRedis(connectInstantly(), 'node', { clock: systemClock, log });
    return { port: choose(shared), close: async () => {} };
  },
});

export const presenceAdapters: readonly Adapter<Presence>[] = [
  inMemory(() => createMemoryPresence(createMemoryBus())),
  inRedis(({ presence }) => presence),
  inSimulatedRedis(({ presence }) => presence),
];
/** Presence, and the bus on which it tells others. */
export const toldAdapters: readonly Adapter<{ readonly presence: Presence; readonly bus: Bus }>[] = [
  inMemory(() => {
    const bus = createMemoryBus();
    return { presence: createMemoryPresence(bus), bus };
  }),
  inRedis((shared) => shared),
  inSimulatedRedis((shared) => shared),
];
export const sessionsAdapters: readonly Adapter<Sessions>[] = [
  inMemory(() => createMemorySessions(createMemoryBus())),
  inRedis(({ sessions }) => sessions),
  inSimulatedRedis(({ sessions }) => sessions),
];
export const quotasAdapters: readonly Adapter<Quotas>[] = [
  inMemory(() => createMemoryQuotas(systemClock)),
  inRedis(({ quotas }) => quotas),
  inSimulatedRedis(({ quotas }) => quotas),
];
export const moveOffersAdapters: readonly Adapter<MoveOffers>[] = [
  inMemory(() => createMemoryMoveOffers(systemClock)),
  inRedis(({ moveOffers }) => moveOffers),
  inSimulatedRedis(({ moveOffers }) => moveOffers),
];
export const busAdapters: readonly Adapter<Bus>[] = [
  inMemory(createMemoryBus),
  inRedis(({ bus }) => bus),
  inSimulatedRedis(({ bus }) => bus),
];

export const mediaNodesAdapters: readonly Adapter<MediaNodes>[] = [
  inMemory(() => createMemoryMediaNodes(systemClock)),
  inRedis(({ mediaNodes }) => mediaNodes),
  inSimulatedRedis(({ mediaNodes }) => mediaNodes),
];

export const sqlAdapters: readonly Adapter<Sql>[] = [
  {
    name: 'PGlite',
    open: async () => {
      const sql = await openPglite(null);
      return { port: sql, close: async () => sql.close() };
    },
  },
  {
    name: 'PostgreSQL',
    open: async () => {
      const sql = await openTestPostgres();
      return { port: sql, close: async () => sql.close() };
    },
  },
];
