import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { bundleInPage } from '../characters/bundle.ts';
import { CHROMIUM_PATH, ensureCharacterMedia, type MediaOptions } from '../characters/render.ts';
import { until } from './until.ts';
import { BUTTON, REGION, scripts, type Tab, type ThroughputLimits, type VideoSight } from './tab.ts';

export interface ChromiumOptions {
  /** The drawn person in front of the camera. */
  readonly person: string;
  /** Whether camera and microphone are allowed; else the browser refuses as a person would. */
  readonly allowMedia?: boolean;
  /**
   * `film`: 30 pictures a second. `sparse`: 12, so that two windows fit on two cores; `sparser`: 5, for three and more.
   * `portrait`: sharp and without the mark that tests read.
   */
  readonly camera?: 'film' | 'sparse' | 'sparser' | 'portrait' | 'none';
  readonly args?: readonly string[];
  /** What it is started with to be in another network. */
  readonly prefix?: readonly string[];
}

export interface TabOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly dark?: boolean;
  /** Whether `setNetwork` or `slowDown` will be used. */
  readonly cuttable?: boolean;
}

export interface ChromiumBrowser {
  /** A window with cookies and storage of its own: another device. */
  newTab(options?: TabOptions): Promise<Tab>;
  /** A window that shares cookies and storage with the first one; null when that is no tab of this browser. */
  newWindow(of: Tab): Promise<Tab | null>;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The first two are windows of the browser's own, drawn by two processes that take 3 s of processor time at each start. */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Only the last such list counts: what Playwright switches off has to be in it as well, as far as it matters here.
  'AimEnabled',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'Translate',
];

const QUIET = [
  `--disable-features=${WITHOUT.join(',')}`,
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--autoplay-policy=no-user-gesture-required',
];

const FILMS: Readonly<Record<NonNullable<ChromiumOptions['camera']>, MediaOptions>> = {
  film: {},
  sparse: { fps: 12, container: 'y4m' },
  sparser: { fps: 5, container: 'y4m' },
  portrait: { width: 1280, height: 720, marked: false },
  none: {},
};

/** Starts Chromium with a drawn person's film as camera and voice as microphone. */
export async function startChromium(options: ChromiumOptions): Promise<ChromiumBrowser> {
  const media = (
    await ensureCharacterMedia({ people: [options.person], ...FILMS[options.camera ?? 'film'] })
  ).get(options.person);
  if (media === undefined) throw new Error(`no film of ${options.person}`);
  const launcher = options.prefix === undefined ? null : await writeLauncher(options.prefix);
  const browser = await chromium.launch({
    executablePath: launcher?.path ?? CHROMIUM_PATH,
    args: [
      ...QUIET,
      // Chromium has no sandbox for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(options.camera === 'none' ? ['--use-fake-device-for-media-stream=device-count=0'] : []),
      ...(options.camera === 'none'
        ? []
        : [
            '--use-fake-device-for-media-stream',
            `--use-file-for-fake-video-capture=${media.video}`,
            `--use-file-for-fake-audio-capture=${media.audio}`,
          ]),
      ...(options.allowMedia === false ? [] : ['--use-fake-ui-for-media-stream']),
      ...(options.args ?? []),
    ],
  });
  const pages = new Map<Tab, Page>();

  async function toTab(page: Page, cuttable = false): Promise<Tab> {
    await page.addInitScript({ content: `${scripts.rememberConnections};\n${await bundleInPage()}` });
    const tab = createTab(page, await page.context().newCDPSession(page), cuttable);
    pages.set(tab, page);
    return tab;
  }

  return {
    browser,
    async newTab({ viewport = { width: 1280, height: 800 }, dark = false, cuttable = false } = {}) {
      const context = await browser.newContext({
        viewport,
        colorScheme: dark ? 'dark' : 'light',
        // The server's own authority is not in the browser's list; a person would go on past the warning.
        ignoreHTTPSErrors: true,
      });
      return toTab(await context.newPage(), cuttable);
    },
    async newWindow(of) {
      const page = pages.get(of);
      if (page === undefined) return null;
      return toTab(await page.context().newPage());
    },
    async close() {
      await browser.close();
      await launcher?.remove();
    },
  };
}

/** Playwright puts its arguments right after the program, so what comes before Chromium has to be a program as well. */
async function writeLauncher(
  prefix: readonly string[],
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-chromium-'));
  const path = join(folder, 'chromium');
  const words = [...prefix, CHROMIUM_PATH].map((word) => `'${word}'`);
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o700 });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

function createTab(page: Page, devtools: CDPSession, cuttable: boolean): Tab {
  const see = (selector: string, name: string): Promise<boolean> =>
    page.evaluate(`${scripts.find(selector, name)} !== null`);
  return {
    browser: 'chromium',
    async open(url) {
      // Rules only hold for connections made after the first one was set, and every packet then takes a detour.
      if (cuttable) await setConditions(devtools, true);
      await page.goto(url);
    },
    reload: async () => void (await page.reload()),
    async press(name) {
      // Controls hide themselves when nothing moves.
      const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
      await page.mouse.move(width / 2, height / 2);
      await page.mouse.move(width / 2 + 5, height / 2 + 5);
      await page.getByRole('button', { name, exact: true }).first().click({ timeout: 15_000 });
    },
    check: (name) => until(`a box for ${name} is there`, () => page.evaluate<boolean>(scripts.check(name))),
    pressAt: (name, at) => page.evaluate(scripts.pressAt(name, at)),
    hasButton: (name) => see(BUTTON, name),
    hasRegion: (name) => see(REGION, name),
    text: () => page.evaluate(scripts.text),
    title: () => page.title(),
    watch: (label) => page.evaluate<VideoSight | null>(scripts.watch(label)),
    listen: (label) => page.evaluate<number>(scripts.listen(label)),
    screenshot: async (path) => void (await page.screenshot({ path })),
    async setNetwork(connected) {
      if (!cuttable) throw new Error('the tab was not opened as one that can be cut off');
      await page.context().setOffline(!connected);
      await setConditions(devtools, connected);
    },
    async slowDown(limits) {
      if (!cuttable) throw new Error('the tab was not opened as one that can be cut off');
      await setConditions(devtools, true, limits);
    },
    async crash() {
      // The page cannot answer this, so nobody waits for it.
      void page.goto('chrome://crash').catch(() => undefined);
      await page.waitForEvent('crash');
    },
    async breakWorkers() {
      const workers = page.workers();
      const fail = `setTimeout(() => { throw new Error('broken by a test'); })`;
      await Promise.all(workers.map(async (worker) => worker.evaluate(fail)));
      return workers.length;
    },
    refuse: async (ending) =>
      void (await page.context().route(
        ({ pathname }) => pathname.endsWith(ending),
        (route) => route.abort(),
      )),
    close: () => page.context().close(),
    evaluate: (script) => page.evaluate(script),
  };
}

/** Conditions that hold for WebRTC, too: rules do, the older emulation does not. */
export async function setConditions(
  devtools: CDPSession,
  connected: boolean,
  { down = -1, up = -1 }: ThroughputLimits = {},
): Promise<void> {
  await devtools.send('Network.enable');
  const conditions = {
    urlPattern: '',
    latency: 0,
    downloadThroughput: down,
    uploadThroughput: up,
    packetLoss: connected ? 0 : 100,
    packetQueueLength: 0,
    packetReordering: false,
  };
  await devtools.send('Network.emulateNetworkConditionsByRule', { matchedNetworkConditions: [conditions] });
}
