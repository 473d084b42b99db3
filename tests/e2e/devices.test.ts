import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('several devices and several people', () => {
  it('RING4 three devices ring, one answers, the other two stop and say where it was answered', async () => {
    const ana = await stage.person('ana');
    const bens = [await stage.person('ben'), await stage.person('ben'), await stage.person('ben')] as const;
    await ana.call(bens[0]);
    await Promise.all(bens.map((ben) => ben.rings()));
    await bens[1].tab.press('Answer');
    await Promise.all([bens[0], bens[2]].map((ben) => ben.stopsRinging()));
    await Promise.all([bens[0], bens[2]].map((ben) => ben.reads(/Answered on your Linux PC \(Chrome\)/)));
    await Promise.all([ana.sees(bens[1]), bens[1].sees(ana)]);
  });

  it('RING5 a decline on one device stops all of them', async () => {
    const ana = await stage.person('ana');
    const bens = [await stage.person('ben'), await stage.person('ben')] as const;
    await ana.call(bens[0]);
    await Promise.all(bens.map((ben) => ben.rings()));
    await bens[0].tab.press('Decline');
    await Promise.all(bens.map((ben) => ben.stopsRinging()));
    await ana.reads(/can’t talk now/);
  });

  it('RING2 a device that comes online while it rings, rings at once', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    const second = await stage.person('ben');
    await second.rings();
    await second.tab.press('Answer');
    await ben.stopsRinging();
    await ana.sees(second);
  });

  it('RING7 two people dial each other at once and are in one call', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await until('both have each other as contacts', async () => {
      const there = [
        ana.tab.hasButton(`Video call ${ben.name}`),
        ben.tab.hasButton(`Video call ${ana.name}`),
      ];
      return (await Promise.all(there)).every(Boolean);
    });
    const at = Date.now() + 500;
    await Promise.all([
      ana.tab.pressAt(`Video call ${ben.name}`, at),
      ben.tab.pressAt(`Video call ${ana.name}`, at),
    ]);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    expect(await ana.tab.hasRegion('Incoming call')).toBe(false);
    expect(await ben.tab.hasRegion('Incoming call')).toBe(false);
  });

  it('RING6 a second caller at the same time waits; answer and hold; then back to the first', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    const chidi = await stage.person('chidi');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await ben.sees(ana);
    await chidi.call(ben);
    await ben.rings();
    await ben.reads(/Chidi/);
    await ben.tab.press('Answer and hold');
    await Promise.all([ben.sees(chidi), chidi.sees(ben)]);
    await ana.reads(/on hold/i);
    await ben.tab.press(`Swap to ${ana.name}`);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await chidi.reads(/on hold/i);
    await ben.tab.press('End call');
    await ana.reads('Call ended');
    await chidi.reads(/on hold/i);
  });

  it('RING4 two people call the same one at once: one is answered, the other waits', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    const chidi = await stage.person('chidi');
    await Promise.all([ana.call(ben, 'Audio'), chidi.call(ben, 'Audio')]);
    await Promise.all([ana.reads(/Ringing on/), chidi.reads(/Ringing on/)]);
    await ben.rings();
    await ben.tab.press('Answer');
    await until('one of the two is in a call with Ben', async () => {
      const heard = await Promise.all([ana, chidi].map((one) => one.tab.listen(`Video of ${ben.name}`)));
      return heard.filter((level) => level > 0.02).length === 1;
    });
    await ben.rings();
  });
});
