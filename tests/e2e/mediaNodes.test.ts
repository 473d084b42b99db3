import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startChromium } from '../harness/chromium.ts';
import { drawEar, longestSilence, openEar, readEar, writeHum, type Hum } from '../harness/ear.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { createTap, type Tap } from '../harness/tap/expectNothing.ts';
import { until } from '../harness/until.ts';
import {
  startMediaCluster,
  type MediaCluster,
  type RunningMediaNode,
} from '../integration/support/mediaCluster.ts';

let stage: Stage;
let cluster: MediaCluster;
let tap: Tap;
let hum: Hum;
beforeAll(async () => {
  tap = await createTap();
  [hum, cluster, stage] = await Promise.all([
    writeHum(),
    startMediaCluster(400, { tap: tap.file }),
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
  await hum.remove();
});

/** Nothing but a call that was set up anew is silent for so long; how short it is, is printed, for busy machines are slower. */
const BROKEN_OFF_MS = 5_000;
/** Of 21 ms: enough to know how loud it usually is. */
const BLOCKS = 100;

/** Of the voice of somebody: others when it comes over another way. */
const voiceOf = (person: Person, other: Person): Promise<string> =>
  person.tab.evaluate<string>(`[...document.querySelectorAll('audio, video')]
    .filter((one) => one.getAttribute('aria-label') === 'Sound of ' + ${JSON.stringify(other.name)})
    .flatMap((one) => one.srcObject?.getTracks().map(({ id }) => id) ?? [])
    .join(' ')`);

/** From now on it is remembered whether anybody was ever shown as reconnecting, or this device as without its media. */
const WATCH_TROUBLE = `(() => {
  globalThis.testTrouble = [];
  new MutationObserver(() => {
    const found = /Reconnecting…|Connection lost/.exec(document.body.innerText);
    if (found !== null) globalThis.testTrouble.push(found[0]);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

/** The media node that has the call. */
async function busyNode({ east, west }: MediaCluster['media']): Promise<RunningMediaNode> {
  let found: RunningMediaNode | undefined;
  await until('a media node has the call', async () => {
    const busy = (await cluster.listNodes()).find(({ load, silentMs }) => load > 0 && silentMs < 1_000);
    found = [east, west].find(({ region }) => region === busy?.region);
    return found !== undefined;
  });
  return found ?? east;
}
async function listen(person: Person): Promise<void> {
  const { length } = (await readEar(person.tab)).peaks;
  await until(`${person.name} has listened for a while`, async () => {
    return (await readEar(person.tab)).peaks.length >= length + BLOCKS;
  });
}

it(
  'MED4 MED5 a call goes on while the media node that has it is stopped, without a break, and comes back when the next one is killed',
  { timeout: 180_000 },
  async () => {
    const browser = { camera: 'sparser', args: [`--use-file-for-fake-audio-capture=${hum.path}`] } as const;
    const ana = await stage.person('ana', { browser, url: cluster.signaling.east.url });
    const ben = await stage.person('ben', { browser, url: cluster.signaling.west.url });
    await ana.tab.press('New group call');
    await ana.tab.check(ben.name);
    await ana.tab.press('Video');
    await ben.rings();
    await ben.tab.press('Answer with audio only');
    const pairs = [
      [ana, ben],
      [ben, ana],
    ] as const;
    const untilMet = async (): Promise<void> => {
      for (const [person, other] of pairs) await person.hears(other);
      await ben.sees(ana);
    };
    await untilMet();
    const first = await busyNode(cluster.media);
    const before = await Promise.all(pairs.map(async ([person, other]) => voiceOf(person, other)));
    expect(before).not.toContain('');
    for (const [person] of pairs) {
      await openEar(person.tab);
      await person.tab.evaluate<void>(WATCH_TROUBLE);
    }
    for (const [person] of pairs) await listen(person);

    const toldAt = performance.now();
    const stopped = first.server.stop();
    const untilOver = async (former: readonly string[]): Promise<void> => {
      for (const [index, [person, other]] of pairs.entries())
        await until(
          `${person.name} gets ${other.name} over another node`,
          async () => !['', former[index]].includes(await voiceOf(person, other)),
          40_000,
        );
    };
    await untilOver(before);
    const overMs = Math.round(performance.now() - toldAt);
    expect(await stopped).toBe(0);
    const endedMs = Math.round(performance.now() - toldAt);
    await untilMet();
    process.stdout.write(
      `MED4 both were at another node ${overMs} ms after SIGTERM, the node ended after ${endedMs} ms\n`,
    );
    for (const [person, other] of pairs) {
      await listen(person);
      const heard = await readEar(person.tab);
      const gap = Math.round(longestSilence(heard));
      process.stdout.write(`MED4 ${person.name} did not hear ${other.name} for ${gap} ms at most\n`);
      expect(gap, drawEar(heard)).toBeLessThan(BROKEN_OFF_MS);
      expect(await person.tab.evaluate<string[]>('testTrouble')).toEqual([]);
    }

    await first.server.restart();
    await until(
      'there are two media nodes again',
      async () => (await cluster.listNodes()).filter(({ silentMs }) => silentMs < 1_000).length === 2,
    );
    const second = await busyNode(cluster.media);
    expect(second.region).not.toBe(first.region);
    const here = await Promise.all(pairs.map(async ([person, other]) => voiceOf(person, other)));
    const killedAt = performance.now();
    await second.server.kill();
    await untilOver(here);
    await untilMet();
    process.stdout.write(
      `MED5 both hear each other ${Math.round(performance.now() - killedAt)} ms after kill -9\n`,
    );
    expect((await busyNode(cluster.media)).region).toBe(first.region);
    await second.server.restart();
  },
);
