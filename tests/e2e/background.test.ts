import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { scripts, type Tab } from '../harness/tab.ts';
import { until } from '../harness/until.ts';

const PATIENT_MS = 40_000;
/** Few pictures a second: where somebody's machine cannot keep up, the effect ends, and this is not about that. */
const SPARSER = { browser: { camera: 'sparser' } } as const;

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** What somebody has seen of another since they began to watch. */
interface Watched {
  /** Pictures that were drawn. */
  readonly pictures: number;
  /** Those with the mark that is in a corner of the room: nothing behind the person was changed. */
  readonly marked: number;
  /** How much neighbouring pixels differ, of the last picture: in the room beside the person, and in the face. */
  readonly room: number;
  readonly face: number;
  /** How much more red than blue there is where the sun of the hills is, and in its mirror image. */
  readonly sun: number;
  readonly mirroredSun: number;
}

/** Looks at each picture of a person that is drawn, from the first on. */
const beginWatching = (label: string): string => `(() => {
  const watched = { pictures: 0, marked: 0, room: 0, face: 0, sun: 0, mirroredSun: 0 };
  globalThis.testWatched = watched;
  const canvas = new OffscreenCanvas(640, 360);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const pixelsOf = (x, y, width, height) => context.getImageData(x * 640, y * 360, width * 640, height * 360);
  const detail = ({ data, width, height }) => {
    let sum = 0;
    for (let y = 0; y < height; y += 1)
      for (let x = 1; x < width; x += 1) {
        const at = (y * width + x) * 4;
        sum += Math.abs(data[at + 1] - data[at - 3]);
      }
    return sum / (width * height);
  };
  const warmth = ({ data }) => {
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += data[at] - data[at + 2];
    return (sum * 4) / data.length;
  };
  const look = (video) => {
    if (globalThis.testWatched !== watched) return;
    watched.pictures += 1;
    if (globalThis.visavisCharacters.readVideoMark(video) !== undefined) watched.marked += 1;
    context.drawImage(video, 0, 0, 640, 360);
    watched.room = detail(pixelsOf(0.02, 0.1, 0.28, 0.5));
    watched.face = detail(pixelsOf(0.42, 0.4, 0.16, 0.3));
    watched.sun = warmth(pixelsOf(0.79, 0.18, 0.03, 0.05));
    watched.mirroredSun = warmth(pixelsOf(0.18, 0.18, 0.03, 0.05));
    video.requestVideoFrameCallback(() => look(video));
  };
  const seek = () => {
    if (globalThis.testWatched !== watched) return;
    const video = [...document.querySelectorAll('video')].find((one) => one.getAttribute('aria-label') === ${JSON.stringify(label)});
    if (video === undefined) requestAnimationFrame(seek);
    else video.requestVideoFrameCallback(() => look(video));
  };
  seek();
})()`;

const watched = ({ tab }: Person): Promise<Watched> => tab.evaluate<Watched>('globalThis.testWatched');

/** Waits until this many more pictures have come, and tells of them. */
async function seesMore(who: Person, count: number): Promise<Watched> {
  const { pictures } = await watched(who);
  let seen = await watched(who);
  await until(
    `${who.name} sees ${count} more pictures`,
    async () => {
      seen = await watched(who);
      return seen.pictures >= pictures + count;
    },
    PATIENT_MS,
  );
  return seen;
}

const pressAny = (tab: Tab, name: string): Promise<void> =>
  until(`${name} is there to be pressed`, () =>
    tab.evaluate<boolean>(`(() => {
      const found = ${scripts.find('[role^=menuitem]', name)};
      found?.click();
      return found !== null;
    })()`),
  );

async function chooseInCall({ tab }: Person, name: string): Promise<void> {
  await tab.press('Choose camera');
  await pressAny(tab, 'Background');
  await tab.check(name);
  await tab.press('Close');
}

async function answer(ana: Person, ben: Person): Promise<void> {
  await ana.call(ben);
  await ben.rings();
  await ben.tab.press('Answer');
}

describe('what is behind a person', () => {
  it(
    'is blurred or another picture at the other end from the first picture on, and the person is not',
    { timeout: 4 * PATIENT_MS },
    async () => {
      const ana = await stage.person('ana', SPARSER);
      const ben = await stage.person('ben', SPARSER);
      await ana.tab.evaluate(`location.hash = '#/settings'`);
      await ana.tab.check('Blur');
      await ben.tab.evaluate(beginWatching(`Video of ${ana.name}`));
      await answer(ana, ben);
      const blurred = await seesMore(ben, 12);
      await ana.tab.press('Turn camera off');
      await until('Ana’s camera is off', () => ana.tab.hasButton('Turn camera on'));
      await ana.tab.press('Turn camera on');
      await seesMore(ben, 8);
      await chooseInCall(ana, 'Hills');
      await until(
        'Ben sees hills, the right way round',
        async () => {
          const { sun, mirroredSun } = await watched(ben);
          return sun > 15 && mirroredSun < 0;
        },
        PATIENT_MS,
      );
      await ben.hears(ana);
      expect(await ana.tab.text()).not.toMatch(/The others see your room/);
      expect((await watched(ben)).marked).toBe(0);
      await chooseInCall(ana, 'My room');
      await ben.sees(ana);
      await until('the room is there again', async () => (await watched(ben)).marked > 0, PATIENT_MS);
      const plain = await seesMore(ben, 4);
      process.stdout.write(
        `detail at the other end, blurred and as it is: room ${blurred.room.toFixed(2)} and ${plain.room.toFixed(2)}, face ${blurred.face.toFixed(2)} and ${plain.face.toFixed(2)}\n`,
      );
      expect(blurred.room).toBeLessThan(plain.room / 2);
      expect(blurred.face).toBeGreaterThan(plain.face / 2);
    },
  );

  it('is as it is where the model does not load: that is said, and the call goes on', async () => {
    const ana = await stage.person('ana', SPARSER);
    const ben = await stage.person('ben', SPARSER);
    await ana.tab.refuse('.tflite');
    await answer(ana, ben);
    await ben.sees(ana);
    await chooseInCall(ana, 'Blur');
    await ana.reads(
      'What’s behind you can’t be changed on this device at the moment. The others see your room.',
    );
    await ben.sees(ana);
    await Promise.all([ben.hears(ana), ana.hears(ben)]);
    expect(await ana.isInCall()).toBe(true);
  });
});
