import { readFile, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { pause } from '../lib/progress.ts';

const Answer = z.object({
  answers: z.number(),
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
});

/** What a process has in memory when its garbage is collected, in bytes. */
export interface Memory {
  /** What the kernel has given it. */
  readonly resident: number;
  /** What its JavaScript holds, buffers included. */
  readonly held: number;
}

/** Reads the memory of a server that is started with this environment. */
export interface MemoryProbe {
  readonly env: Readonly<Record<string, string>>;
  read(pid: number): Promise<Memory>;
  dispose(): Promise<void>;
}

export function createMemoryProbe(): MemoryProbe {
  const file = join(tmpdir(), `visavis-memory-${randomUUID()}.json`);
  let asked = 0;
  return {
    env: {
      NODE_OPTIONS: `--expose-gc --import=${fileURLToPath(new URL('memoryProbe.ts', import.meta.url))}`,
      MEMORY_PROBE_FILE: file,
    },
    read: async (pid) => {
      asked += 1;
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        const text = await readFile(file, 'utf8').catch(() => '');
        const answer = text === '' ? null : z.parse(Answer, JSON.parse(text));
        if (answer?.answers === asked)
          return { resident: answer.rss, held: answer.heapUsed + answer.external };
        await pause(20);
      }
    },
    dispose: async () => rm(file, { force: true }),
  };
}
