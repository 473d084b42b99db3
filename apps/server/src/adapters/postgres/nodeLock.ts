import { Client } from 'pg';
import type { Log } from '../../ports.ts';
import type { Secret } from '../../secret.ts';
import { toError } from '../../toError.ts';
import { nodeLockStatement } from '../sql/sql.ts';
import { CannotUseDatabase } from './awaitPostgres.ts';

export interface NodeLockOptions {
  readonly url: Secret;
  /** Whether this process shares nothing with others: then it must be the only one on this database. */
  readonly isAlone: boolean;
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
  /** Told while it waits for another process to leave the database. */
  readonly notify: (message: string) => void;
  /** Told when another process has taken the database while this one had lost it: this one must end. */
  readonly handleLost: (problem: CannotUseDatabase) => void;
}

/** How often it is tried again, and how often before the start is given up: a predecessor may still be closing. */
const AGAIN_MS = 1_000;
const MOST_TRIES = 6;
/** After a lost connection the database may take our former one for alive for as long as {@link KEEPALIVES} take. */
const MOST_TRIES_AFTER_LOSS = 40;
/** So that a machine that is gone does not hold the database for hours. */
const KEEPALIVES = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/**
 * Makes sure that processes which do not know of each other never use one database: nodes with Redis hold a lock together, one
 * without Redis holds it alone. It lives on a connection of its own and is taken again when that is lost.
 *
 * @returns what lets go of it
 * @throws {CannotUseDatabase} when the database is another's
 */
export async function holdNodeLock(options: NodeLockOptions): Promise<() => Promise<void>> {
  const { isAlone, log, wait, notify, handleLost } = options;
  let client: Client | null = null;
  let isReleased = false;

  /** @returns whether the lock is held now; null when the database does not answer */
  const tryOnce = async (): Promise<boolean | null> => {
    const candidate = new Client({
      connectionString: options.url.reveal(),
      connectionTimeoutMillis: 3_000,
      query_timeout: 5_000,
      application_name: 'visavis node',
      keepAlive: true,
      options: KEEPALIVES,
    });
    candidate.on('error', () => {});
    try {
      await candidate.connect();
      const { rows } = await candidate.query<{ readonly held: boolean }>(nodeLockStatement(isAlone));
      if (rows[0]?.held === true && !isReleased) {
        client = candidate;
        candidate.once('end', () => {
          if (client === candidate) void retake();
        });
        return true;
      }
      await candidate.end();
      return false;
    } catch (error) {
      log.warn('the lock of this node cannot be asked for', { error: toError(error) });
      candidate.end().catch(() => {});
      return null;
    }
  };

  const take = async (mostTries: number, refusals = 0): Promise<void> => {
    const held = await tryOnce();
    if (held === true || isReleased) return;
    const isRefused = held === false;
    if (isRefused && refusals + 1 >= mostTries) throw new CannotUseDatabase(explain(isAlone));
    if (isRefused) notify(`${explain(isAlone)} Trying again in ${String(AGAIN_MS)} ms.`);
    await wait(AGAIN_MS);
    await take(mostTries, isRefused ? refusals + 1 : refusals);
  };

  const retake = async (): Promise<void> => {
    client = null;
    if (isReleased) return;
    log.warn('the lock of this node was lost with its connection');
    try {
      await take(MOST_TRIES_AFTER_LOSS);
      log.warn('the lock of this node is held again');
    } catch (error) {
      handleLost(error instanceof CannotUseDatabase ? error : new CannotUseDatabase(toError(error).message));
    }
  };

  await take(MOST_TRIES);
  return async () => {
    isReleased = true;
    const held = client;
    client = null;
    await held?.end().catch(() => {});
  };
}

const explain = (isAlone: boolean): string =>
  isAlone
    ? 'Another Visavis uses this database, and this one has no VISAVIS_REDIS_URL to know of it. Nodes that share a database share a Redis, too; without one, a database is for one process.'
    : 'A Visavis without VISAVIS_REDIS_URL uses this database, and cannot know of this one. Stop it, or give it the same Redis.';
