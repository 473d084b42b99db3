import { parseArgs } from 'node:util';
import { TIMES } from '@visavis/protocol';
import * as z from 'zod/mini';
import { createSecret } from './secret.ts';
import type { TurnServer } from './adapters/system/turn.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly isLan: boolean;
  /** Where everything is kept; null for memory. */
  readonly dataFolder: string;
  readonly isDemo: boolean;
  readonly ringMs: number;
  readonly publicOrigins: readonly string[];
  readonly turn: TurnServer | null;
  readonly addressLimitFactor: number;
  readonly logLevel: z.infer<typeof LogLevel>;
  /** Whether browsers reach this server by https, also when a proxy in front of it does that. */
  readonly isBehindTls: boolean;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly complaints: readonly string[] }
  | { readonly ok: 'help' };

const LogLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);
const Port = z.coerce.number().check(z.int(), z.gte(0), z.lte(65_535));
const Switch = z.enum(['on', 'off']);
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
/** A secret that can be guessed relays for everybody. */
const LEAST_SECRET_LENGTH = 16;

export const HELP = `Usage: npm start -- [options]

  --port <number>   port to listen on (default 3000; the next free one if it is taken)
  --host <address>  address to listen on (default 127.0.0.1; with --lan 0.0.0.0)
  --lan             HTTPS for the local network, with a certificate of its own and a QR code
  --data <folder>   where everything is kept (default ./data)
  --help            this text

The same by environment: see .env.example.
`;

/** Reads options and environment. Options win. Tells everything that is wrong at once. */
export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReadConfig {
  const complaints: string[] = [];
  const options = readOptions(args, complaints);
  if (options.help === true) return { ok: 'help' };

  const read = <Schema extends z.ZodMiniType>(
    name: string,
    schema: Schema,
    fallback: z.output<Schema>,
    given: string | undefined = environment[name],
  ): z.output<Schema> => {
    if (given === undefined || given === '') return fallback;
    const result = z.safeParse(schema, given);
    if (result.success) return result.data;
    complaints.push(`${name}: ${result.error.issues[0]?.message ?? 'invalid'}`);
    return fallback;
  };
  const list = (name: string, schema: z.ZodMiniType<string>): string[] => {
    const values = (environment[name] ?? '').split(',').map((value) => value.trim());
    return values.filter((value) => value !== '').map((value) => read(name, schema, value, value));
  };

  const isLan = options.lan === true;
  const config: Config = {
    isLan,
    host: options.host ?? read('VISAVIS_HOST', z.string(), isLan ? '0.0.0.0' : '127.0.0.1'),
    port:
      options.port === undefined
        ? read('VISAVIS_PORT', Port, 3_000)
        : read('--port', Port, 3_000, options.port),
    dataFolder: options.data ?? read('VISAVIS_DATA', z.string(), './data'),
    isDemo: read('VISAVIS_DEMO', Switch, 'on') === 'on',
    ringMs: read(
      'VISAVIS_RING_MS',
      z.coerce.number().check(z.int(), z.gte(1_000), z.lte(600_000)),
      TIMES.ringMs,
    ),
    publicOrigins: list('VISAVIS_PUBLIC_ORIGINS', Origin),
    turn: readTurn(list('VISAVIS_TURN_URLS', TurnUrl), environment['VISAVIS_TURN_SECRET'] ?? '', complaints),
    addressLimitFactor: read(
      'VISAVIS_ADDRESS_LIMIT_FACTOR',
      z.coerce.number().check(z.gte(1), z.lte(10_000)),
      1,
    ),
    logLevel: read('VISAVIS_LOG_LEVEL', LogLevel, 'warn'),
    isBehindTls: isLan || read('VISAVIS_BEHIND_TLS', Switch, 'off') === 'on',
  };
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, config };
}

function readOptions(args: readonly string[], complaints: string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        lan: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    complaints.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

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
