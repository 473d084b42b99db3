import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that does with bare `ws` nothing but pass frames on: what any signaling server costs at least. */
export interface Relay {
  /** Serves an empty page; sockets join a room at `/?room=NAME`. */
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

export async function startRelay(): Promise<Relay> {
  const child = fork(fileURLToPath(new URL('relayProcess.ts', import.meta.url)), { stdio: 'inherit' });
  const port = await new Promise<unknown>((resolve) => {
    child.once('message', resolve);
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    pid: child.pid ?? 0,
    close: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
