import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startChromium } from '../harness/chromium.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { createTap, type Tap } from '../harness/tap/expectNothing.ts';
import { until } from '../harness/until.ts';
import { startMediaCluster, type MediaCluster } from '../integration/support/mediaCluster.ts';

let stage: Stage;
let cluster: MediaCluster;
let tap: Tap;
beforeAll(async () => {
  tap = await createTap();
  [cluster, stage] = await Promise.all([
    startMediaCluster(400, { isShared: true, tap: tap.file }),
    createStage(),
  ]);
}, 120_000);
afterEach(() => stage.clear());
afterAll(async () => {
  await stage.close();
  const browser = await startChromium({ person: 'ana', camera: 'sparser' });
  try {
    await tap.expectNothing(await browser.newTab(), cluster.signaling.east.url);
  } finally {
    await browser.close();
    await tap.remove();
  }
  await cluster.dispose();
});

/** The addresses to which a page is connected, and over which something comes. */
const addressesOf = async (person: Person): Promise<readonly string[]> =>
  person.tab.evaluate<string[]>(`(async () => {
    const connected = testConnections.filter(({ connectionState }) => connectionState === 'connected');
    const reports = await Promise.all(connected.map((one) => one.getStats()));
    return [...new Set(reports.flatMap((report) => [...report.values()]
      .filter(({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated)
      .map(({ remoteCandidateId }) => report.get(remoteCandidateId)?.address)))];
  })()`);
async function isAt(person: Person, ip: string): Promise<boolean> {
  const [address, ...others] = await addressesOf(person);
  return address === ip && others.length === 0;
}
const loadOf = async (region: string): Promise<number> =>
  (await cluster.listNodes()).find((node) => node.region === region)?.load ?? 0;

it(
  'MED6 two at the media nodes of two regions see and hear each other, encrypted, and go on when one of the nodes is killed',
  { timeout: 120_000 },
  async () => {
    const browser = { camera: 'sparser' } as const;
    const ana = await stage.person('ana', { browser, url: cluster.signaling.east.url });
    const ben = await stage.person('ben', { browser, url: cluster.signaling.west.url });
    await ana.tab.press('New group call');
    await ana.tab.check(ben.name);
    await ana.tab.press('Video');
    await ben.rings();
    await ben.tab.press('Answer');
    const untilMet = async (): Promise<void> => {
      await ben.sees(ana);
      await ana.sees(ben);
      await ana.hears(ben);
      await ben.hears(ana);
    };
    await untilMet();
    const { east, west } = cluster.media;
    // A busy node that is late for its home is left, and come back to.
    for (const [person, { ip }] of [
      [ana, east],
      [ben, west],
    ] as const)
      await until(`${person.name} is at the node of their region`, async () => isAt(person, ip));
    await untilMet();
    for (const { tab } of [ana, ben])
      expect(await tab.evaluate<string>('document.body.innerHTML')).toContain('End-to-end encrypted');
    for (const region of ['east', 'west']) expect(await loadOf(region)).toBeGreaterThan(0);

    const killedAt = performance.now();
    await west.server.kill();
    await until('Ben is at the node that is left', async () => isAt(ben, east.ip));
    await untilMet();
    process.stdout.write(
      `MED6 both saw and heard each other ${String(Math.round(performance.now() - killedAt))} ms after kill -9\n`,
    );
    expect(await isAt(ana, east.ip)).toBe(true);
  },
);
