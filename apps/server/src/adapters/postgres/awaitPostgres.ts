import * as z from 'zod/mini';
import type { Secret } from '../../secret.ts';
import { Unavailable } from '../../unavailable.ts';
import { selectOne, type Sql } from '../sql/sql.ts';
import { isRefusal } from './errors.ts';

/** The server is there, but cannot be used; the message says what to do. */
export class CannotUseDatabase extends Error {
  override readonly name = 'CannotUseDatabase';
}

const OLDEST = 15;
const VersionRow = z.object({ version: z.int() });
/** The first waits between tries; the last one repeats. */
const WAITS_MS = [500, 1_000, 2_000, 5_000] as const;

/**
 * Waits until the database answers, however long that takes.
 *
 * @param notify - told at every failed try what is wrong and that it goes on
 * @throws {CannotUseDatabase} when it answers, but refuses or is too old
 */
export async function awaitPostgres(
  sql: Sql,
  url: Secret,
  wait: (ms: number) => Promise<void>,
  notify: (message: string) => void,
): Promise<void> {
  const name = describeDatabase(url);
  for (let tries = 0; ; tries += 1) {
    try {
      const row = await selectOne(
        sql,
        VersionRow,
        `select current_setting('server_version_num')::int / 10000 as version`,
      );
      const version = row?.version ?? 0;
      if (version >= OLDEST) return;
      throw new CannotUseDatabase(
        `The database ${name} is PostgreSQL ${String(version)}; this needs ${String(OLDEST)} or later.`,
      );
    } catch (error) {
      if (isRefusal(error)) {
        throw new CannotUseDatabase(
          `The database ${name} refuses this server: ${error.message}. See VISAVIS_DATABASE_URL.`,
          { cause: error },
        );
      }
      if (!(error instanceof Unavailable)) throw error;
      const ms = WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 5_000;
      notify(`The database ${name} cannot be reached (${error.message}). Trying again in ${String(ms)} ms.`);
      await wait(ms);
    }
  }
}

/** Where the database is, without user and password. */
function describeDatabase(url: Secret): string {
  const { host, pathname } = new URL(url.reveal());
  return `${host}${pathname}`;
}
