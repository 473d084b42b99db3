import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatHelp, readConfig } from '../src/config.ts';

const read = (args: readonly string[], environment: Record<string, string> = {}) => {
  const result = readConfig(args, environment);
  if (result.ok !== true) throw new Error(JSON.stringify(result));
  return result.config;
};

test('the defaults are those of one machine', () => {
  expect(read([])).toEqual({
    host: '127.0.0.1',
    port: 3_000,
    isLan: false,
    dataFolder: './data',
    databaseUrl: null,
    redisUrl: null,
    metrics: null,
    isDemo: true,
    ringMs: 45_000,
    publicOrigins: [],
    turn: null,
    addressLimitFactor: 1,
    logLevel: 'warn',
    isSecure: false,
  });
});

test('options win over the environment', () => {
  const environment = { VISAVIS_PORT: '1', VISAVIS_HOST: 'a', VISAVIS_DATA: 'b' };
  expect(read(['--port', '2', '--host', 'c', '--data', 'd'], environment)).toMatchObject({
    port: 2,
    host: 'c',
    dataFolder: 'd',
  });
  expect(read([], environment)).toMatchObject({ port: 1, host: 'a', dataFolder: 'b' });
});

test.each([
  [['--lan'], {}],
  [[], { VISAVIS_LAN: 'on' }],
])('the local network: all addresses, over HTTPS', (args, environment) => {
  expect(read(args, environment)).toMatchObject({ isLan: true, host: '0.0.0.0', isSecure: true });
});

test('everything that is wrong is told at once', () => {
  const result = readConfig(['--port', 'x'], {
    VISAVIS_RING_MS: '5',
    VISAVIS_DEMO: 'maybe',
    VISAVIS_PUBLIC_ORIGINS: 'https://ok.example,https://not.example/path',
    VISAVIS_TURN_URLS: 'http://x',
    VISAVIS_TURN_SECRET: 'short',
  });
  if (result.ok !== false) throw new Error('it was accepted');
  const names = result.complaints.map((complaint) => complaint.split(':')[0]);
  expect(names).toEqual([
    '--port',
    'VISAVIS_DEMO',
    'VISAVIS_RING_MS',
    'VISAVIS_PUBLIC_ORIGINS',
    'VISAVIS_TURN_URLS',
    'VISAVIS_TURN_SECRET is set, but VISAVIS_TURN_URLS is not',
    'VISAVIS_TURN_SECRET',
  ]);
  expect(result.complaints.join()).not.toContain('short,');
  expect(readConfig(['--unknown'], {})).toMatchObject({ ok: false });
});

test('a TURN server needs a secret that cannot be guessed', () => {
  const { turn } = read([], {
    VISAVIS_TURN_URLS: 'turn:a.example:3478?transport=udp, turns:a.example',
    VISAVIS_TURN_SECRET: 'sixteen letters!',
  });
  expect(turn?.urls).toEqual(['turn:a.example:3478?transport=udp', 'turns:a.example']);
  expect(turn?.secret.reveal()).toBe('sixteen letters!');
  expect(JSON.stringify(turn)).not.toContain('sixteen');
});

test.each([
  'mysql://u:hunter2hunter2@h/d',
  'postgres://u:hunter2hunter2@h/',
  'postgres://',
  'u:hunter2hunter2@h',
  'postgres://u:postgres@h/d',
])('a database URL that cannot be used is refused and not repeated: %s', (VISAVIS_DATABASE_URL) => {
  const result = readConfig([], { VISAVIS_DATABASE_URL, VISAVIS_RING_MS: '5' });
  if (result.ok !== false) throw new Error('it was accepted');
  expect(result.complaints).toHaveLength(2);
  expect(result.complaints.join()).toContain('VISAVIS_DATABASE_URL: ');
  expect(result.complaints.join()).not.toContain('hunter2');
});

test('nodes share a Redis and a database, or neither', () => {
  const VISAVIS_REDIS_URL = 'rediss://:hunter2hunter2@cache.example:6379';
  expect(readConfig([], { VISAVIS_REDIS_URL })).toMatchObject({ ok: false });
  expect(readConfig([], { VISAVIS_REDIS_URL: 'http://cache.example' })).toMatchObject({ ok: false });
  const config = read([], { VISAVIS_REDIS_URL, VISAVIS_DATABASE_URL: 'postgres://u:long-enough@h/d' });
  expect(config.redisUrl?.reveal()).toBe(VISAVIS_REDIS_URL);
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test('a database URL is a secret', () => {
  const url = 'postgres://visa:hunter2hunter2@db.example:5432/calls?sslmode=require';
  const config = read([], { VISAVIS_DATABASE_URL: url });
  expect(config.databaseUrl?.reveal()).toBe(url);
  expect(JSON.stringify(config)).not.toContain('hunter2');
});

test('help lists every option', () => {
  expect(readConfig(['--help'], {})).toEqual({ ok: 'help' });
  for (const option of ['--port', '--host', '--data', '--lan', '--help'])
    expect(formatHelp()).toContain(option);
});

test('.env.example has every variable, with values that are accepted', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
  const values: Record<string, string | undefined> = Object.fromEntries(
    [...example.matchAll(/^(VISAVIS_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  const known = new Set(Array.from(source.matchAll(/VISAVIS_\w+/g), ([name]) => name));
  expect(Object.keys(values).sort()).toEqual([...known].sort());
  expect(readConfig([], values)).toEqual(readConfig([], {}));
});
