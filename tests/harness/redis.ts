import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createSecret, openRedis } from '@visavis/server';
import { findFreePort } from './freePort.ts';

export interface RunningRedis {
  readonly url: string;
  /** Forgets everything, while it runs. */
  flush(): Promise<void>;
  /** SIGKILL; it keeps nothing on disk. */
  kill(): Promise<void>;
  /** The same port, empty. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts a Redis server on loopback, on a free port, that keeps everything in memory. `password`: what it asks for, if anything. */
export async function startRedis({ password }: { readonly password?: string } = {}): Promise<RunningRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-redis-'));
  const port = await findFreePort();
  const url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${String(port)}`;
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const settings = {
      port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      dir: folder,
      requirepass: password ?? '',
    };
    child = spawn(
      'redis-server',
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: 'ignore' },
    );
    await withRedis(url, async () => {});
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    start,
    kill,
    flush: async () => flushRedis(url),
    dispose: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const flushRedis = async (url: string): Promise<void> =>
  withRedis(url, async (redis) => {
    await redis.run({ text: `return redis.call('FLUSHALL')`, keys: [], values: [] });
  });

async function withRedis(
  url: string,
  work: (redis: Awaited<ReturnType<typeof openRedis>>) => Promise<void>,
): Promise<void> {
  const redis = await openRedis(createSecret(url), createLog('silent'), () => {});
  try {
    await work(redis);
  } finally {
    await redis.close();
  }
}
