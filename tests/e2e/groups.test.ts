import { PEOPLE } from '@visavis/characters';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawEar, longestSilence, openEar, readEar, writeHum, type Hum } from '../harness/ear.ts';
import { mediaWorker } from '../harness/mediaWorker.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
let hum: Hum;
beforeAll(async () => {
  hum = await writeHum();
  stage = await createStage({ tapped: true, env: { VISAVIS_MEDIA_WORKER_BIN: mediaWorker() } });
});
afterEach(() => stage.clear());
afterAll(async () => {
  await stage.close();
  await hum.remove();
});

/** Of what is shown and played of somebody: others when it comes over another way. */
const tracksOf = (person: Person, other: Person): Promise<readonly string[]> =>
  person.tab.evaluate<readonly string[]>(`[...document.querySelectorAll('video')]
    .filter((video) => video.getAttribute('aria-label') === 'Video of ' + ${JSON.stringify(other.name)})
    .flatMap((video) => video.srcObject?.getTracks().map(({ id }) => id) ?? [])`);

/** Marks the element that plays somebody's voice, and says whether the one that plays it is marked. */
const markVoice = (person: Person, other: Person): Promise<boolean> =>
  person.tab.evaluate<boolean>(`(() => {
    const name = 'Sound of ' + ${JSON.stringify(other.name)};
    const voice = [...document.querySelectorAll('audio')].find((one) => one.getAttribute('aria-label') === name);
    const wasMarked = voice?.dataset.marked === 'yes';
    if (voice !== undefined) voice.dataset.marked = 'yes';
    return wasMarked;
  })()`);

/** Of 21 ms: enough to know how loud it usually is. */
const BEFORE_BLOCKS = 100;

describe('a call that grows', () => {
  it(
    'CALL3 goes on through the media server without a break in what is heard, and both see and hear each other over it',
    { timeout: 180_000 },
    async () => {
      const browser = { args: [`--use-file-for-fake-audio-capture=${hum.path}`] };
      const ana = await stage.person('ana', { browser });
      const ben = await stage.person('ben', { browser });
      await ana.call(ben);
      await ben.rings();
      await ben.tab.press('Answer');
      await Promise.all([ana.sees(ben), ben.sees(ana)]);
      const before = { ana: await tracksOf(ana, ben), ben: await tracksOf(ben, ana) };
      expect(before.ana.length).toBeGreaterThan(0);
      const pairs = [
        [ana, ben],
        [ben, ana],
      ] as const;
      for (const [person, other] of pairs) {
        await markVoice(person, other);
        await openEar(person.tab);
      }
      await until('both have listened for a while', async () => {
        const heard = await Promise.all(pairs.map(([{ tab }]) => readEar(tab)));
        return heard.every(({ peaks }) => peaks.length >= BEFORE_BLOCKS);
      });
      // Whether anybody answers does not matter.
      await ana.addPeople(PEOPLE.filter(({ id }) => id === 'chidi'));
      const isOver = async (person: Person, other: Person, former: readonly string[]): Promise<boolean> => {
        const tracks = await tracksOf(person, other);
        return tracks.length > 0 && tracks.every((id) => !former.includes(id));
      };
      await until('Ana gets Ben from the media server', () => isOver(ana, ben, before.ana), 40_000);
      await until('Ben gets Ana from the media server', () => isOver(ben, ana, before.ben), 40_000);
      await Promise.all([ana.sees(ben), ben.sees(ana)]);
      await Promise.all([ana.hears(ben), ben.hears(ana)]);
      for (const [person, other] of pairs) {
        const heard = await readEar(person.tab);
        const gap = Math.round(longestSilence(heard));
        process.stdout.write(`CALL3 ${person.name} did not hear ${other.name} for ${gap} ms at most\n`);
        // An element that is made anew falls silent for half a second here.
        expect(await markVoice(person, other)).toBe(true);
        expect(gap, drawEar(heard)).toBeLessThan(1_000);
      }
    },
  );
});
