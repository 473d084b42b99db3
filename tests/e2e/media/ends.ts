import { setConditions } from '../../harness/chromium.ts';
import { fileURLToPath } from 'node:url';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { Signal } from '@visavis/protocol';
import { bundleForPage, bundleForWorker, serveScript, type ScriptPage } from '../../harness/bundle.ts';
import { FIREFOX_PATH } from '../../harness/firefox.ts';
import { until } from '../../harness/until.ts';
import type { EndFacts } from './inPage.ts';

const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** One participant: a page of its own that runs the media part of the client. */
export interface End {
  run<Result = void>(call: string): Promise<Result>;
  facts(): Promise<EndFacts>;
  /** Loads the page anew. Signals that it had not sent yet are gone. */
  reload(): Promise<void>;
  /** Nothing gets through any more, or everything again. Chromium only. */
  setConnected(connected: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Browsers {
  openChromium(): Promise<End>;
  openFirefox(): Promise<End>;
  close(): Promise<void>;
}

export async function startBrowsers(): Promise<Browsers> {
  const input = fileURLToPath(new URL('./inPage.ts', import.meta.url));
  const worker = fileURLToPath(new URL('../encryption/testWorker.ts', import.meta.url));
  const page: ScriptPage = await serveScript(await bundleForPage(input, 'visavisMedia'), {
    '/testWorker.js': await bundleForWorker(worker),
  });
  const closing: (() => Promise<void>)[] = [() => page.close()];
  let firefox: Promise<Awaited<ReturnType<typeof launchFirefox>>> | null = null;
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--use-fake-device-for-media-stream=device-count=3',
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
  closing.push(() => browser.close());

  return {
    async openChromium() {
      const context = await browser.newContext();
      const tab = await context.newPage();
      const devtools = await context.newCDPSession(tab);
      await setConditions(devtools, true);
      await tab.goto(page.url);
      return chromiumEnd(tab, devtools);
    },
    async openFirefox() {
      firefox ??= launchFirefox().then((started) => {
        closing.push(() => started.close());
        return started;
      });
      const tab = await (await firefox).newPage();
      await tab.goto(page.url);
      const run = <Result>(call: string): Promise<Result> =>
        tab.evaluate<[], () => Result>(`visavisMedia.${call}`);
      return {
        run,
        facts: () => run<EndFacts>('facts()'),
        reload: async () => void (await tab.reload()),
        setConnected: () => Promise.reject(new Error('Chromium only')),
        close: () => tab.close(),
      };
    },
    async close() {
      for (const close of closing.toReversed()) await close();
    },
  };
}

function chromiumEnd(tab: Page, devtools: CDPSession): End {
  const run = <Result>(call: string): Promise<Result> => tab.evaluate<Result>(`visavisMedia.${call}`);
  return {
    run,
    facts: () => run<EndFacts>('facts()'),
    reload: async () => void (await tab.reload()),
    setConnected: (connected) => setConditions(devtools, connected),
    close: () => tab.context().close(),
  };
}

const launchFirefox = () =>
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

/** Carries signals between two ends, in order, as the session would. Counts them by type. */
export interface Pipe {
  readonly counts: Record<Signal['type'], number>;
  /** Signals that the protocol does not allow. */
  readonly refused: string[];
  /** Off: signals wait, as with a lost socket. */
  isOpen: boolean;
  close(): Promise<void>;
}

export function connectEnds(one: End, other: End): Pipe {
  const closing = new AbortController();
  const pipe: Pipe = {
    counts: { offer: 0, answer: 0, ice_candidate: 0 },
    refused: [],
    isOpen: true,
    async close() {
      closing.abort();
      await done;
    },
  };
  const carry = async (from: End, to: End): Promise<number> => {
    // A page that is just being loaded has nothing to say and cannot be told anything.
    const signals = await from.run<Signal[]>('takeSignals()').catch(() => []);
    for (const signal of signals) {
      // What the wire would refuse must not pass here.
      if (Signal.safeParse(signal).success) pipe.counts[signal.type] += 1;
      else pipe.refused.push(JSON.stringify(signal));
    }
    if (signals.length > 0) await to.run(`handleSignals(${JSON.stringify(signals)})`).catch(() => {});
    return signals.length;
  };
  const pump = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      if (pipe.isOpen) await Promise.all([carry(one, other), carry(other, one)]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const done = pump();
  return pipe;
}

/** More pictures are decoded and more sound is heard than at this moment. */
export async function expectFlow(end: End, timeoutMs = 40_000): Promise<void> {
  const before = await end.facts();
  // A new connection counts from nothing.
  let base = before;
  await until(
    'pictures and sound arrive',
    async () => {
      const now = await end.facts();
      if (now.state.connectionId !== base.state.connectionId)
        base = { ...now, framesDecoded: 0, audioEnergy: 0 };
      return now.framesDecoded > base.framesDecoded + 5 && now.audioEnergy > base.audioEnergy;
    },
    timeoutMs,
  );
}
