import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { createStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('Chromium and Firefox', () => {
  it('NEG1 Chromium calls Firefox', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben', { firefox: true });
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    await ana.tab.press('End call');
    await ben.reads('Call ended');
  });

  it('NEG1 Firefox calls Chromium', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben', { firefox: true });
    await ben.call(ana);
    await ana.rings();
    await ana.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    await ben.tab.press('End call');
    await ana.reads('Call ended');
  });
});
