import type { CDPSession, Page } from 'playwright-core';
import { startChromium } from '../../tests/harness/chromium.ts';
import { createPerson } from '../../tests/harness/person.ts';
import { startServer } from '../../tests/harness/server.ts';
import { measureQuietly } from '../lib/progress.ts';
import { openWindow } from '../lib/windows.ts';

/** How much slower than this machine the page's processor is made. */
const SLOWDOWN = 4;

export interface Load {
  /** ms from the start of the navigation to the first picture of anything. */
  readonly firstPaint: number;
  /** ms until a contact can be called: its button is there, enabled and on top. */
  readonly usable: number;
  /** Bytes over the network, headers included. */
  readonly bytes: number;
}

export interface Loads {
  readonly cold: readonly Load[];
  readonly warm: readonly Load[];
  readonly coldEmpty: readonly Load[];
  readonly warmEmpty: readonly Load[];
  readonly idle: readonly number[];
}

/** Loads home, signed in, on a slowed processor, with and without what the browser keeps, beside the server's least page. */
export async function measureLoads(rounds: number): Promise<Loads> {
  const server = await startServer();
  const browser = await startChromium({ person: 'ana' });
  const loads = {
    cold: [] as Load[],
    warm: [] as Load[],
    coldEmpty: [] as Load[],
    warmEmpty: [] as Load[],
    idle: [] as number[],
  };
  try {
    const { tab, page } = await openWindow(browser);
    await createPerson(tab, 'ana').signIn(server.url);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    const home = { url: `${server.url}/`, isReady: isHomeUsable };
    const empty = { url: `${server.url}/healthz`, isReady: isPainted };
    for (let round = 0; round <= rounds; round += 1) {
      const { value, idle } = await measureQuietly(async () => {
        const cold = await load(page, devtools, home, true);
        const warm = await load(page, devtools, home, false);
        const coldEmpty = await load(page, devtools, empty, true);
        const warmEmpty = await load(page, devtools, empty, false);
        return { cold, coldEmpty, warm, warmEmpty };
      });
      // The first round starts the browser's own machinery.
      if (round === 0) continue;
      for (const kind of ['cold', 'coldEmpty', 'warm', 'warmEmpty'] as const) loads[kind].push(value[kind]);
      loads.idle.push(idle);
    }
  } finally {
    await browser.close();
    await server.dispose();
  }
  return loads;
}

interface Destination {
  readonly url: string;
  readonly isReady: () => Promise<number>;
}

async function load(
  page: Page,
  devtools: CDPSession,
  { url, isReady }: Destination,
  cold: boolean,
): Promise<Load> {
  await page.goto('about:blank');
  if (cold) await devtools.send('Network.clearBrowserCache');
  let bytes = 0;
  const count = ({ encodedDataLength }: { encodedDataLength: number }): void => {
    bytes += encodedDataLength;
  };
  devtools.on('Network.loadingFinished', count);
  await page.goto(url, { waitUntil: 'commit' });
  const usable = await page.evaluate(isReady);
  const firstPaint = await page.evaluate(
    () => performance.getEntriesByType('paint')[0]?.startTime ?? Number.NaN,
  );
  devtools.off('Network.loadingFinished', count);
  return { firstPaint, usable, bytes };
}

/** Runs in the page. */
async function isHomeUsable(): Promise<number> {
  while (performance.now() < 60_000) {
    const button = document.querySelector('section button[aria-label^="Video call "]');
    if (button instanceof HTMLButtonElement && !button.disabled) {
      const { left, top, width, height } = button.getBoundingClientRect();
      const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
      if (onTop !== null && button.contains(onTop)) return performance.now();
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new Error(`Nobody can be called after a minute: ${document.body.innerText.slice(0, 300)}`);
}

/** Runs in the page. */
async function isPainted(): Promise<number> {
  while (performance.getEntriesByType('paint').length === 0) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return performance.getEntriesByType('paint')[0]?.startTime ?? Number.NaN;
}
