import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDatabase, startPostgres, type RunningPostgres } from '../../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';
import { until } from '../../harness/until.ts';

/* Processes that cannot know of each other must not use one database: none would tell the other's devices anything. */

let postgres: RunningPostgres;
let redis: RunningRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
});
afterAll(async () => {
  await redis.dispose();
  await postgres.dispose();
});

let servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers) await server.dispose();
  servers = [];
});

async function start(url: string, isShared: boolean, waitUntilReady = true): Promise<RunningServer> {
  const env = {
    VISAVIS_DATABASE_URL: url,
    ...(isShared ? { VISAVIS_REDIS_URL: redis.url } : {}),
  };
  const server = await startServer({ env, waitUntilReady });
  servers.push(server);
  return server;
}

const isReady = async (server: RunningServer): Promise<boolean> =>
  (await fetch(`${server.url}/readyz`)).status === 200;

async function expectRefused(server: RunningServer, why: RegExp): Promise<void> {
  await until('it gives up', () => server.hasEnded(), 30_000);
  expect(await server.stop()).toBe(1);
  const said = server.output().trim().split('\n');
  expect(said.at(-1)).toMatch(why);
  // It waited for a predecessor that may still have been closing.
  expect(said.filter((line) => line.includes('Trying again')).length).toBeGreaterThan(2);
}

test('two processes without Redis never use one database', async () => {
  const url = await createDatabase(postgres.url);
  const first = await start(url, false);
  await expectRefused(
    await start(url, false, false),
    /^Another Visavis uses this database.*VISAVIS_REDIS_URL/,
  );
  await expectRefused(
    await start(url, true, false),
    /^A Visavis without VISAVIS_REDIS_URL uses this database/,
  );
  expect(await isReady(first)).toBe(true);
  // Another database of the same server is nobody's business.
  expect(await isReady(await start(await createDatabase(postgres.url), false))).toBe(true);
});

test('nodes with Redis share a database, and one without Redis does not come in between', async () => {
  const url = await createDatabase(postgres.url);
  const nodes = await Promise.all([start(url, true), start(url, true)]);
  await expectRefused(await start(url, false, false), /^Another Visavis uses this database/);
  for (const node of nodes) expect(await isReady(node)).toBe(true);
});

test('a process that was killed leaves the database to the next one at once', async () => {
  const url = await createDatabase(postgres.url);
  await (await start(url, false)).kill();
  expect(await isReady(await start(url, false))).toBe(true);
});

test('a predecessor that is still closing is waited for', async () => {
  const url = await createDatabase(postgres.url);
  const first = await start(url, false);
  const second = await start(url, false, false);
  await until('it waits', () => second.output().includes('Trying again'));
  await first.stop();
  await until('it starts', async () => isReady(second));
});

test('a restart of PostgreSQL does not open the door', async () => {
  const url = await createDatabase(postgres.url);
  const first = await start(url, false);
  await postgres.stop('immediate');
  await until('it notices', () => first.output().includes('lock of this node was lost'));
  await postgres.start();
  await until('it has it again', () => first.output().includes('lock of this node is held again'));
  await until('it is ready again', async () => isReady(first));
  await expectRefused(await start(url, false, false), /^Another Visavis uses this database/);
  expect(await isReady(first)).toBe(true);
});
