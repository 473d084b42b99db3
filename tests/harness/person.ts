import { PEOPLE } from '@visavis/characters';
import { scripts, type Tab } from './tab.ts';
import { until } from './until.ts';

/** Three browsers on two cores have slow moments: media that do not come at all are what is looked for. */
const PATIENT_MS = 40_000;

/** Somebody at a window of Visavis. */
export interface Person {
  readonly tab: Tab;
  readonly name: string;
  /** Opens Visavis and continues as this person. */
  signIn(url: string): Promise<void>;
  call(other: Person, kind?: 'Video' | 'Audio'): Promise<void>;
  /** From a call: more people into it. */
  addPeople(others: readonly Pick<Person, 'name'>[]): Promise<void>;
  /** Waits until this window rings. */
  rings(): Promise<void>;
  stopsRinging(): Promise<void>;
  /** Waits until the call is on and, in a video call, pictures of the other person move. */
  sees(other: Person): Promise<void>;
  hears(other: Person): Promise<void>;
  /** Waits until this text is to be seen. */
  reads(text: string | RegExp): Promise<void>;
  isInCall(): Promise<boolean>;
}

/** @param handle - of one of the demo people, such as `ana` */
export function createPerson(tab: Tab, handle: string): Person {
  const index = PEOPLE.findIndex(({ id }) => id === handle);
  const name = PEOPLE[index]?.name ?? handle;
  const indexOf = (other: Person): number => PEOPLE.findIndex((person) => person.name === other.name);
  return {
    tab,
    name,
    async signIn(url) {
      await tab.open(url);
      await tab.press(`Continue as ${name}`);
      await until(`${name} is at home`, () => tab.hasRegion('Contacts'));
    },
    async call(other, kind = 'Video') {
      await until(`${name} has ${other.name} as a contact`, () =>
        tab.hasButton(`${kind} call ${other.name}`),
      );
      await tab.press(`${kind} call ${other.name}`);
    },
    async addPeople(others) {
      await tab.press('Add people');
      for (const other of others) await tab.check(other.name);
      await tab.press(addButton(others.map((other) => other.name)));
    },
    rings: () => until(`it rings at ${name}`, () => tab.hasRegion('Incoming call')),
    stopsRinging: () =>
      until(`it stops ringing at ${name}`, async () => !(await tab.hasRegion('Incoming call'))),
    async sees(other) {
      const label = `Video of ${other.name}`;
      await until(
        `${name} sees ${other.name}`,
        async () => (await tab.watch(label))?.person === indexOf(other),
        PATIENT_MS,
      );
      const frames = new Set<string>();
      const look = async (): Promise<boolean> => {
        const sight = await tab.watch(label);
        if (sight !== null)
          frames.add(sight.frame === null ? `shown ${sight.played}` : `drawn ${sight.frame}`);
        return frames.size >= 5;
      };
      await until(`the picture of ${other.name} moves at ${name}`, look, PATIENT_MS);
    },
    hears: (other) =>
      until(
        `${name} hears ${other.name}`,
        async () => (await tab.listen(`Video of ${other.name}`)) > 0.02,
        PATIENT_MS,
      ).catch(explain(tab)),
    reads: (text) =>
      until(`${name} reads ${String(text)}`, async () => {
        const all = await tab.text();
        return typeof text === 'string' ? all.includes(text) : text.test(all);
      }),
    isInCall: () => tab.hasRegion('Call'),
  };
}

/** For `catch`: what failed, and what media there were in the window meanwhile. */
export const explain =
  (tab: Tab) =>
  async (failure: unknown): Promise<never> => {
    const facts = await tab.evaluate<unknown>(scripts.mediaFacts).catch(String);
    throw new Error(`${String(failure)}; there: ${JSON.stringify(facts)}`, { cause: failure });
  };

/** As the button says whom it adds. */
function addButton(names: readonly string[]): string {
  const short = names.map((name) => name.split(' ')[0] ?? name);
  return short.length > 2 ? `Add ${short.length} people` : `Add ${short.join(' and ')}`;
}
