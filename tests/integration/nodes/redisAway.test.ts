import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, startPostgres, type RunningPostgres } from '../../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../../harness/redis.ts';
import { startServer, type RunningServer } from '../../harness/server.ts';
import { until } from '../../harness/until.ts';

const PASSWORD = 'b1f0e3dad99908345f74';
const WRONG_PASSWORD = 'c0ffee00c0ffee00c0ff';

describe('a Redis that is not to be had at the start', () => {
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  let server: RunningServer | undefined;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis({ password: PASSWORD })]);
  });
  afterAll(async () => {
    await server?.dispose();
    await redis.dispose();
    await postgres.dispose();
  });

  const start = async (redisUrl: string): Promise<RunningServer> => {
    await server?.dispose();
    server = await startServer({
      env: {
        VISAVIS_DATABASE_URL: await createDatabase(postgres.url),
        VISAVIS_REDIS_URL: redisUrl,
      },
      waitUntilReady: false,
    });
    return server;
  };
  const withUser = (user: string): string => {
    const url = new URL(redis.url);
    const [name = '', password = ''] = user.split(':');
    url.username = name;
    url.password = password;
    return url.href;
  };

  test('because it is away, is waited for, and the operator is told where, without its password', async () => {
    await redis.kill();
    const node = await start(redis.url);
    const said = (): readonly string[] => node.output().match(/Redis at \S+ cannot be reached \(.*/g) ?? [];
    await until('it says so twice', () => said().length >= 2);
    expect(said()[0]).toContain(`${new URL(redis.url).host} cannot be reached (connect ECONNREFUSED`);
    expect(node.output()).not.toContain(PASSWORD);
    await redis.start();
    await until(
      'it is ready',
      async () => (await fetch(`${node.url}/readyz`).catch(() => null))?.status === 200,
    );
    expect(node.hasEnded()).toBe(false);
  });

  test.each([
    ['another password', `default:${WRONG_PASSWORD}`],
    ['another account', `nobody:${PASSWORD}`],
    ['no password', ':'],
  ])('because it is given %s, ends the server with one sentence and no password', async (_what, user) => {
    const node = await start(withUser(user));
    await until('it ends', () => node.hasEnded());
    expect(await node.stop()).toBe(1);
    expect(node.output()).toMatch(
      /^Redis at \S+ refuses this server: (?:WRONGPASS|NOAUTH) .* See VISAVIS_REDIS_URL\.\n$/,
    );
    expect(node.output()).not.toMatch(new RegExp(`${PASSWORD}|${WRONG_PASSWORD}`));
  });
});
