import {
  createMemoryBus,
  createMemoryPresence,
  createMemorySessions,
  openPglite,
  type Bus,
  type Presence,
  type Sessions,
  type Sql,
} from '@visavis/server';
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

export const presenceAdapters: readonly Adapter<Presence>[] = [inMemory(createMemoryPresence)];
export const sessionsAdapters: readonly Adapter<Sessions>[] = [inMemory(createMemorySessions)];
export const busAdapters: readonly Adapter<Bus>[] = [inMemory(createMemoryBus)];

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
