import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Person } from '../harness/person.ts';
import { createStage, type PersonOptions } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

/** Takes the pictures of the README from the product as it is: `node tests/screenshots/take.ts`. */
const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SHARP = { camera: 'portrait' } as const;
const PHONE: PersonOptions = { viewport: { width: 390, height: 844 }, browser: SHARP };
const DESKTOP: PersonOptions = { viewport: { width: 1280, height: 800 }, browser: SHARP };

await mkdir(IMAGES, { recursive: true });
const stage = await createStage();
/** Once the pictures of people are there and nothing moves in any more. */
async function picture({ tab }: Person, name: string): Promise<void> {
  await until('everything has come to rest', () =>
    tab.evaluate<boolean>(`[...document.images].every((image) => image.complete) &&
      document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity)`),
  );
  await tab.screenshot(`${IMAGES}${name}.png`);
}

try {
  const ana = await stage.person('ana', DESKTOP);
  const signIn = await stage.window('ana', DESKTOP);
  await picture(signIn, 'sign-in');
  const ben = await stage.person('ben', { ...PHONE, dark: true });
  const farah = await stage.person('farah', PHONE);
  const imani = await stage.person('imani', PHONE);

  // Some history first: an answered call, a declined one, a missed one.
  await farah.call(ana, 'Audio');
  await ana.rings();
  await ana.tab.press('Answer');
  await farah.hears(ana);
  await picture(farah, 'audio-call-phone');
  await farah.tab.press('End call');
  await ana.reads('Call ended');
  await ana.tab.press('Close');
  await imani.call(ana);
  await ana.rings();
  await picture(ana, 'incoming');
  await picture(imani, 'outgoing-phone');
  await imani.tab.press('Cancel call');
  await ana.stopsRinging();
  await until(
    'the card about the missed call is gone',
    async () => !/hung up/.test(await ana.tab.text()),
    30_000,
  );
  await picture(ana, 'home');

  await ana.call(ben);
  await ben.rings();
  await picture(ben, 'incoming-phone-dark');
  await picture(ana, 'outgoing');
  await ben.tab.press('Answer');
  await until(
    'both see each other',
    async () => {
      const sights = [
        await ana.tab.watch(`Video of ${ben.name}`),
        await ben.tab.watch(`Video of ${ana.name}`),
      ];
      // The picture has grown to what the connection can carry.
      return sights.every((sight) => sight !== null && sight.width >= 960);
    },
    40_000,
  );
  for (const [person, name] of [
    [ana, 'call'],
    [ben, 'call-phone-dark'],
  ] as const) {
    // The controls hide themselves, and come when the pointer moves.
    await person.tab.evaluate(
      `document.querySelector('.stage').dispatchEvent(new PointerEvent('pointermove', { bubbles: true, pointerType: 'mouse', clientX: 200, clientY: 300, movementX: 9, movementY: 9 }))`,
    );
    await picture(person, name);
  }
  await ben.tab.press('End call');
  await ana.reads('Call ended');
  await picture(ana, 'summary');
  await ben.tab.press('Close');
  await picture(ben, 'home-phone-dark');
} finally {
  await stage.close();
}
