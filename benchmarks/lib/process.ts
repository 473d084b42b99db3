import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server that a benchmark compares with, in a process of its own on loopback. */
export interface PeerProcess {
  readonly port: number;
  readonly pid: number;
  /** Asks it something over the channel between parent and child, and gives back the next thing it says. */
  ask(question: string): Promise<unknown>;
  kill(): void;
  close(): Promise<void>;
}

/** Starts a program that tells its port when it listens, and ends when its parent is gone. */
export async function startPeer(
  program: URL,
  {
    args = [],
    env = {},
  }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<PeerProcess> {
  const child = fork(fileURLToPath(program), args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const port = await hear(child);
  const exited = once(child, 'exit');
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    ask: async (question) => {
      const answer = hear(child);
      child.send(question);
      return answer;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

const hear = async (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => {
    child.once('message', resolve);
  });
