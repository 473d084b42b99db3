import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { listLanAddresses } from '../../apps/server/src/lan/index.ts';
import { bundleForPage } from '../../tests/harness/bundle.ts';
import { startChromium, type ChromiumBrowser } from '../../tests/harness/chromium.ts';
import { writeHum } from '../../tests/harness/ear.ts';
import { createPerson, type Person } from '../../tests/harness/person.ts';
import { startServer } from '../../tests/harness/server.ts';
import { until } from '../../tests/harness/until.ts';
import type { BareOptions } from '../lib/bareCall/inPage.ts';
import { startBareCall } from '../lib/bareCall/server.ts';
import { leaveCall, saveGroup } from '../lib/group.ts';
import { openWindow } from '../lib/windows.ts';
import { installJoinProbe, type JoinMarks } from './inPage.ts';
import { slowPackets, slowSockets } from './relays.ts';

/** Who is in the call already: each a window, with a camera of 5 pictures a second. */
export const OTHERS = ['ana', 'ben'] as const;
/** Chromium draws without a graphics card here: large windows would leave no processor for what is measured. */
const WINDOW = { viewport: { width: 640, height: 400 } };
const JOINS = 'chidi';
const GROUP = 'Table';
const PRODUCT_PORT = 46_200;
const BARE_PORT = 46_210;
/** The camera of the bare call: the largest layer that the product's client makes of the same one. */
const BARE: BareOptions = {
  cameras: 1,
  width: 640,
  height: 360,
  bitrate: 450_000,
  waits: false,
  columns: 2,
};
const PATIENT_MS = 30_000;

/** A call in progress, which somebody joins and leaves as often as is wanted. */
export interface RunningCall {
  join(): Promise<JoinMarks>;
  end(): Promise<void>;
}

export interface Stage {
  /** Between the one who joins, and both servers of either side. In ms, of a round trip. */
  setRoundTrip(ms: number): void;
  startProduct(): Promise<RunningCall>;
  startBare(): Promise<RunningCall>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [address = '127.0.0.1'] = listLanAddresses();
  const hum = await writeHum();
  const server = await startServer({ env: { VISAVIS_MEDIA_PORT: `${PRODUCT_PORT}` } });
  const bare = await startBareCall(
    await bundleForPage(fileURLToPath(new URL('../lib/bareCall/inPage.ts', import.meta.url)), 'bare'),
    BARE_PORT,
    [address],
  );
  const paths = {
    product: await slowSockets({ host: '127.0.0.1', port: Number(new URL(server.url).port) }),
    productMedia: await slowPackets(address, { host: address, port: PRODUCT_PORT }),
    bare: await slowSockets({ host: '127.0.0.1', port: bare.port }),
    bareMedia: await slowPackets(address, { host: address, port: BARE_PORT }),
  };
  const args = [`--use-file-for-fake-audio-capture=${hum.path}`];
  const [crowd, alone] = await Promise.all([
    startChromium({ person: OTHERS[0], camera: 'sparser', args }),
    startChromium({ person: JOINS, camera: 'sparser', args }),
  ]);

  const people: Person[] = [];
  for (const handle of OTHERS) people.push(createPerson(await crowd.newTab(WINDOW), handle));
  const publishers: Page[] = [];
  for (const _ of OTHERS) publishers.push((await openWindow(crowd, WINDOW)).page);
  const open = async (path: { readonly host: string; readonly port: number }) => {
    const window = await openWindow(alone, WINDOW);
    await window.page.addInitScript(installJoinProbe, path);
    return window;
  };
  const window = await open(paths.productMedia);
  const joiner = createPerson(window.tab, JOINS);
  const barePage = (await open(paths.bareMedia)).page;

  for (const person of people) await person.signIn(server.url);
  await joiner.signIn(`http://127.0.0.1:${paths.product.port}`);
  for (const page of publishers) await page.goto(bare.url);
  await barePage.goto(`http://127.0.0.1:${paths.bare.port}/`);
  const [host, ...others] = people;
  if (host === undefined) throw new Error('nobody is there');
  // So that a call in progress is on the home screen of who is not in it.
  await saveGroup(GROUP, host, [...others, joiner]);

  return {
    setRoundTrip(ms) {
      for (const path of Object.values(paths)) path.setDelay(ms / 2);
    },
    startProduct: () => startProduct(people, joiner, window.page),
    async startBare() {
      for (const page of publishers) await page.evaluate(`bare.enter(${JSON.stringify(BARE)})`);
      return {
        async join() {
          await barePage.evaluate(`bare.enter(${JSON.stringify({ ...BARE, waits: true })})`);
          const marks = await press(barePage);
          await barePage.evaluate('bare.leave()');
          return marks;
        },
        end: async () => void (await Promise.all(publishers.map((page) => page.evaluate('bare.leave()')))),
      };
    },
    async close() {
      await closeBrowsers([crowd, alone]);
      for (const path of Object.values(paths)) path.close();
      await server.dispose();
      await bare.close();
      await hum.remove();
    },
  };
}

const closeBrowsers = async (browsers: readonly ChromiumBrowser[]): Promise<void> =>
  void (await Promise.all(browsers.map((browser) => browser.close())));

async function startProduct(people: readonly Person[], joiner: Person, page: Page): Promise<RunningCall> {
  const [host, ...others] = people;
  if (host === undefined) throw new Error('nobody is there');
  await until('the group is there', () => host.tab.hasButton(`Video call ${GROUP}`));
  await host.tab.press(`Video call ${GROUP}`);
  for (const person of others) {
    await person.rings();
    await person.tab.press('Answer');
    const sees = async (): Promise<boolean> => (await host.tab.watch(`Video of ${person.name}`)) !== null;
    await until(`${person.name} is in the call`, sees, PATIENT_MS);
  }
  await joiner.rings();
  await joiner.tab.press('Decline');
  return {
    async join() {
      await until('the call in progress is there', () => joiner.tab.hasButton('Join'));
      const marks = await press(page);
      await leaveCall(joiner);
      return marks;
    },
    end: async () => void (await Promise.all(people.map((person) => leaveCall(person)))),
  };
}

/** Presses Join, and waits until all of the others are seen and heard. */
async function press(page: Page): Promise<JoinMarks> {
  await page.evaluate(() => forgetJoin());
  await page.getByRole('button', { name: 'Join', exact: true }).first().click();
  let marks: JoinMarks = { pictures: [], sounds: [] };
  await until(
    'all are seen and heard',
    async () => {
      marks = await page.evaluate(() => joinMarks());
      return marks.pictures.length >= OTHERS.length && marks.sounds.length >= OTHERS.length;
    },
    PATIENT_MS,
  );
  return marks;
}
