import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPglite, type Sql } from '@visavis/server';
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
const GROUP = 10;

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
    const database = await openPglite(join(data, 'postgres'));
    const pairs = await seedPairs(database, pairCount);
    await database.close();
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

/** People in one statement: whole groups, and few enough for the limit of a statement's time. */
const AT_ONCE = 50 * GROUP;

/** Puts people with one device each into a database, in groups who know each other. */
export async function seedPairs(sql: Sql, pairCount: number): Promise<readonly Pair[]> {
  const people = Array.from({ length: pairCount * 2 }, () => {
    const deviceId = randomUUID();
    const token = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(token).digest('hex');
    return { userId: randomUUID(), deviceId, hash, cookie: `visavis_${deviceId}=${token}` };
  });
  for (let n = 0; n < people.length; n += AT_ONCE) await insertPeople(sql, people.slice(n, n + AT_ONCE));
  return Array.from({ length: pairCount }, (_, n) => toPair(people.slice(2 * n, 2 * n + 2)));
}

type NewPerson = SeededDevice & { readonly hash: string };

async function insertPeople(sql: Sql, people: readonly NewPerson[]): Promise<void> {
  const rows = JSON.stringify(people.map((person, n) => ({ ...person, party: Math.floor(n / GROUP) })));
  const person =
    'jsonb_to_recordset($1::jsonb) as one("userId" uuid, "deviceId" uuid, hash text, party integer)';
  await sql.query(
    `insert into users (id, handle, name, created_at) select "userId", "userId"::text, 'Somebody', now() from ${person}`,
    [rows],
  );
  await sql.query(
    `insert into devices (id, user_id, name, kind, token_hash, created_at, last_seen_at)
     select "deviceId", "userId", 'Benchmark', 'desktop', decode(hash, 'hex'), now(), now() from ${person}`,
    [rows],
  );
  await sql.query(
    `insert into contacts (user_id, contact_id, created_at)
     select one."userId", other."userId", now() from ${person}
     join ${person.replace('as one', 'as other')} on one.party = other.party and one."userId" <> other."userId"`,
    [rows],
  );
}

function toPair([one, other]: readonly SeededDevice[]): Pair {
  if (one === undefined || other === undefined) throw new RangeError('nobody to be called');
  return [one, other];
}
