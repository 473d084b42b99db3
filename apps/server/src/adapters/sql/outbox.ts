import { ServerEvent } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { CallStore } from '../../ports.ts';
import { KeyEffectRow } from './keyRows.ts';
import { select, type Sql } from './sql.ts';

/** Events get their numbers when they are handed over; 1 stands for all of them until then. */
const Unnumbered = z.pipe(
  z.looseObject({}),
  z.transform((event: Record<string, unknown>) => {
    const { seq: _seq, ...unnumbered } = z.parse(ServerEvent, { ...event, seq: 1 });
    return unnumbered;
  }),
);
const Effect = z.discriminatedUnion('type', [
  z.object({ type: z.literal('send'), deviceId: z.string(), event: Unnumbered }),
  z.object({ type: z.literal('history_changed'), userIds: z.array(z.string()) }),
  KeyEffectRow,
]);
const Row = z.object({ call_id: z.string(), version: z.int(), effects: z.array(Effect) });
/** How many are done before asking again. */
const AT_ONCE = 200;

/** The part of the calls that remembers what is not handed over yet. */
export const createSqlOutbox = (sql: Sql): Pick<CallStore, 'listUnsent' | 'forgetSent'> => ({
  listUnsent: async (ageMs, callId) => {
    // By the clock of the database alone: those of the nodes may differ.
    const rows = await select(
      sql,
      Row,
      `select call_id, version, effects from call_outbox
       where created_at < now() - $1 * interval '1 millisecond' ${callId === undefined ? '' : 'and call_id = $2'}
       order by created_at, version limit ${String(AT_ONCE)}`,
      callId === undefined ? [ageMs] : [ageMs, callId],
    );
    return rows.map(({ call_id, version, effects }) => ({ callId: call_id, version, effects }));
  },
  forgetSent: async (changes) => {
    await sql.query(
      `delete from call_outbox using jsonb_to_recordset($1::jsonb) as sent("callId" uuid, version integer)
       where call_id = sent."callId" and call_outbox.version = sent.version`,
      [JSON.stringify(changes.map(({ callId, version }) => ({ callId, version })))],
    );
  },
});
