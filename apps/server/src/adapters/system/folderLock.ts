import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'visavis.lock';

/** Another process uses the folder. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${String(pid)}. Stop that one, or choose another with --data.`,
    );
    this.name = 'FolderInUse';
  }
}

/**
 * Makes the folder and this process the only one that uses it: two would destroy the database.
 *
 * @returns what gives it back
 * @throws {@link FolderInUse}
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(`${String(process.pid)} ${await readStart(process.pid)}`);
      await file.close();
      return async () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    }
    const [pid, start] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (pid !== undefined && start !== undefined && (await isRunning(Number(pid), start))) {
      throw new FolderInUse(folder, Number(pid));
    }
    // Whoever held it has crashed.
    await rm(path, { force: true });
  }
}

async function isRunning(pid: number, start: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return (await readStart(pid)) === start;
}

/** When the process began, so that a number that was given again is not taken for the old process; `-` where unknown. */
async function readStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  // proc(5): the 22nd field; the second is in brackets and may hold spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}
