import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { startChromium } from '../../tests/harness/chromium.ts';
import { createPerson } from '../../tests/harness/person.ts';
import { startServer } from '../../tests/harness/server.ts';
import { until } from '../../tests/harness/until.ts';
import { openWindow } from '../lib/windows.ts';

const ASSETS = new URL('../../apps/web/dist/assets/', import.meta.url);

export interface ScriptFacts {
  /** Of the crypto worker, as it was built, in kB (1,000 bytes) of gzip. */
  readonly kilobytes: number;
  readonly workersAtHome: number;
  readonly workersInCall: number;
}

/** What encryption adds to what is loaded, and when: one person at home, who then calls another. */
export async function weighScript(): Promise<ScriptFacts> {
  const server = await startServer();
  const browser = await startChromium({ person: 'ana' });
  try {
    const { tab: other } = await openWindow(browser);
    const ben = createPerson(other, 'ben');
    await ben.signIn(server.url);
    const { tab, page } = await openWindow(browser);
    const ana = createPerson(tab, 'ana');
    await ana.signIn(server.url);
    const workersAtHome = page.workers().length;
    await ana.call(ben);
    await until('there is a crypto worker', () => page.workers().length > workersAtHome);
    const names = page.workers().map((worker) => new URL(worker.url()).pathname.split('/').at(-1) ?? '');
    const built = await readdir(ASSETS);
    const worker = built.find((name) => names.includes(name));
    if (worker === undefined) throw new Error(`none of ${names.join()} was built`);
    const size = gzipSync(await readFile(new URL(worker, ASSETS)), { level: 9 }).length;
    return { kilobytes: Math.round(size / 10) / 100, workersAtHome, workersInCall: page.workers().length };
  } finally {
    await browser.close();
    await server.dispose();
  }
}
