import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));

test('a server in production that is badly set does not start, says everything at once, and repeats no secret', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN], {
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      VISAVIS_DEMO: 'on',
      VISAVIS_PORT: 'http',
      VISAVIS_DATABASE_URL: 'postgres://calls:Password1@db.example/calls',
      VISAVIS_REDIS_URL: 'redis://cache.example',
      VISAVIS_TURN_URLS: 'turn:relay.example',
      VISAVIS_TURN_SECRET: 'changeme-changeme-changeme',
    },
  });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  const named = stderr
    .trim()
    .split('\n')
    .map((line) => /^(VISAVIS_\w+): /.exec(line)?.[1] ?? line);
  expect(named.toSorted()).toEqual([
    'VISAVIS_BEHIND_TLS',
    'VISAVIS_DATABASE_URL',
    'VISAVIS_DEMO',
    'VISAVIS_PORT',
    'VISAVIS_PUBLIC_ORIGINS',
    'VISAVIS_REDIS_URL',
    'VISAVIS_TURN_SECRET',
  ]);
  expect(stderr).not.toMatch(/Password1|changeme/);
});
