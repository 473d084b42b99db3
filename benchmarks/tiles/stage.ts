import { fileURLToPath } from 'node:url';
import { PEOPLE } from '@visavis/characters';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { listLanAddresses } from '../../apps/server/src/lan/index.ts';
import { bundleForPage } from '../../tests/harness/bundle.ts';
import { startChromium, type ChromiumBrowser } from '../../tests/harness/chromium.ts';
import { createPerson, type Person } from '../../tests/harness/person.ts';
import { startServer } from '../../tests/harness/server.ts';
import { until } from '../../tests/harness/until.ts';
import type { BareOptions } from '../lib/bareCall/inPage.ts';
import { startBareCall } from '../lib/bareCall/server.ts';
import { leaveCall, saveGroup } from '../lib/group.ts';
import { openWindow } from '../lib/windows.ts';
import { hangUp, installTilesProbe, lookAway, type Shown } from './inPage.ts';

const GROUP = 'Table';
const PRODUCT_PORT = 46_220;
const BARE_PORT = 46_230;
const PATIENT_MS = 60_000;
/** What a small tile is sent: the lowest layer of the product's camera. */
const BARE: BareOptions = {
  cameras: 0,
  width: 320,
  height: 180,
  bitrate: 150_000,
  waits: false,
  columns: 4,
};

/** What a page has used and shown so far. */
export interface Use extends Shown {
  /** ms that the page's own thread was busy, and of all processes of its browser. */
  readonly mainMs: number;
  readonly processorMs: number;
}

/** A page in which others are to be seen. */
export interface Watching {
  read(): Promise<Use>;
  end(): Promise<void>;
}

export interface Stage {
  /** A call of the product in which so many others are to be seen. */
  watchProduct(others: number): Promise<Watching>;
  watchBare(others: number): Promise<Watching>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [address = '127.0.0.1'] = listLanAddresses();
  const server = await startServer({ env: { VISAVIS_MEDIA_PORT: `${PRODUCT_PORT}` } });
  const bare = await startBareCall(
    await bundleForPage(fileURLToPath(new URL('../lib/bareCall/inPage.ts', import.meta.url)), 'bare'),
    BARE_PORT,
    [address],
  );
  const [crowd, alone] = await Promise.all([
    startChromium({ person: 'ben', camera: 'sparser' }),
    startChromium({ person: 'ana', camera: 'sparser' }),
  ]);
  let calls = 0;
  return {
    async watchProduct(count) {
      calls += 1;
      // Those of before are saved on.
      const title = `${GROUP} ${calls}`;
      const { tab, page } = await openWindow(alone);
      await page.addInitScript(installTilesProbe);
      const ana = createPerson(tab, 'ana');
      await ana.signIn(server.url);
      const handles = PEOPLE.map(({ id }) => id).filter((id) => id !== 'ana');
      const members = await Promise.all(
        handles.slice(0, count).map((id) => openMember(crowd, id, server.url)),
      );
      await saveGroup(
        title,
        ana,
        members.map(({ person }) => person),
      );
      await tab.press(`Video call ${title}`);
      for (const { person, page: sender } of members) {
        await person.rings();
        await person.tab.press('Answer');
        await rest(person, sender);
      }
      const pages = members.map((member) => member.page);
      if (count > members.length)
        pages.push(...(await inviteGuests(ana, page, crowd, count - members.length)));
      await tab.press('Turn camera off');
      return watch(alone.browser, page, count, async () => {
        await Promise.all(pages.map((one) => one.evaluate(hangUp)));
        await leaveCall(ana);
        await Promise.all([page, ...pages].map((one) => one.context().close()));
      });
    },
    async watchBare(count) {
      const { page: sender } = await openWindow(crowd);
      await sender.goto(bare.url);
      await sender.evaluate(`bare.enter(${JSON.stringify({ ...BARE, cameras: count })})`);
      const { page } = await openWindow(alone);
      await page.addInitScript(installTilesProbe);
      await page.goto(bare.url);
      await page.evaluate(`bare.enter(${JSON.stringify(BARE)})`);
      return watch(alone.browser, page, count, async () => {
        await Promise.all([page, sender].map((one) => one.context().close()));
      });
    },
    async close() {
      await Promise.all([crowd.close(), alone.close()]);
      await server.dispose();
      await bare.close();
    },
  };
}

/** Somebody who sends, and looks at nobody. */
async function openMember(crowd: ChromiumBrowser, handle: string, url: string) {
  const { person, page } = await openSender(crowd, handle);
  await person.signIn(url);
  return { person, page };
}

async function openSender(crowd: ChromiumBrowser, handle: string): Promise<{ person: Person; page: Page }> {
  // Small: what sends is drawn by the same processors.
  const tab = await crowd.newTab({ viewport: { width: 480, height: 360 } });
  const page = crowd.browser.contexts().at(-1)?.pages()[0];
  if (page === undefined) throw new Error('the window has no page');
  await page.addInitScript(lookAway);
  return { person: createPerson(tab, handle), page };
}

/** In the call, its camera on: nothing else of it is of interest. What is not laid out is not drawn. */
async function rest(person: Person, page: Page): Promise<void> {
  await until(`${person.name} is in the call`, () => person.tab.hasButton('Mute'), PATIENT_MS);
  await person.tab.press('Mute');
  await page.addStyleTag({ content: 'body { display: none !important; }' });
}

/** More than the demo has people: they come by a link, and are let in. */
async function inviteGuests(
  host: Person,
  page: Page,
  crowd: ChromiumBrowser,
  count: number,
): Promise<Page[]> {
  await host.tab.press('People');
  await host.tab.press('Make a link');
  const link = await page.getByLabel('Link for guests', { exact: true }).inputValue();
  const pages: Page[] = [];
  for (let number = 1; number <= count; number += 1) {
    const guest = await openSender(crowd, 'ben');
    await guest.page.goto(link, { timeout: PATIENT_MS });
    await guest.page.getByLabel('Your name').fill(`Guest ${number}`);
    await guest.page.getByRole('button', { name: 'Join', exact: true }).click();
    await until('somebody waits', () => host.tab.hasButton(`Admit Guest ${number}`), PATIENT_MS);
    await host.tab.press(`Admit Guest ${number}`);
    await rest(guest.person, guest.page);
    pages.push(guest.page);
  }
  await host.tab.press('People');
  return pages;
}

async function watch(
  browser: Browser,
  page: Page,
  count: number,
  end: () => Promise<void>,
): Promise<Watching> {
  const own = await page.context().newCDPSession(page);
  await own.send('Performance.enable');
  const all = await browser.newBrowserCDPSession();
  const look = (): Promise<Shown> => page.evaluate(() => readShown());
  await until(`${count} are to be seen`, async () => (await look()).tiles >= count, PATIENT_MS);
  return {
    async read() {
      const [shown, mainMs, processorMs] = await Promise.all([look(), mainThreadMs(own), browserMs(all)]);
      return { ...shown, mainMs, processorMs };
    },
    end,
  };
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

async function browserMs(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0);
}
