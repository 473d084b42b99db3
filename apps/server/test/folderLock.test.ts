import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderInUse, lockFolder } from '../src/adapters/system/folderLock.ts';

let parent: string;
let folder: string;
const lock = () => join(folder, 'visavis.lock');
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'visavis-lock-'));
  folder = join(parent, 'data');
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

test('the folder is made and locked, and can be locked again when it was given back', async () => {
  const unlock = await lockFolder(folder);
  expect(await readFile(lock(), 'utf8')).toContain(String(process.pid));
  await unlock();
  await (
    await lockFolder(folder)
  )();
});

test('the lock of a running process holds', async () => {
  const unlock = await lockFolder(folder);
  const mine = await readFile(lock(), 'utf8');
  // Whoever started this test runs as long as it does.
  const stat = await readFile(`/proc/${String(process.ppid)}/stat`, 'utf8').catch(() => null);
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  await writeFile(lock(), `${String(process.ppid)} ${start}`);
  await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderInUse);
  await writeFile(lock(), mine);
  await unlock();
});

test.each(['999999999 1', 'nonsense', '', `${String(process.ppid)} 1`])(
  'a lock that nobody holds any more is taken over: %j',
  async (content) => {
    const unlock = await lockFolder(folder);
    await writeFile(lock(), content);
    await (
      await lockFolder(folder)
    )();
    await unlock();
  },
);
