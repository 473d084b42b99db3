import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('camera and microphone that are not there', () => {
  it('CALL6 a denied camera is said in plain words, and the call goes on', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben', { browser: { allowMedia: false } });
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await ben.sees(ana);
    await ben.hears(ana);
    await ben.reads(/allow|blocked|permission/i);
    expect(await ben.tab.hasButton('Turn camera on')).toBe(true);
    await ben.tab.press('End call');
    await ana.reads('Call ended');
  });

  it('CALL6 no camera and no microphone: one can still watch and listen', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben', { browser: { camera: 'none' } });
    await ben.call(ana);
    await ben.reads(/No (camera|microphone)/i);
    await ana.rings();
    await ana.tab.press('Answer');
    await ben.sees(ana);
    await ben.hears(ana);
  });
});
