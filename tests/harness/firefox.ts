import { launch, type Browser, type Page } from 'puppeteer-core';
import { createCameraScript } from '../characters/render.ts';
import { until } from './until.ts';
import { BUTTON, REGION, scripts, type Tab, type VideoSight } from './tab.ts';

export const FIREFOX_PATH = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';

export interface FirefoxBrowser {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts Firefox with a drawn person in the place of camera and microphone. */
export async function startFirefox(options: { readonly person: string }): Promise<FirefoxBrowser> {
  const camera = await createCameraScript({ personId: options.person });
  const browser: Browser = await launch({
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
  return {
    async newTab() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width: 1280, height: 800 });
      await page.evaluateOnNewDocument(`${scripts.rememberConnections};\n${camera}`);
      return createTab(page);
    },
    close: () => browser.close(),
  };
}

const refuse = (what: string) => (): Promise<never> =>
  Promise.reject(new Error(`${what} is for tabs of Chromium`));

function createTab(page: Page): Tab {
  const see = (selector: string, name: string): Promise<boolean> =>
    evaluate<boolean>(`${scripts.find(selector, name)} !== null`);
  async function evaluate<Result>(script: string): Promise<Result> {
    return await page.evaluate<[], () => Result>(script);
  }
  return {
    browser: 'firefox',
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    async press(name) {
      await until(`the button ${name} is there`, () => see(BUTTON, name));
      await evaluate(`${scripts.find(BUTTON, name)}.click()`);
    },
    check: (name) => until(`a box for ${name} is there`, () => evaluate<boolean>(scripts.check(name))),
    pressAt: (name, at) => evaluate(scripts.pressAt(name, at)),
    hasButton: (name) => see(BUTTON, name),
    hasRegion: (name) => see(REGION, name),
    text: () => evaluate(scripts.text),
    title: () => page.title(),
    watch: (label) => evaluate<VideoSight | null>(scripts.watch(label)),
    listen: () => evaluate<number>(scripts.listenByStatistics),
    screenshot: async (path) => void (await page.screenshot({ path: `${path.replace(/\.png$/, '')}.png` })),
    setNetwork: refuse('setNetwork'),
    slowDown: refuse('slowDown'),
    crash: refuse('crash'),
    breakWorkers: refuse('breakWorkers'),
    refuse: refuse('refuse'),
    close: () => page.browserContext().close(),
    evaluate,
  };
}
