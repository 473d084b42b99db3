import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { formatHelp, readConfig } from '../src/config.ts';
import { listenAddresses } from '../src/mediaConfig.ts';

const read = (args: readonly string[], environment: Record<string, string> = {}) => {
  const result = readConfig(args, environment);
  if (result.ok !== true) throw new Error(JSON.stringify(result));
  return result.config;
};

test('the defaults are those of one machine', () => {
  expect(read([])).toEqual({
    role: 'all',
    region: null,
    host: '127.0.0.1',
    port: 3_000,
    isLan: false,
    dataFolder: './data',
    databaseUrl: null,
    redisUrl: null,
    metrics: null,
    isProduction: false,
    isDemo: true,
    ringMs: 45_000,
    drainMs: 5_000,
    publicOrigins: [],
    turn: null,
    media: {
      source: { kind: 'none' },
      workers: availableParallelism(),
      basePort: 40_000,
      capacity: 400,
      addresses: null,
      pipeListen: null,
      isLan: false,
    },
    addressLimitFactor: 1,
    trustedProxies: [],
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

const SHARED = {
  VISAVIS_REDIS_URL: 'rediss://:hunter2hunter2@cache.example:6379',
  VISAVIS_DATABASE_URL: 'postgres://u:long-enough@h/d',
};
const WORKER = { VISAVIS_MEDIA_WORKER_BIN: 'mediasoup-worker' };

test('MED3 a node forwards media, takes devices, or does both', () => {
  const media = { ...SHARED, ...WORKER, VISAVIS_REGION: 'eu west' };
  expect(read(['--role=media'], media)).toMatchObject({
    role: 'media',
    region: 'eu west',
    media: { source: { kind: 'binary' } },
  });
  expect(read([], { ...media, VISAVIS_ROLE: 'signaling' })).toMatchObject({
    role: 'signaling',
    media: { source: { kind: 'elsewhere' } },
  });
});

test.each([
  ['signaling', {}, ['VISAVIS_REDIS_URL']],
  ['media', WORKER, ['VISAVIS_REDIS_URL']],
  ['media', {}, ['VISAVIS_REDIS_URL', 'VISAVIS_MEDIA_WORKER_BIN']],
  ['media', SHARED, ['VISAVIS_MEDIA_WORKER_BIN']],
  ['media', { ...SHARED, ...WORKER, VISAVIS_LAN: 'on' }, ['VISAVIS_LAN']],
  ['both', {}, ['--role']],
])('MED3 a node with the role %s and %o lacks %o', (role, environment, names) => {
  const result = readConfig(['--role', role], environment);
  if (result.ok !== false) throw new Error('it was accepted');
  expect(result.complaints.map((complaint) => complaint.split(':')[0])).toEqual(names);
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
    'VISAVIS_DEMO',
    '--port',
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

describe('in production', () => {
  const good = {
    VISAVIS_PRODUCTION: 'on',
    VISAVIS_BEHIND_TLS: 'on',
    VISAVIS_PUBLIC_ORIGINS: 'https://calls.example',
    VISAVIS_DATABASE_URL: 'postgres://calls:8f14e45fceea167a5a36dedd4bea2543@db.example/calls',
    VISAVIS_REDIS_URL: 'redis://:c9f0f895fb98ab9159f51fd0297e236d@cache.example:6379',
    VISAVIS_TURN_URLS: 'turns:relay.example',
    VISAVIS_TURN_SECRET: '45c48cce2e2d7fbdea1afc51c7c6ad26',
  };
  const complaintsOf = (change: Record<string, string>): readonly string[] => {
    const result = readConfig([], { ...good, ...change });
    if (result.ok === 'help') throw new Error('help');
    return result.ok ? [] : result.complaints;
  };

  test('what is well set is taken, and nobody is a demo person', () => {
    expect(read([], good)).toMatchObject({ isProduction: true, isDemo: false, isSecure: true });
    expect(read([], { ...good, VISAVIS_PRODUCTION: '', NODE_ENV: 'production' }).isProduction).toBe(true);
    expect(read([], { ...good, VISAVIS_PRODUCTION: 'off', NODE_ENV: 'production' }).isProduction).toBe(false);
  });

  test('demo people are there only for those who say so on purpose', () => {
    expect(complaintsOf({ VISAVIS_DEMO: 'on' })).toEqual([expect.stringMatching(/^VISAVIS_DEMO: .*public/)]);
    expect(read([], { ...good, VISAVIS_DEMO: 'public' }).isDemo).toBe(true);
    expect(read([], { ...good, VISAVIS_DEMO: 'off' }).isDemo).toBe(false);
  });

  test.each([
    ['VISAVIS_DATABASE_URL', 'postgres://calls@db.example/calls'],
    ['VISAVIS_DATABASE_URL', 'postgres://calls:postgres@db.example/calls'],
    ['VISAVIS_DATABASE_URL', 'postgres://calls:password1234567890@db.example/calls'],
    ['VISAVIS_DATABASE_URL', 'postgres://calls:hunter2@db.example/calls'],
    ['VISAVIS_DATABASE_URL', 'postgres://calls:%63%68%61%6e%67%65%6d%65changemechangeme@db.example/calls'],
    ['VISAVIS_REDIS_URL', 'redis://cache.example:6379'],
    ['VISAVIS_REDIS_URL', 'redis://:redisredisredisredis@cache.example:6379'],
    ['VISAVIS_TURN_SECRET', ''],
    ['VISAVIS_TURN_SECRET', 'hunter2'],
    ['VISAVIS_TURN_SECRET', 'replace-with-your-own-secret'],
    ['VISAVIS_TURN_SECRET', 'north-north-north-north'],
    ['VISAVIS_PUBLIC_ORIGINS', 'http://calls.example'],
    ['VISAVIS_PUBLIC_ORIGINS', ''],
    ['VISAVIS_BEHIND_TLS', 'off'],
  ])('%s=%s is refused', (name, value) => {
    const complaints = complaintsOf({ [name]: value });
    expect(complaints.length).toBeGreaterThan(0);
    for (const complaint of complaints) expect(complaint).toMatch(new RegExp(`^${name}\\b`));
    expect(complaints.join()).not.toMatch(/hunter2|password1234|redisredis|replace-with|north|changeme/);
  });

  test('MED3 a media node has no pages, and needs nothing for them', () => {
    const { VISAVIS_BEHIND_TLS: _tls, VISAVIS_PUBLIC_ORIGINS: _origins, ...rest } = good;
    expect(read(['--role=media'], { ...rest, ...WORKER })).toMatchObject({ role: 'media', isDemo: false });
  });

  test('everything is told at once', () => {
    const names = complaintsOf({
      VISAVIS_DEMO: 'on',
      VISAVIS_BEHIND_TLS: 'off',
      VISAVIS_PUBLIC_ORIGINS: '',
      VISAVIS_DATABASE_URL: 'postgres://calls:short@db.example/calls',
      VISAVIS_REDIS_URL: 'redis://cache.example',
      VISAVIS_TURN_SECRET: 'aaaaaaaaaaaaaaaaaaaaaaaa',
      VISAVIS_RING_MS: 'long',
      VISAVIS_TRUSTED_PROXIES: '10.0.0.0/8, everybody',
    }).map((complaint) => complaint.split(':')[0]);
    expect(names).toEqual([
      'VISAVIS_RING_MS',
      'VISAVIS_TRUSTED_PROXIES',
      'VISAVIS_DEMO',
      'VISAVIS_BEHIND_TLS',
      'VISAVIS_PUBLIC_ORIGINS',
      'VISAVIS_DATABASE_URL',
      'VISAVIS_REDIS_URL',
      'VISAVIS_TURN_SECRET',
    ]);
  });
});

test('help lists every option', () => {
  expect(readConfig(['--help'], {})).toEqual({ ok: 'help' });
  for (const option of ['--port', '--host', '--data', '--role', '--lan', '--help'])
    expect(formatHelp()).toContain(option);
});

test('.env.example has every variable, with values that are accepted', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const source = ['config', 'mediaConfig', 'role']
    .map((name) => readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8'))
    .join('');
  const values: Record<string, string | undefined> = Object.fromEntries(
    [...example.matchAll(/^(VISAVIS_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  const known = new Set(Array.from(source.matchAll(/VISAVIS_\w+/g), ([name]) => name));
  // This one is for the start script.
  known.add('VISAVIS_MEDIA_WORKER');
  expect(Object.keys(values).sort()).toEqual([...known].sort());
  expect(readConfig([], values)).toEqual(readConfig([], {}));
});

test('the nodes of compose.yaml are well set for production, with secrets that were drawn', () => {
  const compose = readFileSync(new URL('../../../compose.yaml', import.meta.url), 'utf8');
  const start = compose.indexOf('  environment: &environment\n');
  const block = compose.slice(start, compose.indexOf('\n\n', start)).replaceAll(/: >-\n +/g, ': ');
  const lines = block.replaceAll(/,\n {6}/g, ',').split('\n');
  const settings = Object.fromEntries(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^ {4}(VISAVIS_\w+): (.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, substitute(value.replaceAll(/^'|'$/g, ''))]];
    }),
  );
  expect(Object.keys(settings).length).toBeGreaterThan(8);
  const config = read([], { ...settings, NODE_ENV: 'production' });
  expect(config).toMatchObject({ isProduction: true, isDemo: false, isSecure: true });
  expect(config.turn?.urls).toHaveLength(3);
});

/** What compose makes of `${NAME:-default}` and `${NAME:?needed}` where only what is needed is set. */
function substitute(value: string): string {
  const next = value
    .replaceAll(/\$\{\w+:\?[^{}]*\}/g, '8f14e45fceea167a5a36dedd4bea2543')
    .replaceAll(/\$\{\w+:-([^{}]*)\}/g, '$1');
  return next === value ? value : substitute(next);
}

const media = (environment: Record<string, string>) => read([], environment).media;

test('media: where workers listen and what is announced', () => {
  expect(listenAddresses(media({}))).toContainEqual({ ip: '127.0.0.1', announced: null });
  expect(listenAddresses(media({ VISAVIS_MEDIA_LISTEN: '0.0.0.0' }))).toContainEqual({
    ip: '127.0.0.1',
    announced: null,
  });
  expect(listenAddresses(media({ VISAVIS_MEDIA_ADDRESS: '203.0.113.20' }))).toEqual([
    { ip: '0.0.0.0', announced: '203.0.113.20' },
  ]);
  const both = { VISAVIS_MEDIA_LISTEN: '10.0.0.1,10.0.0.2', VISAVIS_MEDIA_ADDRESS: 'media.example' };
  expect(listenAddresses(media(both))).toEqual([
    { ip: '10.0.0.1', announced: 'media.example' },
    { ip: '10.0.0.2', announced: null },
  ]);
  expect(media({ VISAVIS_MEDIA_WORKER_STATUS: 'file' }).source).toEqual({ kind: 'status', file: 'file' });
  expect(media({ VISAVIS_MEDIA_WORKER_STATUS: 'file', VISAVIS_MEDIA_WORKER_BIN: 'bin' }).source).toEqual({
    kind: 'binary',
    path: 'bin',
  });
});

test('MED6 media: where they are exchanged with other nodes', () => {
  expect(media({}).pipeListen).toBeNull();
  expect(media({ VISAVIS_MEDIA_PIPE_LISTEN: '10.1.0.20' }).pipeListen).toEqual({
    ip: '10.1.0.20',
    announced: null,
    ports: null,
  });
  const all = {
    VISAVIS_MEDIA_PIPE_LISTEN: '0.0.0.0',
    VISAVIS_MEDIA_PIPE_ADDRESS: '203.0.113.20',
    VISAVIS_MEDIA_PIPE_PORTS: '41000-41999',
  };
  expect(media(all).pipeListen).toEqual({
    ip: '0.0.0.0',
    announced: '203.0.113.20',
    ports: { min: 41_000, max: 41_999 },
  });
});

test.each([
  { VISAVIS_MEDIA_LISTEN: 'here' },
  { VISAVIS_MEDIA_LISTEN: '0.0.0.0,10.0.0.1' },
  { VISAVIS_MEDIA_ADDRESS: '203.0.113.20,203.0.113.21' },
  { VISAVIS_MEDIA_ADDRESS: 'http://media.example/' },
  { VISAVIS_MEDIA_WORKERS: '0' },
  { VISAVIS_MEDIA_PORT: '70000' },
  { VISAVIS_MEDIA_CAPACITY: 'much' },
  { VISAVIS_MEDIA_PIPE_LISTEN: 'eth0' },
  { VISAVIS_MEDIA_PIPE_LISTEN: '0.0.0.0' },
  { VISAVIS_MEDIA_PIPE_PORTS: '41000-41999' },
  { VISAVIS_MEDIA_PIPE_LISTEN: '10.1.0.20', VISAVIS_MEDIA_PIPE_PORTS: '41999-41000' },
  { VISAVIS_MEDIA_PIPE_LISTEN: '10.1.0.20', VISAVIS_MEDIA_PIPE_PORTS: '41000-70000' },
])('media: %o is no setting', (environment) => {
  expect(readConfig([], environment).ok).toBe(false);
});
