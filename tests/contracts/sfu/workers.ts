import { readFileSync, readdirSync } from 'node:fs';

/** The media workers that this process has started, by their ids. */
export function listWorkers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isWorker(name))
    .map(Number);
}

function isWorker(id: string): boolean {
  try {
    // Name, state, parent (proc(5)). A zombie is none any more.
    const [, name = '', state, parent] =
      /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    return name.startsWith('mediasoup') && state !== 'Z' && Number(parent) === process.pid;
  } catch {
    return false;
  }
}
