import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** From the settings, before a call. */
async function check({ tab }: Person): Promise<void> {
  await tab.evaluate(`location.hash = '#/settings'`);
  await tab.press('Check the connection');
}

const pressItem = (name: string): string => `(() => {
  const item = [...document.querySelectorAll('[role=menuitem]')].find((one) => one.textContent.includes('${name}'));
  item?.click();
  return item !== undefined;
})()`;

describe('camera and microphone that are not there', () => {
  it('CALL6 a denied camera is said in plain words, and the call goes on', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben', { browser: { allowMedia: false } });
    await check(ben);
    await ben.reads('Camera and microphone are blocked for this page, so nobody sees or hears you.');
    await ben.tab.press('Close');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await ben.sees(ana);
    await ben.hears(ana);
    await ben.reads(/allow|blocked|permission/i);
    expect(await ben.tab.hasButton('Turn camera on')).toBe(true);
    // In the call, where the camera is off by now, the microphone is what counts.
    await ben.tab.press('More');
    await until('the way to the check is there', () =>
      ben.tab.evaluate<boolean>(pressItem('Check the connection')),
    );
    await ben.reads('Your microphone is blocked for this page, so nobody hears you.');
    await ben.tab.press('Close');
    await ben.tab.press('End call');
    await ana.reads('Call ended');
  });

  it('HTTP5 where everything works a check says so, by real ways to the media server, and leaves nothing open', async () => {
    const ana = await stage.person('ana');
    await check(ana);
    await ana.reads('Everything works.');
    const found = await ana.tab.evaluate<Record<string, string>>(`Object.fromEntries(
      [...document.querySelectorAll('.check-table tr')].map((row) => [...row.children].map((cell) => cell.textContent)))`);
    process.stdout.write(`HTTP5 a check on this machine: ${JSON.stringify(found)}\n`);
    expect(found).toMatchObject({
      Camera: 'Works',
      Microphone: 'Works',
      Server: 'Reached',
      'Media server, UDP': 'Open',
      'Media server, TCP': 'Open',
      'Relay, UDP': 'This service has none',
    });
    expect(found['Round trip']).toMatch(/^\d+ ms$/);
    expect(found['Upload']).toMatch(/bit\/s$/);
    const connections = `globalThis.testConnections.map(({ connectionState }) => connectionState)`;
    expect(await ana.tab.evaluate(connections)).toEqual(['closed', 'closed']);
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
