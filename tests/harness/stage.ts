import { startChromium, type ChromiumBrowser, type ChromiumOptions, type TabOptions } from './chromium.ts';
import { startFirefox, type FirefoxBrowser } from './firefox.ts';
import { createPerson, type Person } from './person.ts';
import { askServer } from './api.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';
import { createTap } from './tap/expectNothing.ts';
import type { Tab } from './tab.ts';
import { until } from './until.ts';

/** A server and the people who use it; everything opened by a test is closed after it. */
export interface Stage {
  readonly server: RunningServer;
  /** A signed-in person at a new window of their own; called again for the same person: another device of theirs. */
  person(handle: string, options?: PersonOptions): Promise<Person>;
  /** Somebody who has opened the page and not said who they are. */
  window(handle: string, options?: PersonOptions): Promise<Person>;
  /** A second window beside this one, sharing cookies and storage with it; nobody has signed in there yet. */
  windowBeside(other: Person, handle: string): Promise<Person>;
  /** Closes every window, so that the next test finds nobody. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface PersonOptions extends TabOptions {
  readonly firefox?: boolean;
  readonly browser?: Omit<ChromiumOptions, 'person'>;
  /** Another address than the server's own, of somebody in between say. */
  readonly url?: string;
}

function once<Value>(
  map: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

export interface StageOptions extends Omit<ServerOptions, 'tap'> {
  /** What comes to the media workers is kept, and given to the browser's decoders when the stage is closed: nothing may come of it. */
  readonly tapped?: boolean;
}

export async function createStage({ tapped = false, ...options }: StageOptions = {}): Promise<Stage> {
  const tap = tapped ? await createTap() : null;
  const server = await startServer({ ...options, ...(tap === null ? {} : { tap: tap.file }) });
  const chromiums = new Map<string, Promise<ChromiumBrowser>>();
  const firefoxes = new Map<string, Promise<FirefoxBrowser>>();
  let tabs: Tab[] = [];

  async function openTab(handle: string, wanted: PersonOptions): Promise<Tab> {
    if (wanted.firefox === true) {
      return (await once(firefoxes, handle, () => startFirefox({ person: handle }))).newTab();
    }
    const key = JSON.stringify([handle, wanted.browser ?? {}]);
    const browser = await once(chromiums, key, () =>
      startChromium({ person: handle, camera: 'sparse', ...wanted.browser }),
    );
    return browser.newTab(wanted);
  }

  return {
    server,
    async person(handle, wanted = {}) {
      const tab = await openTab(handle, wanted);
      tabs.push(tab);
      const person = createPerson(tab, handle);
      await person.signIn(wanted.url ?? server.url);
      return person;
    },
    async window(handle, wanted = {}) {
      const tab = await openTab(handle, wanted);
      tabs.push(tab);
      const person = createPerson(tab, handle);
      await tab.open(server.url);
      await until('the people to continue as are there', () => tab.hasButton(`Continue as ${person.name}`));
      return person;
    },
    async windowBeside(other, handle) {
      for (const browser of chromiums.values()) {
        const tab = await (await browser).newWindow(other.tab);
        if (tab === null) continue;
        tabs.push(tab);
        return createPerson(tab, handle);
      }
      throw new Error('not a window of this stage');
    },
    async clear() {
      const open = tabs;
      tabs = [];
      // Signed out rather than only closed: the server would wait for a closed window to come back.
      await Promise.all(open.map((tab) => leave(tab)));
    },
    async close() {
      try {
        const [browser] = await Promise.all(chromiums.values());
        if (browser !== undefined) await tap?.expectNothing(await browser.newTab(), server.url);
      } finally {
        await tap?.remove();
        for (const browser of [...chromiums.values(), ...firefoxes.values()]) await (await browser).close();
        await server.dispose();
      }
    },
  };
}

async function leave(tab: Tab): Promise<void> {
  try {
    await askServer(tab, 'POST', '/sign-out');
    await tab.close();
  } catch {
    // A window that crashed or is closed has left already.
  }
}
