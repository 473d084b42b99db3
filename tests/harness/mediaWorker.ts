import { readdir, readFile } from 'node:fs/promises';
import { findWorker } from '../../scripts/lib/media-worker/obtain.mjs';

/** The media worker that `npm test` has got, or that was kept from earlier. */
export function mediaWorker(): string {
  const given = process.env['VISAVIS_MEDIA_WORKER_BIN'] ?? '';
  const binary = given === '' ? findWorker() : given;
  if (binary === undefined) throw new Error('There is no media worker: npm run build:media-worker');
  return binary;
}

/** SIGKILL to every media worker of a server. @returns how many there were */
export async function killMediaWorkers(serverPid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(async (pid) => [Number(pid), await parentOf(pid)] as const));
  const workers = parents.filter(([, parent]) => parent === serverPid).map(([pid]) => pid);
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}

/** Of a media worker, else null: proc(5), `/proc/pid/stat`, whose second field is the program's name, cut to 15 letters. */
async function parentOf(pid: string): Promise<number | null> {
  // A process may end while it is looked at.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const found = /^\d+ \(mediasoup-worke\) \S (\d+) /.exec(stat);
  return found === null ? null : Number(found[1]);
}
