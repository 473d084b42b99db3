import { readFile } from 'node:fs/promises';

/** Whether anything in that process's network has this port, as Linux tells it: that is to be seen from any namespace. */
export async function listens(pid: number, protocol: 'udp' | 'tcp', port: number): Promise<boolean> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const LISTENING = '0A';
  const table = await readFile(`/proc/${String(pid)}/net/${protocol}`, 'utf8');
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(suffix) === true && (protocol === 'udp' || state === LISTENING);
  });
}
