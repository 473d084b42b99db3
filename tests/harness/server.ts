import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './freePort.ts';
import { listens } from './listens.ts';

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url));
const TAP = fileURLToPath(new URL('./tap/tapProcess.ts', import.meta.url));

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  hasEnded(): boolean;
  /** What it has printed since it was started, the last megabyte of it. */
  output(): string;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** Stops it and starts it again on the same port and the same data. */
  restart(): Promise<void>;
  /** Stops it if need be and removes its data. */
  dispose(): Promise<void>;
}

export interface ServerOptions {
  readonly ringMs?: number;
  /** False: it is started, but may have to wait for something before it is ready. */
  readonly waitUntilReady?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** HTTPS with a certificate of its own, on every address of this machine. */
  readonly lan?: boolean;
  /** The file into which goes what its media workers get. */
  readonly tap?: string;
  /** Not on loopback but in another network. */
  readonly place?: ServerPlace;
}

export interface ServerPlace {
  /** What it is started with to be there. */
  readonly prefix: readonly string[];
  readonly host: string;
  readonly port: number;
}

/** Starts the product's server as a process of its own, on loopback, on a free port, with data of its own. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = await mkdtemp(join(tmpdir(), 'visavis-'));
  const { prefix, host, port } = options.place ?? {
    prefix: [],
    host: '127.0.0.1',
    port: await findFreePort(),
  };
  const url = `${options.lan === true ? 'https' : 'http'}://${host}:${port}`;
  let output = '';
  let child: ChildProcess = await run();

  async function run(): Promise<ChildProcess> {
    const env = {
      ...process.env,
      VISAVIS_PORT: String(port),
      VISAVIS_DATA: data,
      VISAVIS_LOG_LEVEL: 'warn',
      // One is enough for what tests send; there are many servers.
      VISAVIS_MEDIA_WORKERS: '1',
      ...(options.tap === undefined ? {} : { VISAVIS_TEST_TAP: options.tap }),
      ...(options.ringMs === undefined ? {} : { VISAVIS_RING_MS: String(options.ringMs) }),
      ...options.env,
    };
    const [program = '', ...args] = [
      ...prefix,
      process.execPath,
      ...(options.tap === undefined ? [] : ['--import', TAP]),
      MAIN,
      ...(options.lan === true ? ['--lan'] : []),
    ];
    const started = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-1_000_000);
    };
    started.stdout.on('data', collect);
    started.stderr.on('data', collect);
    if (options.waitUntilReady ?? true) {
      const check = (): void => {
        if (started.exitCode !== null)
          throw new Error(`The server ended with ${started.exitCode}:\n${output.slice(-8_000)}`);
      };
      // Another network cannot be asked from here; but the server listens last.
      const hasStarted =
        options.place === undefined ? () => isReady(url) : () => listens(started.pid ?? 0, 'tcp', port);
      await waitUntilReady(url, hasStarted, check);
    }
    return started;
  }

  async function stop(): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    return child.exitCode;
  }

  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    stop,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    output: () => output,
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async restart() {
      await stop();
      child = await run();
    },
    async dispose() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** A first start takes about 5 s; on a machine with other work to do, ten times as long. */
const READY_WITHIN_MS = 100_000;

async function waitUntilReady(
  url: string,
  hasStarted: () => Promise<boolean>,
  check: () => void,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    check();
    if (await hasStarted()) return;
    if (Date.now() > deadline)
      throw new Error(`The server at ${url} is not ready after ${String(READY_WITHIN_MS / 1_000)} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Any certificate will do: whose it is, is not asked here. */
function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (response: { readonly statusCode?: number | undefined; resume(): void }): void => {
      response.resume();
      resolve(response.statusCode === 200);
    };
    const request = url.startsWith('https:')
      ? httpsGet(`${url}/readyz`, { rejectUnauthorized: false }, done)
      : httpGet(`${url}/readyz`, done);
    request.on('error', () => resolve(false));
  });
}
