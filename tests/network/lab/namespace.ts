import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { until } from '../../harness/until.ts';

/** A network of its own, as `ip netns` makes one, but held by a process: it is gone when that ends, however it ends. */
export interface Namespace {
  readonly name: string;
  readonly pid: number;
  /** To be put before a command that is to run in it. */
  readonly prefix: readonly string[];
  /** Runs shell commands in it, stopping at the first that fails. */
  run(...commands: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Why no namespaces can be had here; null: they can. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const tried = spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'wire', 'type', 'veth'], {
    encoding: 'utf8',
  });
  return tried.status === 0 ? null : `this machine allows no network namespaces: ${tried.stderr.trim()}`;
}

const networkOf = (pid: number | 'self'): Promise<string> => readlink(`/proc/${String(pid)}/ns/net`);

/** @param name - what messages call it */
export async function createNamespace(name: string): Promise<Namespace> {
  // `cat` ends when the other end of its input is gone, be it by a crash of this process.
  const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const pid = await pidOf(holder);
  const here = await networkOf('self');
  await until(`the namespace ${name} is there`, async () => (await networkOf(pid)) !== here);
  const prefix = ['nsenter', '--target', String(pid), '--net', '--'];
  const run = (...commands: readonly string[]): Promise<void> =>
    runScript(name, [...prefix, 'sh', '-e'], commands.join('\n'));
  await run('ip link set lo up');
  return {
    name,
    pid,
    prefix,
    run,
    async close() {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      const exited = once(holder, 'exit');
      holder.kill('SIGKILL');
      await exited;
    },
  };
}

async function pidOf(child: ChildProcess): Promise<number> {
  await once(child, 'spawn');
  return child.pid ?? 0;
}

async function runScript(name: string, [program = '', ...args]: string[], script: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.end(script);
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`In ${name}: ${errors.trim()}\n${script}`);
}
