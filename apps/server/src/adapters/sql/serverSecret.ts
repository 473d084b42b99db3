import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { createSecret, type Secret } from '../../secret.ts';
import { selectOne, type Sql } from './sql.ts';

const Row = z.object({ value: z.instanceof(Uint8Array) });

/** The secret of this service, 32 bytes in base64: of several nodes that start at once all get the same. */
export async function readServerSecret(sql: Sql): Promise<Secret> {
  await sql.query('insert into server_secret (value) values ($1) on conflict do nothing', [
    new Uint8Array(randomBytes(32)),
  ]);
  const row = await selectOne(sql, Row, 'select value from server_secret');
  if (row === null) throw new Error('the secret of the server vanished between two statements');
  return createSecret(Buffer.from(row.value).toString('base64'));
}
