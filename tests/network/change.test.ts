import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isNight } from '../harness/night.ts';
import type { Person } from '../harness/person.ts';
import { until } from '../harness/until.ts';
import type { Place } from './lab/internet.ts';
import { whyNoNamespaces } from './lab/namespace.ts';
import { createNetworkStage, settledConnections, type NetworkStage } from './lab/networkStage.ts';
import { connectionOf } from './path.ts';

const skipped = whyNoNamespaces();
/**
 * Broken, not slow: it takes 1 to 3 s, most of it until Chromium has found the new network.
 */
const BROKEN_MS = 15_000;

/** From now on the page keeps the wall times at which it shows a picture of the other person. */
const watchPictures = (person: Person, other: Person): Promise<void> =>
  person.tab.evaluate(`{
    globalThis.shownAt = [];
    const video = [...document.querySelectorAll('video')].find((one) =>
      one.getAttribute('aria-label') === 'Video of ${other.name}');
    const handleFrame = () => {
      shownAt.push(Date.now());
      video.requestVideoFrameCallback(handleFrame);
    };
    video.requestVideoFrameCallback(handleFrame);
  }`);

/** From now on the page counts how often it asks for TURN credentials. */
const watchCredentials = (person: Person): Promise<void> =>
  person.tab.evaluate(`{
    globalThis.renewals = 0;
    const original = fetch;
    globalThis.fetch = (...request) => {
      if (String(request[0]).endsWith('/turn-credentials')) renewals += 1;
      return original(...request);
    };
  }`);

/** How long the picture stood still, at most, since then, in ms. */
const longestGap = (person: Person, since: number): Promise<number> =>
  person.tab.evaluate<number>(`(() => {
    const times = [${since}, ...shownAt.filter((at) => at > ${since})];
    return Math.max(...times.slice(1).map((at, index) => at - times[index]));
  })()`);

const countPictures = (person: Person): Promise<number> => person.tab.evaluate<number>('shownAt.length');

describe.skipIf(skipped !== null)(`a network changes in the call${skipped ? ` (${skipped})` : ''}`, () => {
  let stage: NetworkStage;
  beforeAll(async () => {
    stage = await createNetworkStage();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  const MOVES: readonly (readonly [Place, Place])[] = [
    ['port-restricted', 'full cone'],
    ['open', 'only 443'],
  ];
  const NAME = 'NEG4 from %s to %s: the media come back';
  it.each(MOVES)(NAME, async (before, after) => tryMove(before, after));
  it.skipIf(!isNight)('NEG4 from full cone to symmetric: the media come back', async () =>
    tryMove('full cone', 'symmetric'),
  );

  async function tryMove(before: Place, after: Place): Promise<void> {
    await stage.internet.ana.moveTo(before);
    await stage.internet.ben.moveTo('port-restricted');
    const { ana, ben } = await stage.call();
    const { ana: old } = await settledConnections({ ana, ben });
    await Promise.all([watchPictures(ana, ben), watchPictures(ben, ana), watchCredentials(ana)]);

    const movedAt = Date.now();
    await stage.internet.ana.moveTo(after);
    const shown = await Promise.all([ana, ben].map((person) => countPictures(person)));
    await until(
      'both see each other over the new network',
      async () => {
        const connection = await connectionOf(ana);
        const more = await Promise.all([ana, ben].map((person) => countPictures(person)));
        const isNew = connection !== null && connection.local.address !== old.local.address;
        return isNew && more.every((count, index) => count > (shown[index] ?? 0) + 30);
      },
      60_000,
    );
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    const gaps = await Promise.all([ana, ben].map((person) => longestGap(person, movedAt)));
    process.stdout.write(
      `From ${before} to ${after}: pictures stood still for ${String(gaps[0])} ms at the one who moved, ` +
        `${String(gaps[1])} ms at the other.\n`,
    );
    expect(await ana.tab.evaluate<number>('renewals'), 'TURN credentials were renewed').toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toBeLessThan(BROKEN_MS);
  }
});
