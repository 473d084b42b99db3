import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../harness/until.ts';
import {
  LEAVES,
  type BrowserName,
  type Browsers,
  type End,
  connect,
  startBoth,
  startBrowsers,
} from './ends.ts';
import { startServerInTest } from './serverInTest.ts';

const CALL = 'call';
const DEVICES = LEAVES.map((leaf) => `device ${leaf}`);

let browsers: Browsers;
let open: End[] = [];
beforeAll(async () => {
  browsers = await startBrowsers();
});
afterEach(async () => {
  for (const end of open) await end.close();
  open = [];
});
afterAll(() => browsers.close());

interface Members {
  readonly ids: readonly string[];
  readonly authenticator: string;
}
const membersOf = (end: End): Promise<Members> => end.run<Members>('membersNow()');

async function expectFlow(end: End): Promise<void> {
  const before = await end.facts();
  await until('pictures are decoded and sound is heard', async () => {
    const now = await end.facts();
    return now.framesDecoded > before.framesDecoded + 10 && now.audioEnergy > before.audioEnergy;
  });
}

/** Two pages with the worker of the product, which nobody can give a key: they have those that they agree on. */
describe('keys that workers agree on', () => {
  for (const names of [
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ] satisfies [BrowserName, BrowserName][]) {
    it(`${names.join(' and ')}: both hear and see each other, until one leaves`, async () => {
      const ends = [await browsers.open(names[0]), await browsers.open(names[1])] as const;
      open.push(...ends);
      await startBoth(ends, { video: 'vp8', worker: 'product' });
      const server = await startServerInTest(CALL);
      for (const [index, end] of ends.entries()) {
        server.add(DEVICES[index] ?? '', end);
        await end.run(`startKeys('${CALL}', '${DEVICES[index]}')`);
        await until('it is in the group', async () => {
          await server.carry();
          return (await membersOf(end)).ids.length === index + 1;
        });
      }
      await until('both are in the same epoch', async () => {
        await server.carry();
        const [one, two] = await Promise.all(ends.map(membersOf));
        return one?.ids.join() === DEVICES.join() && one.authenticator === two?.authenticator;
      });
      await connect(ends);
      await Promise.all(ends.map(expectFlow));

      server.delivery.leave(DEVICES[1] ?? '');
      await until('the first one is alone', async () => {
        await server.carry();
        return (await membersOf(ends[0])).ids.length === 1;
      });
      // What comes from now on is under a key that the second one does not have.
      await until('nothing opens any more', async () => {
        const { counters } = await ends[1].facts();
        const dropped = counters?.received.find(({ track }) => track === 'voice')?.dropped;
        return (dropped?.hold_expired ?? 0) > 10;
      });
      const before = await ends[1].facts();
      await until('more comes', async () => {
        const now = await ends[1].facts();
        return now.packetsReceived.audio > before.packetsReceived.audio + 50;
      });
      const after = await ends[1].facts();
      const openedOf = ({ counters }: typeof after): number | undefined =>
        counters?.received.find(({ track }) => track === 'voice')?.frames;
      expect(openedOf(after)).toBe(openedOf(before));
    });
  }
});
