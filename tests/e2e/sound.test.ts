import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loudnessOf, openEar, readEar, writeNoisyVoice, type Hum } from '../harness/ear.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { scripts, type Tab } from '../harness/tab.ts';
import { until } from '../harness/until.ts';

/** Long enough for words and rests, and for what came before to be gone. */
const LOOK_MS = 8_000;
const PATIENT_MS = 45_000;

let noisy: Hum;
let stage: Stage;
beforeAll(async () => {
  noisy = await writeNoisyVoice();
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(async () => {
  await stage.close();
  await noisy.remove();
});

/** Opens the menu of the sound and presses something in it. */
async function chooseSound({ tab }: Person, name: string): Promise<void> {
  await tab.press('Choose microphone and speaker');
  await pressAny(tab, name);
}

/** Menus and switches have no buttons in the sense of the harness. */
const pressAny = (tab: Tab, name: string): Promise<void> =>
  until(`${name} is there to be pressed`, () =>
    tab.evaluate<boolean>(`(() => {
      const found = ${scripts.find('[role^=menuitem], [role=switch]', name)};
      found?.click();
      return found !== null;
    })()`),
  );

/** Waits until the last seconds at this window were as they should be. */
async function hearsUntil(
  what: string,
  { tab }: Person,
  isMet: (heard: ReturnType<typeof loudnessOf>) => boolean,
): Promise<ReturnType<typeof loudnessOf>> {
  let heard = { noise: 0, voice: 0 };
  await until(
    what,
    async () => {
      const ear = await readEar(tab);
      heard = loudnessOf(ear, LOOK_MS);
      return ear.peaks.length * ear.blockMs > LOOK_MS && isMet(heard);
    },
    PATIENT_MS,
  );
  return heard;
}

describe('the own voice in a call', () => {
  it(
    'is sent without the noise around it when that is chosen, while both go on hearing each other',
    { timeout: 4 * PATIENT_MS },
    async () => {
      const ana = await stage.person('ana', {
        browser: { args: [`--use-file-for-fake-audio-capture=${noisy.path}`] },
      });
      const ben = await stage.person('ben');
      await ana.call(ben, 'Audio');
      await ben.rings();
      await ben.tab.press('Answer');
      await Promise.all([ana.hears(ben), ben.hears(ana)]);
      await chooseSound(ana, 'Sound settings');
      await pressAny(ana.tab, 'Noise suppression');
      await ana.tab.press('Close');
      await openEar(ben.tab);
      const before = await hearsUntil('Ben hears noise', ben, ({ noise }) => noise > -45);
      await chooseSound(ana, 'Voice only');
      const after = await hearsUntil(
        'Ben hears less noise',
        ben,
        ({ noise, voice }) => noise < before.noise - 12 && voice > before.voice - 6,
      );
      process.stdout.write(
        `at the other end: noise ${before.noise.toFixed(0)} → ${after.noise.toFixed(0)} dB, voice ${before.voice.toFixed(0)} → ${after.voice.toFixed(0)} dB\n`,
      );
      await Promise.all([ana.hears(ben), ben.hears(ana)]);
      await chooseSound(ana, 'Music');
      await hearsUntil('Ben hears the noise again', ben, ({ noise }) => noise > after.noise + 6);
      await ana.hears(ben);
      expect(await ana.tab.text()).not.toMatch(/doesn’t work on this device/);
    },
  );
});
