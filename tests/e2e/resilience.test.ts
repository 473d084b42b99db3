import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../harness/person.ts';
import { agreeOnCode } from '../harness/seal.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

async function connect(cuttable = false): Promise<{ readonly ana: Person; readonly ben: Person }> {
  const ana = await stage.person('ana', { cuttable });
  const ben = await stage.person('ben');
  await ana.call(ben);
  await ben.rings();
  await ben.tab.press('Answer');
  await Promise.all([ana.sees(ben), ben.sees(ana)]);
  return { ana, ben };
}

describe('what a call survives', () => {
  it('CALL2 the callee reloads in the call and is back in it', async () => {
    const { ana, ben } = await connect();
    await ben.tab.reload();
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
  });

  it('KEY1 what encrypts breaks on one side, and the call goes on under new keys', async () => {
    const { ana, ben } = await connect();
    const before = await agreeOnCode([ana, ben]);
    expect(await ana.tab.breakWorkers()).toBe(1);
    await until('the keys are others', async () => (await agreeOnCode([ana, ben])) !== before, 40_000);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
  });

  it('CALL6 the caller reloads muted and without a camera, and stays so', async () => {
    const { ana, ben } = await connect();
    await ana.tab.press('Mute');
    await ana.tab.press('Turn camera off');
    await ben.reads(/camera is off/i);
    await ana.tab.reload();
    await ana.sees(ben);
    expect(await ana.tab.hasButton('Unmute')).toBe(true);
    expect(await ana.tab.hasButton('Turn camera on')).toBe(true);
    expect(await ben.tab.listen(`Video of ${ana.name}`)).toBeLessThan(0.005);
  });

  it('CALL2 both reload at once and find each other again', async () => {
    const { ana, ben } = await connect();
    await Promise.all([ana.tab.reload(), ben.tab.reload()]);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });

  it('RING2 the callee reloads while it rings, and it rings on', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.reload();
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });

  it('NEG2 the caller reloads while it rings, and the answer still finds them', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ana.tab.reload();
    await ana.reads(/Ringing on/);
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });

  it('NEG4 the network is cut for 5 s: both read so, and media comes back by itself', async () => {
    const { ana, ben } = await connect(true);
    const cutAt = Date.now();
    await ana.tab.setNetwork(false);
    await ana.reads(/Reconnecting/);
    await until('5 s have passed', () => Date.now() - cutAt >= 5_000);
    await ana.tab.setNetwork(true);
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await until('nobody reads of it any more', async () => !/Reconnecting/.test(await ana.tab.text()));
  });

  it('CALL2 the server restarts in the call: the media does not notice', async () => {
    const { ana, ben } = await connect();
    const restarted = stage.server.restart();
    const frames = new Set<number>();
    await until('the picture moved while the server was away', async () => {
      const sight = await ana.tab.watch(`Video of ${ben.name}`);
      if (sight !== null && sight.frame !== null) frames.add(sight.frame);
      return frames.size >= 15;
    });
    await restarted;
    await ben.tab.press('End call');
    await ana.reads('Call ended');
  });
});
