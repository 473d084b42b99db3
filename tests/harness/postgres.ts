import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog, createSecret, openPostgres } from '@visavis/server';
import { findFreePort } from './freePort.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** Where Debian keeps the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';
const USER = 'visavis';

export interface RunningPostgres {
  readonly url: string;
  /** As an operator restarts it: `fast` lets nothing finish, `immediate` is a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
  /** The same port and the same data. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a PostgreSQL server with data of its own, on loopback, on a free port. It trusts everybody who reaches it. */
export async function startPostgres(): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-postgres-'));
  const data = join(folder, 'data');
  const account = await findAccount();
  if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid);
  await run(
    program('initdb'),
    ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { cwd: folder, ...account },
  );
  const port = await findFreePort();
  const url = `postgres://${USER}@127.0.0.1:${String(port)}/postgres`;
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    // A crash of the process loses nothing without fsync; a crash of the machine ends the tests anyway.
    const settings = [
      'listen_addresses=127.0.0.1',
      'fsync=off',
      'max_connections=200',
      'shared_buffers=32MB',
    ];
    child = spawn(
      program('postgres'),
      ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((each) => ['-c', each])],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...account },
    );
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
    await until('PostgreSQL answers', async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended:\n${output}`);
      await withSql(url, async () => {});
      return true;
    });
  };
  const stop = async (how: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // PostgreSQL's documentation, "Shutting Down the Server".
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  await start();
  return {
    url,
    start,
    stop,
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database in that server. @returns its URL */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await withSql(serverUrl, async (sql) => {
    await sql.query(`create database ${name}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withSql(url: string, work: (sql: ReturnType<typeof openPostgres>) => Promise<void>) {
  const sql = openPostgres({ url: createSecret(url), log: createLog('silent'), connections: 1 });
  try {
    await sql.query('select 1');
    await work(sql);
  } finally {
    await sql.close();
  }
}

function program(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.toSorted((one, other) => Number(other) - Number(one))[0];
  return newest === undefined ? name : join(DEBIAN, newest, 'bin', name);
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  return { uid: await askId('-u'), gid: await askId('-g') };
}

const askId = async (what: string): Promise<number> => Number((await run('id', [what, 'postgres'])).stdout);
