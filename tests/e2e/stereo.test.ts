import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { hearTones, TWO_TONES, writeTwoTones, type Hum } from '../harness/ear.ts';
import { mediaWorker } from '../harness/mediaWorker.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
let tones: Hum;
beforeAll(async () => {
  tones = await writeTwoTones();
  stage = await createStage({ tapped: true, env: { VISAVIS_MEDIA_WORKER_BIN: mediaWorker() } });
});
afterEach(() => stage.clear());
afterAll(async () => {
  await stage.close();
  await tones.remove();
});

/** What the others hear of somebody, in the call. */
async function choose({ tab }: Person, mode: 'Standard' | 'Music'): Promise<void> {
  await tab.press('Choose microphone and speaker');
  await until(`${mode} is chosen`, () =>
    tab.evaluate<boolean>(`(() => {
      const item = [...document.querySelectorAll('[role=menuitemradio]')]
        .find(({ textContent }) => textContent.trim() === ${JSON.stringify(mode)});
      item?.click();
      return item !== undefined;
    })()`),
  );
}

const PATIENT_MS = 40_000;
/** How much louder a tone is on its own side than on the other. */
const APART = 5;

/** Ana, whose microphone hears one tone on the left and another on the right and leaves everything in, and Ben. */
async function withMusic(): Promise<readonly [Person, Person]> {
  const browser = { args: [`--use-file-for-fake-audio-capture=${tones.path}`], camera: 'sparser' } as const;
  const ana = await stage.person('ana', { browser });
  const ben = await stage.person('ben', { browser: { camera: 'sparser' } });
  await ana.tab.evaluate(
    `localStorage.setItem('visavis.preferences', JSON.stringify({ sound: { mode: 'music' } }))`,
  );
  await ana.tab.reload();
  await until('there are groups', () => ana.tab.hasButton('New group call'));
  return [ana, ben];
}

/** In two channels, then in one, then in two again. */
async function changeChannels(ana: Person, ben: Person): Promise<void> {
  await Promise.all([ben.hears(ana), ana.hears(ben)]);
  const apart = async (): Promise<boolean> => {
    const [left, right] = await hearTones(ben.tab, ana.name, TWO_TONES);
    if (left === undefined || right === undefined) return false;
    return left[0] > APART * right[0] && right[1] > APART * left[1] && left[0] > 0.01 && right[1] > 0.01;
  };
  await until('Ben hears one tone on the left and the other on the right', apart, PATIENT_MS);

  await choose(ana, 'Standard');
  const same = async (): Promise<boolean> => {
    const [left, right] = await hearTones(ben.tab, ana.name, TWO_TONES);
    return [0, 1].every((tone) => Math.abs((left?.[tone] ?? 1) - (right?.[tone] ?? 0)) < 1e-4);
  };
  await until('Ben hears the same on both sides', same, PATIENT_MS);
  await choose(ana, 'Music');
  await until('Ben hears both tones apart again', apart, PATIENT_MS);
  await Promise.all([ben.hears(ana), ana.hears(ben)]);
}

it(
  'music in a group call comes in two channels and a voice in one, and the one becomes the other in the call',
  { timeout: 180_000 },
  async () => {
    const [ana, ben] = await withMusic();
    await ana.tab.press('New group call');
    await ana.tab.check(ben.name);
    await ana.tab.press('Audio');
    await ben.rings();
    await ben.tab.press('Answer');
    await changeChannels(ana, ben);
  },
);

it.each(['caller', 'callee'] as const)(
  'music of the %s of a call between two comes in two channels and a voice in one, and the one becomes the other in the call',
  { timeout: 180_000 },
  async (side) => {
    const [ana, ben] = await withMusic();
    const [caller, callee] = side === 'caller' ? [ana, ben] : [ben, ana];
    await caller.call(callee, 'Audio');
    await callee.rings();
    await callee.tab.press('Answer');
    await changeChannels(ana, ben);
  },
);
