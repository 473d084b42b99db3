import type { Page } from 'playwright-core';
import { startChromium, type ChromiumBrowser, type TabOptions } from '../../tests/harness/chromium.ts';
import { createPerson, type Person } from '../../tests/harness/person.ts';
import type { Tab } from '../../tests/harness/tab.ts';
import { installProbe } from './probe.ts';

/** A browser process of its own, with one window for the product and one for bare peers. */
export interface Desk {
  readonly person: Person;
  readonly product: Page;
  readonly bare: Page;
  close(): Promise<void>;
}

/** Opens both windows of a person, with the probe in each, signed in to the product. */
export async function openDesk(handle: string, productUrl: string, bareUrl: string): Promise<Desk> {
  const browser = await startChromium({ person: handle });
  const { tab, page: product } = await openProbedWindow(browser);
  const { tab: bareTab, page: bare } = await openProbedWindow(browser);
  const person = createPerson(tab, handle);
  await person.signIn(productUrl);
  await bareTab.open(bareUrl);
  return { person, product, bare, close: () => browser.close() };
}

async function openProbedWindow(browser: ChromiumBrowser): Promise<{ tab: Tab; page: Page }> {
  const opened = await openWindow(browser);
  await opened.page.addInitScript(installProbe);
  return opened;
}

/** A new window, as a person uses it and as a program does. */
export async function openWindow(
  browser: ChromiumBrowser,
  options: TabOptions = {},
): Promise<{ tab: Tab; page: Page }> {
  const tab = await browser.newTab(options);
  const page = browser.browser.contexts().at(-1)?.pages()[0];
  if (page === undefined) throw new Error('the window has no page');
  return { tab, page };
}
