import { parseArgs } from 'node:util';
import { TIMES } from '@visavis/protocol';
import * as z from 'zod/mini';
import OPTIONS from './options.json' with { type: 'json' };
import type { TurnServer } from './adapters/system/turn.ts';
import { isNetwork } from './http/clientAddress.ts';
import { readMedia, type MediaConfig } from './mediaConfig.ts';
import { Region, Role, listRoleFaults } from './role.ts';
import { listProductionFaults } from './production.ts';
import { createSecret, type Secret } from './secret.ts';

export interface Config {
  /** What this process does of what there is to do. */
  readonly role: z.infer<typeof Role>;
  /** Where it is, in the operator's own words; null: nowhere in particular. */
  readonly region: string | null;
  readonly host: string;
  readonly port: number;
  readonly isLan: boolean;
  /** Where everything is kept. */
  readonly dataFolder: string;
  /** A PostgreSQL server; null: the embedded one, in the data folder. */
  readonly databaseUrl: Secret | null;
  /** What several nodes share; null: this process is the only one. */
  readonly redisUrl: Secret | null;
  /** Where Prometheus asks; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  /** Whether strangers reach this server: then nothing is taken that suits one machine only. */
  readonly isProduction: boolean;
  readonly isDemo: boolean;
  readonly ringMs: number;
  /** Over which time a node that stops gives its devices to the others. */
  readonly drainMs: number;
  readonly publicOrigins: readonly string[];
  readonly turn: TurnServer | null;
  /** What forwards the media of group calls. */
  readonly media: MediaConfig;
  readonly addressLimitFactor: number;
  /** Addresses and networks of the proxies that say truly where a request comes from. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: z.infer<typeof LogLevel>;
  /** Whether browsers reach this server by https, also when a proxy in front of it does that. */
  readonly isSecure: boolean;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly complaints: readonly string[] }
  | { readonly ok: 'help' };

type Environment = Readonly<Record<string, string | undefined>>;

const LogLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);
const Port = z.coerce.number().check(z.int(), z.gte(0), z.lte(65_535));
const Switch = z.enum(['on', 'off']);
/** `public` is `on` where strangers reach the server: nobody says that by mistake. */
const Demo = z.enum(['on', 'off', 'public']);
const Network = z
  .string()
  .check(z.refine((text) => isNetwork(text), 'not an address or a network such as 10.0.0.0/8'));
/** The shortest and the longest time that a call can be made to ring. */
const RingMs = z.coerce.number().check(z.int(), z.gte(1_000), z.lte(600_000));
const DrainMs = z.coerce.number().check(z.int(), z.gte(0), z.lte(300_000));
/** Longer than proxies take to notice, and well within the 10 s that a container has to stop. */
const DEFAULT_DRAIN_MS = 5_000;
const Factor = z.coerce.number().check(z.gte(1), z.lte(10_000));
const Origin = z
  .string()
  .check(
    z.refine(
      (text) => URL.canParse(text) && new URL(text).origin === text,
      'not an origin such as https://calls.example',
    ),
  );
const TurnUrl = z
  .string()
  .check(z.regex(/^turns?:[^\s?]+(\?transport=(udp|tcp))?$/, 'not a turn: or turns: URL'));
const isServiceUrl = (text: string, schemes: readonly string[]): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return schemes.includes(protocol) && hostname !== '';
};
/** Those that examples and images come with. */
const KNOWN_PASSWORDS = new Set(['postgres', 'password', 'changeme', 'secret', 'admin', 'visavis', 'root']);
const hasOwnPassword = z.refine<string>(
  (text) => !URL.canParse(text) || !KNOWN_PASSWORDS.has(new URL(text).password),
  'its password is one that everybody knows; choose another',
);
const DatabaseUrl = z.string().check(
  z.refine(
    (text) => isServiceUrl(text, ['postgres:', 'postgresql:']) && new URL(text).pathname.length > 1,
    'not a URL such as postgres://user:password@host:5432/database',
  ),
  hasOwnPassword,
);
const RedisUrl = z.string().check(
  z.refine(
    (text) => isServiceUrl(text, ['redis:', 'rediss:']),
    'not a URL such as redis://:password@host:6379',
  ),
  hasOwnPassword,
);
/** A secret that can be guessed relays for everybody. */
const LEAST_SECRET_LENGTH = 16;

/** Reads options and environment; options win. Everything that is wrong is told at once. */
export function readConfig(args: readonly string[], environment: Environment): ReadConfig {
  const complaints: string[] = [];
  const options = readOptions(args, complaints);
  if (options.help === true) return { ok: 'help' };
  const reader = createReader(environment, complaints);
  const { read, readList, readSecret } = reader;

  const isInProduction = environment['NODE_ENV'] === 'production' ? 'on' : 'off';
  const isProduction = read('VISAVIS_PRODUCTION', Switch, isInProduction) === 'on';
  const demo = read('VISAVIS_DEMO', Demo, isProduction ? 'off' : 'on');
  const isLan = options.lan === true || read('VISAVIS_LAN', Switch, 'off') === 'on';
  const role = reader.check('--role', Role, options.role) ?? read('VISAVIS_ROLE', Role, 'all');
  const config: Config = {
    role,
    region: reader.readOptional('VISAVIS_REGION', Region),
    isLan,
    host: options.host ?? read('VISAVIS_HOST', z.string(), isLan ? '0.0.0.0' : '127.0.0.1'),
    port: reader.check('--port', Port, options.port) ?? read('VISAVIS_PORT', Port, 3_000),
    dataFolder: options.data ?? read('VISAVIS_DATA', z.string(), './data'),
    databaseUrl: readSecret('VISAVIS_DATABASE_URL', DatabaseUrl),
    redisUrl: readSecret('VISAVIS_REDIS_URL', RedisUrl),
    metrics: readMetrics(reader),
    isProduction,
    isDemo: demo !== 'off',
    ringMs: read('VISAVIS_RING_MS', RingMs, TIMES.ringMs),
    drainMs: read('VISAVIS_DRAIN_MS', DrainMs, DEFAULT_DRAIN_MS),
    publicOrigins: readList('VISAVIS_PUBLIC_ORIGINS', Origin),
    turn: readTurn(
      readList('VISAVIS_TURN_URLS', TurnUrl),
      environment['VISAVIS_TURN_SECRET'] ?? '',
      complaints,
    ),
    media: readMedia(reader, { isLan, forwards: role !== 'signaling' }),
    addressLimitFactor: read('VISAVIS_ADDRESS_LIMIT_FACTOR', Factor, 1),
    trustedProxies: readList('VISAVIS_TRUSTED_PROXIES', Network),
    logLevel: read('VISAVIS_LOG_LEVEL', LogLevel, 'warn'),
    isSecure: isLan || read('VISAVIS_BEHIND_TLS', Switch, 'off') === 'on',
  };
  if (config.redisUrl !== null && (environment['VISAVIS_DATABASE_URL'] ?? '') === '') {
    complaints.push('VISAVIS_REDIS_URL is set, but VISAVIS_DATABASE_URL is not: nodes share both');
  }
  complaints.push(...listRoleFaults(config));
  if (isProduction) complaints.push(...listProductionFaults(config, { demo }));
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, config };
}

function readMetrics({ read, readOptional }: ReturnType<typeof createReader>): Config['metrics'] {
  const port = readOptional('VISAVIS_METRICS_PORT', Port);
  const host = read('VISAVIS_METRICS_HOST', z.string(), '127.0.0.1');
  return port === null ? null : { host, port };
}

export type ConfigReader = ReturnType<typeof createReader>;
function createReader(environment: Environment, complaints: string[]) {
  const check = <Schema extends z.ZodMiniType>(
    name: string,
    schema: Schema,
    given: string | undefined,
  ): z.output<Schema> | null => {
    if (given === undefined || given === '') return null;
    const result = z.safeParse(schema, given);
    if (result.success) return result.data;
    complaints.push(`${name}: ${result.error.issues[0]?.message ?? 'invalid'}`);
    return null;
  };
  return {
    check,
    read: <Schema extends z.ZodMiniType>(
      name: string,
      schema: Schema,
      fallback: z.output<Schema>,
    ): z.output<Schema> => check(name, schema, environment[name]) ?? fallback,
    readOptional: <Schema extends z.ZodMiniType>(name: string, schema: Schema) =>
      check(name, schema, environment[name]),
    /** No complaint repeats the value. */
    readSecret: (name: string, schema: z.ZodMiniType<string>): Secret | null => {
      const value = check(name, schema, environment[name]);
      return value === null ? null : createSecret(value);
    },
    complain: (complaint: string): void => {
      complaints.push(complaint);
    },
    readList: (name: string, schema: z.ZodMiniType<string>): string[] =>
      (environment[name] ?? '')
        .split(',')
        .map((value) => check(name, schema, value.trim()))
        .filter((value) => value !== null),
  };
}

/** The options themselves are listed in options.json, which the start script shows as help. */
function readOptions(args: readonly string[], complaints: string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        role: { type: 'string' },
        lan: { type: 'boolean' },
        help: { type: 'boolean' },
      } satisfies Record<keyof typeof OPTIONS, { type: 'string' | 'boolean' }>,
    });
    return values;
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

/** What `--help` prints. */
export const formatHelp = (): string =>
  Object.entries(OPTIONS)
    .map(([name, { help }]) => `  --${name.padEnd(8)} ${help}`)
    .join('\n');

function readTurn(urls: readonly string[], secret: string, complaints: string[]): TurnServer | null {
  if (urls.length === 0 && secret === '') return null;
  if (urls.length === 0) complaints.push('VISAVIS_TURN_SECRET is set, but VISAVIS_TURN_URLS is not');
  if (secret.length < LEAST_SECRET_LENGTH) {
    complaints.push(
      `VISAVIS_TURN_SECRET: at least ${String(LEAST_SECRET_LENGTH)} characters, the same as coturn's static-auth-secret`,
    );
  }
  return { urls, secret: createSecret(secret) };
}
