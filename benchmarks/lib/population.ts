import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { startServer, type RunningServer } from '../../tests/harness/server.ts';

/** A signed-in device that was put into the database. */
export interface SeededDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly cookie: string;
}

/** Two people who call each other. */
export type Pair = readonly [SeededDevice, SeededDevice];

/** People who know each other, as many as the demo has: each change of presence is told to all others of the group. */
const PAIRS_IN_GROUP = 5;

/** The product's server with many more people than the demo has, each with one device. */
export async function startPopulated(
  pairCount: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ server: RunningServer; pairs: readonly Pair[]; dispose: () => Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'visavis-benchmark-'));
  const remove = async (): Promise<void> => rm(data, { recursive: true, force: true });
  try {
    // All sockets come from one address here.
    const server = await startServer({
      env: { ...env, VISAVIS_DATA: data, VISAVIS_ADDRESS_LIMIT_FACTOR: '1000' },
    });
    await server.stop();
    const pairs = await seed(join(data, 'postgres'), pairCount);
    await server.restart();
    const dispose = async (): Promise<void> => {
      await server.dispose();
      await remove();
    };
    return { server, pairs, dispose };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function seed(folder: string, pairCount: number): Promise<readonly Pair[]> {
  const database = await PGlite.create(folder);
  const pairs: Pair[] = [];
  while (pairs.length < pairCount) {
    const group = Array.from(
      { length: PAIRS_IN_GROUP * 2 },
      (): SeededDevice & { readonly token: string } => {
        const deviceId = randomUUID();
        const token = randomBytes(32).toString('base64url');
        return { userId: randomUUID(), deviceId, token, cookie: `visavis_${deviceId}=${token}` };
      },
    );
    for (const { userId, deviceId, token } of group) {
      await database.query(
        `insert into users (id, handle, name, created_at) values ($1, $2, 'Somebody', now())`,
        [userId, userId],
      );
      await database.query(
        `insert into devices (id, user_id, name, kind, token_hash, created_at, last_seen_at)
         values ($1, $2, 'Benchmark', 'desktop', $3, now(), now())`,
        [deviceId, userId, createHash('sha256').update(token).digest()],
      );
    }
    await database.query(
      `insert into contacts (user_id, contact_id, created_at)
       select one, other, now() from unnest($1::uuid[]) one, unnest($1::uuid[]) other where one <> other`,
      [group.map(({ userId }) => userId)],
    );
    for (let first = 0; first < group.length; first += 2) {
      const [one, other] = group.slice(first, first + 2);
      if (one !== undefined && other !== undefined) pairs.push([one, other]);
    }
  }
  await database.close();
  return pairs.slice(0, pairCount);
}
