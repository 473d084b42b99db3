import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { startPopulated } from '../lib/population.ts';
import { openPool } from './pool.ts';

const Profile = z.object({
  nodes: z.array(
    z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

export interface Cost {
  readonly part: string;
  /** Of the processor time while calls were played, 0 to 1. */
  readonly share: number;
}

/** Plays calls on a server of its own under V8's sampling profiler, and tells where the time goes, dearest first. */
export async function profileCalls(
  pairCount: number,
  calls: number,
  atOnce: number,
): Promise<readonly Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-profile-'));
  try {
    const { server, pairs, dispose } = await startPopulated(pairCount, {
      NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}`,
    });
    // What the start itself costs is in a file of its own: the seeding run's.
    const before = new Set(await readdir(folder));
    const pool = await openPool(server.url, pairs);
    await pool.play(calls, atOnce);
    pool.close();
    await server.stop();
    const [file] = (await readdir(folder)).filter(
      (name) => !before.has(name) && name.endsWith('.cpuprofile'),
    );
    await dispose();
    if (file === undefined) throw new Error('the server left no profile');
    const parsed: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
    return summarize(z.parse(Profile, parsed));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summarize({ nodes, samples, timeDeltas }: z.infer<typeof Profile>): readonly Cost[] {
  const parts = new Map(
    nodes.map(({ id, callFrame }) => [id, partOf(callFrame.functionName, callFrame.url)]),
  );
  const sums = new Map<string, number>();
  let total = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const part = parts.get(samples[index] ?? -1) ?? null;
    if (part === null) continue;
    const spent = timeDeltas[index] ?? 0;
    total += spent;
    sums.set(part, (sums.get(part) ?? 0) + spent);
  }
  return [...sums]
    .map(([part, spent]) => ({ part, share: Math.round((spent / total) * 1_000) / 1_000 }))
    .sort((one, other) => other.share - one.share);
}

/** Null where nothing was done. */
function partOf(functionName: string, url: string): string | null {
  if (functionName === '(idle)' || functionName === '(program)' || functionName === '(root)') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url.startsWith('wasm:')) return 'PostgreSQL (PGlite, in WebAssembly)';
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return name;
  const [, own] = /\/((?:packages|apps)\/[^/]+\/src\/[^/.]+)/.exec(url) ?? [];
  if (own !== undefined) return own;
  if (url.startsWith('node:')) return /net|stream|http|dgram/.test(url) ? 'Node: sockets' : 'Node: other';
  if (/^write(v|Utf8String)$/.test(functionName)) return 'Node: sockets';
  if (/^(writeBuffer|fstat|lstat|open|close|read|fsync|fdatasync|ftruncate)$/.test(functionName)) {
    return 'files of the database';
  }
  return 'other native code';
}
