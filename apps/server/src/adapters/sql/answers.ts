import { RequestAnswer } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { CallStore } from '../../ports.ts';
import { selectOne, type Sql } from './sql.ts';

const Row = z.object({ answer: RequestAnswer });

/** The part of the calls that remembers what requests were answered (SES5). */
export const createSqlAnswers = (sql: Sql): Pick<CallStore, 'findAnswer' | 'forgetAnswers'> => ({
  findAnswer: async (deviceId, requestId) => {
    const row = await selectOne(
      sql,
      Row,
      'select answer from call_answers where device_id = $1 and request_id = $2',
      [deviceId, requestId],
    );
    return row?.answer ?? null;
  },
  forgetAnswers: async (ageMs) => {
    await sql.query(`delete from call_answers where created_at < now() - $1 * interval '1 millisecond'`, [
      ageMs,
    ]);
  },
});
