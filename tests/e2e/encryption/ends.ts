import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { bundleForPage, bundleForWorker, serveScript } from '../../harness/bundle.ts';
import { CHROMIUM_PATH } from '../../characters/render.ts';
import { FIREFOX_PATH } from '../../harness/firefox.ts';
import { until } from '../../harness/until.ts';
import type { EndFacts, StartOptions } from './inPage.ts';

export type BrowserName = 'chromium' | 'firefox';

/** One side of a sealed connection: a page of its own. */
export interface End {
  readonly browser: BrowserName;
  run<Result = void>(call: string): Promise<Result>;
  /** Any script. */
  evaluate<Result>(script: string): Promise<Result>;
  facts(): Promise<EndFacts>;
  close(): Promise<void>;
}

export interface Browsers {
  open(name: BrowserName): Promise<End>;
  close(): Promise<void>;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** @param script - what runs in each page: the absolute path of its source */
export async function startBrowsers(script = at('./inPage.ts')): Promise<Browsers> {
  const [page, test, product, vectors] = await Promise.all([
    bundleForPage(script, 'sealed'),
    bundleForWorker(at('./testWorker.ts')),
    bundleForWorker(at('../../../packages/client/src/media/sealed/worker.ts')),
    bundleForWorker(at('./vectorsWorker.ts')),
  ]);
  const served = await serveScript(page, {
    '/testWorker.js': test,
    '/productWorker.js': product,
    '/vectorsWorker.js': vectors,
  });
  const closing: (() => Promise<void>)[] = [() => served.close()];
  let firefox: ReturnType<typeof launchFirefox> | null = null;
  let chrome: ReturnType<typeof launchChromium> | null = null;

  return {
    async open(name) {
      if (name === 'chromium') {
        chrome ??= launchChromium();
        const started = await chrome;
        const context = await started.newContext();
        const tab = await context.newPage();
        await tab.goto(served.url);
        return toEnd(
          name,
          (script) => tab.evaluate(script),
          () => context.close(),
        );
      }
      firefox ??= launchFirefox();
      const tab = await (await firefox).newPage();
      await tab.goto(served.url);
      return toEnd(
        name,
        <Result>(script: string) => tab.evaluate<[], () => Result>(script),
        () => tab.close(),
      );
    },
    async close() {
      await (await chrome)?.close();
      await (await firefox)?.close();
      for (const close of closing) await close();
    },
  };
}

const toEnd = (
  browser: BrowserName,
  evaluate: <Result>(script: string) => Promise<Result>,
  close: () => Promise<void>,
): End => ({
  browser,
  run: (call) => evaluate(`sealed.${call}`),
  evaluate,
  facts: () => evaluate('sealed.facts()'),
  close,
});

export const launchChromium = () =>
  chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
      '--disable-background-timer-throttling',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });

export const launchFirefox = () =>
  launch({
    browser: 'firefox',
    executablePath: FIREFOX_PATH,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.loopback': true,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
    },
  });

/** The leaves of the two. */
export const LEAVES = [3, 8] as const;

/** Two ends with workers and tracks, and no connection so far. */
export async function startBoth(
  ends: readonly [End, End],
  options: Pick<StartOptions, 'video' | 'worker'>,
): Promise<void> {
  for (const [index, end] of ends.entries()) {
    const own: StartOptions = { ...options, otherLeaf: LEAVES[index === 0 ? 1 : 0] };
    await end.run(`start(${JSON.stringify(own)})`);
  }
}

export async function connect([one, two]: readonly [End, End]): Promise<void> {
  const offer = await one.run<string>('offer()');
  const answer = await two.run<string>(`answer(${JSON.stringify(offer)})`);
  await one.run(`accept(${JSON.stringify(answer)})`);
  for (const end of [one, two]) {
    await until('they are connected', async () => (await end.facts()).connection === 'connected');
  }
}
