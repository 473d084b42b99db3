import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mediaWorker } from '../harness/mediaWorker.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ env: { VISAVIS_MEDIA_WORKER_BIN: mediaWorker() } });
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** By their first name; whether they are there does not matter. */
async function add(person: Person, firstName: string): Promise<void> {
  await person.tab.press('Add people');
  const name = JSON.stringify(firstName);
  await until(`${firstName} can be chosen`, () =>
    person.tab.evaluate<boolean>(`(() => {
      const rows = [...document.querySelectorAll('[role=dialog] label, dialog label')];
      const box = rows.find((row) => row.textContent.includes(${name}))?.querySelector('input');
      box?.click();
      return box instanceof HTMLElement;
    })()`),
  );
  await person.tab.press(`Add ${firstName}`);
}

/** Of what is shown and played of somebody: others when it comes over another way. */
const tracksOf = (person: Person, other: Person): Promise<readonly string[]> =>
  person.tab.evaluate<readonly string[]>(`[...document.querySelectorAll('video')]
    .filter((video) => video.getAttribute('aria-label') === 'Video of ' + ${JSON.stringify(other.name)})
    .flatMap((video) => video.srcObject?.getTracks().map(({ id }) => id) ?? [])`);

describe('a call that grows', () => {
  it(
    'CALL3 goes on through the media server, and both see and hear each other over it',
    { timeout: 180_000 },
    async () => {
      const ana = await stage.person('ana');
      const ben = await stage.person('ben');
      await ana.call(ben);
      await ben.rings();
      await ben.tab.press('Answer');
      await Promise.all([ana.sees(ben), ben.sees(ana)]);
      const before = { ana: await tracksOf(ana, ben), ben: await tracksOf(ben, ana) };
      expect(before.ana.length).toBeGreaterThan(0);
      await add(ana, 'Chidi');
      const isOver = async (person: Person, other: Person, former: readonly string[]): Promise<boolean> => {
        const tracks = await tracksOf(person, other);
        return tracks.length > 0 && tracks.every((id) => !former.includes(id));
      };
      await until('Ana gets Ben from the media server', () => isOver(ana, ben, before.ana), 40_000);
      await until('Ben gets Ana from the media server', () => isOver(ben, ana, before.ben), 40_000);
      await Promise.all([ana.sees(ben), ben.sees(ana)]);
      await Promise.all([ana.hears(ben), ben.hears(ana)]);
    },
  );
});
