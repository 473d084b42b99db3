import { isDeepStrictEqual } from 'node:util';
import type { HistoryEntry, HistoryPage } from '@visavis/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from '../harness/api.ts';
import type { Person } from '../harness/person.ts';
import { agreeOnCode, devicesWithKeys } from '../harness/seal.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const KEYS = ['hangup', 'togglecamera', 'togglemicrophone'];

/** Notes what the page takes of the browser's real wake lock and media session. */
const watchOutside = `(() => {
  globalThis.testLocks = [];
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (type) => {
    const lock = await request(type);
    globalThis.testLocks.push(lock);
    return lock;
  };
  globalThis.testKeys = new Set();
  const { mediaSession } = navigator;
  const set = mediaSession.setActionHandler.bind(mediaSession);
  mediaSession.setActionHandler = (action, handler) => {
    set(action, handler);
    if (handler === null) globalThis.testKeys.delete(action);
    else globalThis.testKeys.add(action);
  };
})()`;
const readOutside = `({ locks: testLocks.map(({ released }) => released), keys: [...testKeys].sort() })`;
const isFloating = `(() => {
  const above = documentPictureInPicture.window?.document;
  const video = above?.querySelector('.floating[data-picture] video') ?? null;
  return video !== null && video.videoWidth > 0 && !video.paused;
})()`;

describe('a call between two', () => {
  it('CALL2 KEY3 brings moving pictures and sound both ways under keys that only the two have, and ends once, in both histories', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    expect(await ben.tab.title()).toContain('Ana');
    await ana.reads(/Ringing on Linux PC \(Chrome\)/);
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    expect(await agreeOnCode([ana, ben])).toMatch(/^\d{30}$/);
    expect(await devicesWithKeys(ana)).toEqual(['This device', `${ben.name} · Linux PC (Chrome)`]);
    expect(await ana.tab.watch('Your video')).toMatchObject({ person: 0 });
    await ben.tab.press('End call');
    await ana.reads('Call ended');
    await until('Ben is back at home', () => ben.tab.hasRegion('Contacts'));
    expect(await historyOf(ana)).toMatchObject([
      { direction: 'outgoing', outcome: 'answered', callType: 'video' },
    ]);
    expect(await historyOf(ben)).toMatchObject([{ direction: 'incoming', outcome: 'answered', seen: true }]);
  });

  it('NEG1 carries sound alone in an audio call, and no camera is opened', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben, 'Audio');
    await ben.rings();
    expect(await ben.tab.hasButton('Answer with audio only')).toBe(false);
    await ben.tab.press('Answer');
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    expect(await ana.tab.watch('Video of Ben Whitaker')).toBeNull();
    await ana.tab.press('End call');
    await ben.reads('Call ended');
  });

  it('CALL6 shows mute and camera to the other one, and the camera comes back without a new offer', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.tab.evaluate(watchOutside);
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await until('the screen stays on and the system has its keys', async () =>
      isDeepStrictEqual(await ana.tab.evaluate(readOutside), { locks: [false], keys: KEYS }),
    );
    await ana.tab.press('Picture in picture');
    await until('Ben is in a window above others', () => ana.tab.evaluate<boolean>(isFloating));
    await ana.tab.evaluate(
      `documentPictureInPicture.window.document.querySelector('[aria-label="Mute"]').click()`,
    );
    await ben.reads(/muted/i);
    await until('Ben hears silence', async () => (await ben.tab.listen(`Video of ${ana.name}`)) < 0.005);
    await ana.tab.press('Unmute');
    await ben.hears(ana);
    await ana.tab.press('Turn camera off');
    await ben.reads(/camera is off/i);
    await ana.tab.press('Turn camera on');
    await ben.sees(ana);
    await ana.tab.press('End call');
    await ben.reads('Call ended');
    await until('nothing of the call is left outside the page', async () =>
      isDeepStrictEqual(await ana.tab.evaluate(readOutside), { locks: [true], keys: [] }),
    );
    expect(await ana.tab.evaluate('documentPictureInPicture.window')).toBeNull();
  });

  it(
    'CALL6 over a line that is too weak for a picture both are told and hear each other, and the picture comes back with the line',
    { timeout: 3 * PATIENT_MS },
    async () => {
      const ana = await stage.person('ana', { cuttable: true });
      const ben = await stage.person('ben');
      await ana.call(ben);
      await ben.rings();
      await ben.tab.press('Answer');
      await Promise.all([ana.sees(ben), ben.sees(ana)]);
      await ana.tab.slowDown({ up: WEAK });
      await until('Ana reads why', () => says(ana, /too weak for your camera/), PATIENT_MS);
      await ben.reads(/Ana’s connection is too weak/);
      for (const { tab } of [ana, ben]) {
        await tab.evaluate(
          `dispatchEvent(new KeyboardEvent('keydown', { key: 'i', code: 'KeyI', bubbles: true }))`,
        );
      }
      await until(
        'Ana reads whose side it is',
        () => says(ana, /Your connection (is very weak|loses|takes)/),
        PATIENT_MS,
      );
      await until('so does Ben', () => says(ben, /Ana’s connection (is very weak|loses|takes)/), PATIENT_MS);
      expect(await says(ben, /Your connection/)).toBe(false);
      await ben.hears(ana);
      await ana.sees(ben);
      await ana.tab.slowDown({});
      await until('Ben reads of it no more', async () => !(await says(ben, /too weak/)), PATIENT_MS);
      await ben.sees(ana);
      await ana.tab.press('End call');
      await ben.reads('Call ended');
    },
  );

  it('RING4 answers with audio only, and the other sees a person without a picture', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer with audio only');
    await ben.sees(ana);
    await ana.hears(ben);
    expect(await ana.tab.watch(`Video of ${ben.name}`)).toBeNull();
    expect(await ben.tab.hasButton('Turn camera on')).toBe(true);
    await ben.tab.press('Turn camera on');
    await ana.sees(ben);
  });
});

/** Bytes per second: sound with its headers, and nothing to spare. */
const WEAK = 10_000;
/** From the browser's estimate of a weak line to a pause, and from a line that is good again over a try to a picture. */
const PATIENT_MS = 60_000;

const says = async ({ tab }: Person, pattern: RegExp): Promise<boolean> => pattern.test(await tab.text());

/** The history as the server has it for the person at this window, newest first. */
async function historyOf({ tab }: Person): Promise<readonly HistoryEntry[]> {
  return (await askServer<HistoryPage>(tab, 'GET', '/calls')).entries;
}
