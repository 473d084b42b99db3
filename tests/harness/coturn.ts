import { execFile, spawn } from 'node:child_process';
import { X509Certificate, createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSecret, createTurnIssuer, ensureLanCertificate } from '@visavis/server';
import { findFreePort } from './freePort.ts';
import { listens } from './listens.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** What operators run. */
const CONFIGURATION = fileURLToPath(new URL('../../deploy/coturn.conf', import.meta.url));

export interface RunningCoturn {
  readonly port: number;
  readonly tlsPort: number;
  /** The URLs of all three transports, as a server gives them to its devices. */
  readonly urls: readonly string[];
  readonly secret: string;
  /** What every relayed candidate carries. */
  readonly relayAddress: string;
  /** Of the authority behind its certificate, as PEM. */
  readonly authority: string;
  /** SHA-256 of the certificate's key in base64, for Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly keyHash: string;
  /** Credentials as the product's server makes them. */
  issue(userId: string, now?: number): Credentials;
  /** What it has printed, the last of it. */
  output(): string;
  dispose(): Promise<void>;
}

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

export interface CoturnOptions {
  /** Where it listens; its URLs name the first. Loopback unless given. */
  readonly addresses?: readonly string[];
  /** Where it relays, if not there. */
  readonly relayAddresses?: readonly string[];
  readonly port?: number;
  readonly tlsPort?: number;
  /** What it is started with: into another network namespace, for example. */
  readonly prefix?: readonly string[];
  /** Beyond or instead of what `deploy/coturn.conf` says. */
  readonly args?: readonly string[];
  readonly configuration?: string;
}

/** For browsers on this machine: its relays have an address that nothing else here uses, and may reach the others here. */
export const ON_LOOPBACK: CoturnOptions = {
  addresses: ['127.0.0.1'],
  relayAddresses: ['127.0.0.77'],
  args: ['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.0-127.255.255.255'],
};

export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** Starts coturn with the configuration that operators run, a certificate of its own and a secret of its own. */
export async function startCoturn(options: CoturnOptions = {}): Promise<RunningCoturn> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-coturn-'));
  const addresses = options.addresses ?? ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];
  const relayAddresses = options.relayAddresses ?? addresses;
  const [host = ''] = addresses;
  const port = options.port ?? (await findFreePort());
  const tlsPort = options.tlsPort ?? (await findFreePort());
  const secret = randomBytes(16).toString('hex');
  const certificate = await ensureLanCertificate({
    directory: folder,
    addresses,
    hostnames: [],
    now: Date.now(),
  });
  const database = join(folder, 'turndb');
  await makeDatabase(database);
  const settings = [
    ...addresses.map((address) => `--listening-ip=${address}`),
    ...relayAddresses.map((address) => `--relay-ip=${address}`),
    `--listening-port=${String(port)}`,
    `--tls-listening-port=${String(tlsPort)}`,
    `--cert=${join(folder, 'server.cert.pem')}`,
    `--pkey=${join(folder, 'server.key.pem')}`,
    '--realm=calls.example',
    `--static-auth-secret=${secret}`,
    `--pidfile=${join(folder, 'coturn.pid')}`,
    `--userdb=${database}`,
  ];
  const [program = '', ...args] = [
    ...(options.prefix ?? []),
    'turnserver',
    '-c',
    options.configuration ?? CONFIGURATION,
    ...settings,
    ...(options.args ?? []),
  ];
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-16_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let problem = '';
  child.on('error', (error) => {
    problem = error.message;
  });
  const dispose = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('coturn listens', async () => {
      const pid = child.pid ?? 0;
      return (await listens(pid, 'udp', port)) && (await listens(pid, 'tcp', tlsPort));
    });
  } catch (error) {
    await dispose();
    throw new Error(`coturn did not start: ${problem}\n${output}`, { cause: error });
  }
  const issuer = createTurnIssuer({ urls: [], secret: createSecret(secret) });
  const spki = new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' });
  return {
    port,
    tlsPort,
    urls: [
      `turn:${host}:${String(port)}?transport=udp`,
      `turn:${host}:${String(port)}?transport=tcp`,
      `turns:${host}:${String(tlsPort)}?transport=tcp`,
    ],
    secret,
    relayAddress: relayAddresses[0] ?? '',
    authority: certificate.caCert,
    keyHash: createHash('sha256').update(spki).digest('base64'),
    issue(userId, now = Date.now()) {
      const [server] = issuer.issue(userId, now).iceServers;
      return { username: server?.username ?? '', credential: server?.credential ?? '' };
    },
    output: () => output,
    dispose,
  };
}

/** Threads of coturn that find no database all make one at once, and refuse somebody while they wait for each other. */
async function makeDatabase(path: string): Promise<void> {
  const { stdout, stderr } = await run('turnadmin', ['--list', `--db=${path}`]);
  // It keeps a log where nobody asked for one.
  const log = /log file opened: (?<path>\S+)/.exec(stdout + stderr)?.groups?.['path'];
  if (log !== undefined) await rm(log, { force: true });
}
