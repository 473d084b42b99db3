import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import * as z from 'zod/mini';
import type { ListenAddress, PipeListen } from './adapters/mediasoup/listen.ts';
import type { WorkerSource } from './adapters/mediasoup/provision.ts';
import type { ConfigReader } from './config.ts';
import { listLanAddresses } from './lan/index.ts';

export interface MediaConfig {
  readonly source: WorkerSource;
  readonly workers: number;
  readonly basePort: number;
  readonly capacity: number;
  /** Where the workers listen; null: at every address that this machine has when a worker is started. */
  readonly addresses: readonly ListenAddress[] | null;
  /** Where media are exchanged with other nodes (MED6); null: with none, a call is at one node then. */
  readonly pipeListen: PipeListen | null;
  readonly isLan: boolean;
}

const Text = z.string();
/** Each is a process; more than there are cores only makes them wait for each other. */
const Workers = z.coerce.number().check(z.int(), z.gte(1), z.lte(128));
/** With as many ports above it as there are workers. */
const BasePort = z.coerce.number().check(z.int(), z.gte(0), z.lte(65_000));
const Capacity = z.coerce.number().check(z.int(), z.gte(1), z.lte(100_000));
const Ip = z.string().check(z.refine((text) => isIP(text) !== 0, 'not an IP address'));
const Host = z.string().check(z.regex(/^[\w.:-]+$/, 'not an address or a host name'));
/** A range of ports, both included. */
const Ports = z
  .string()
  .check(z.refine((text) => toPorts(text) !== null, 'not a range of ports such as 41000-41999'));
const ANY = new Set(['0.0.0.0', '::']);

const DEFAULT_BASE_PORT = 40_000;
/** Streams that one core sends, with half of it to spare (see docs/scaling.md). */
const DEFAULT_CAPACITY = 400;

/** The settings of what forwards media. */
export function readMedia(
  { read, readOptional, readList, complain }: ConfigReader,
  { isLan, forwards }: { readonly isLan: boolean; readonly forwards: boolean },
): MediaConfig {
  const listen = readList('VISAVIS_MEDIA_LISTEN', Ip);
  const announced = readList('VISAVIS_MEDIA_ADDRESS', Host);
  return {
    source: forwards
      ? readSource(
          readOptional('VISAVIS_MEDIA_WORKER_BIN', Text),
          readOptional('VISAVIS_MEDIA_WORKER_STATUS', Text),
        )
      : { kind: 'elsewhere' },
    workers: read('VISAVIS_MEDIA_WORKERS', Workers, availableParallelism()),
    basePort: read('VISAVIS_MEDIA_PORT', BasePort, DEFAULT_BASE_PORT),
    capacity: read('VISAVIS_MEDIA_CAPACITY', Capacity, DEFAULT_CAPACITY),
    addresses: pair(listen, announced, complain),
    pipeListen: readPipes({ readOptional, complain }),
    isLan,
  };
}

function readPipes({
  readOptional,
  complain,
}: Pick<ConfigReader, 'readOptional' | 'complain'>): PipeListen | null {
  const ip = readOptional('VISAVIS_MEDIA_PIPE_LISTEN', Ip);
  const announced = readOptional('VISAVIS_MEDIA_PIPE_ADDRESS', Ip);
  const ports = readOptional('VISAVIS_MEDIA_PIPE_PORTS', Ports);
  if (ip === null) {
    if (announced !== null || ports !== null)
      complain('VISAVIS_MEDIA_PIPE_LISTEN: it is not set, but VISAVIS_MEDIA_PIPE_ADDRESS or _PORTS is');
    return null;
  }
  if (ANY.has(ip) && announced === null) {
    complain(
      'VISAVIS_MEDIA_PIPE_LISTEN: every address (0.0.0.0) needs one to tell the other nodes in VISAVIS_MEDIA_PIPE_ADDRESS',
    );
  }
  return { ip, announced, ports: ports === null ? null : toPorts(ports) };
}

function toPorts(text: string): PipeListen['ports'] {
  const [, min, max] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { min: Number(min), max: Number(max) };
  return range.min >= 1 && range.min <= range.max && range.max <= 65_535 ? range : null;
}

function readSource(binary: string | null, status: string | null): WorkerSource {
  if (binary !== null) return { kind: 'binary', path: binary };
  return status === null ? { kind: 'none' } : { kind: 'status', file: status };
}

/** The first address to announce belongs to the first to listen on, and so on. */
function pair(
  listen: readonly string[],
  announced: readonly string[],
  complain: (complaint: string) => void,
): readonly ListenAddress[] | null {
  // Only to be announced: whatever the machine has is forwarded to from there.
  const ips = listen.length === 0 && announced.length > 0 ? ['0.0.0.0'] : listen;
  if (ips.length === 0 || (ips.length === 1 && ips.every((ip) => ANY.has(ip)) && announced.length === 0))
    return null;
  if (announced.length > ips.length) {
    complain('VISAVIS_MEDIA_ADDRESS: one address for each that VISAVIS_MEDIA_LISTEN names, not more');
  }
  const addresses = ips.map((ip, index) => ({ ip, announced: announced[index] ?? null }));
  if (addresses.some(({ ip, announced }) => ANY.has(ip) && announced === null)) {
    complain('VISAVIS_MEDIA_LISTEN: every address (0.0.0.0) needs one to announce in VISAVIS_MEDIA_ADDRESS');
  }
  return addresses;
}

/** Where to listen: as it is set, else at each of this machine's addresses, so that each is told as it is. */
export function listenAddresses({ addresses, isLan }: MediaConfig): readonly ListenAddress[] {
  if (addresses !== null) return addresses;
  const own = listLanAddresses();
  // Over the local network this machine's own browser uses its address there as well.
  const ips = isLan && own.length > 0 ? own : ['127.0.0.1', ...own];
  return ips.map((ip) => ({ ip, announced: null }));
}
