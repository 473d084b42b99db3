import type { UserSummary } from '@visavis/protocol';
import { openStorage, type CallStore } from '@visavis/server';
import { createSimulatedCalls } from '../simulation/database/calls.ts';
import { createTables } from '../simulation/database/tables.ts';
import { sqlAdapters, type Adapter } from './adapters.ts';

/** A store of calls, and what a test has to know beside it. */
export interface CallsUnderTest {
  readonly calls: CallStore;
  addUser(user: UserSummary, now: number): Promise<void>;
  countCallsOf(callerId: string): Promise<number>;
  listHistoryOwners(callId: string): Promise<readonly string[]>;
}

const inSql = sqlAdapters.map((adapter): Adapter<CallsUnderTest> => ({
  name: adapter.name,
  open: async () => {
    const opened = await adapter.open();
    const sql = opened.port;
    const { calls } = await openStorage(sql);
    const port: CallsUnderTest = {
      calls,
      addUser: async ({ userId, handle, name }, now) => {
        await sql.query('insert into users (id, handle, name, created_at) values ($1, $2, $3, $4)', [
          userId,
          handle,
          name,
          new Date(now),
        ]);
      },
      countCallsOf: async (callerId) =>
        (await sql.query('select id from calls where initiator_id = $1', [callerId])).length,
      listHistoryOwners: async (callId) => {
        const rows = await sql.query('select user_id as "userId" from call_history where call_id = $1', [
          callId,
        ]);
        return rows.map((row) => readUserId(row));
      },
    };
    return { port, close: async () => opened.close() };
  },
}));

/** The tables of the simulation: what is found there rests on their being like the real ones. */
const inSimulation: Adapter<CallsUnderTest> = {
  name: 'simulated tables',
  open: async () => {
    const tables = createTables(() => Date.now());
    const port: CallsUnderTest = {
      calls: createSimulatedCalls(async (statement) => statement(tables)),
      addUser: async () => {},
      countCallsOf: async (callerId) => tables.select(({ caller }) => caller.userId === callerId).length,
      listHistoryOwners: async (callId) =>
        tables.history.filter((line) => line.callId === callId).map(({ userId }) => userId),
    };
    return { port, close: async () => {} };
  },
};

export const callAdapters: readonly Adapter<CallsUnderTest>[] = [...inSql, inSimulation];

function readUserId(row: unknown): string {
  if (typeof row === 'object' && row !== null && 'userId' in row && typeof row.userId === 'string')
    return row.userId;
  throw new Error('a line of the history has no owner');
}
