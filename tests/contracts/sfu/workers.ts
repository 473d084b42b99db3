import { readFileSync, readdirSync } from 'node:fs';

/** The media workers that a process has started, by their ids. */
export function listWorkers(parentId: number = process.pid): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isWorker(name, parentId))
    .map(Number);
}

function isWorker(id: string, parentId: number): boolean {
  try {
    // Name, state, parent (proc(5)). A zombie is none any more.
    const [, name = '', state, parent] =
      /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    return name.startsWith('mediasoup') && state !== 'Z' && Number(parent) === parentId;
  } catch {
    return false;
  }
}
