import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from '../harness/api.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ ringMs: 6_000 });
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('every way in which a call ends', () => {
  it('RING5 the caller cancels: it stops ringing, and the callee has a missed call', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ana.tab.press('Cancel call');
    await ben.stopsRinging();
    await ben.reads(/Missed call/);
    await until('Ana is at home', async () => !(await ana.isInCall()));
  });

  it('RING5 the callee declines: the caller reads so', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Decline');
    await ben.stopsRinging();
    await ana.reads(/Ben can’t talk now/);
  });

  it('RING5 nobody answers: both sides stop at the deadline', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben);
    await ben.rings();
    await ana.reads('No answer');
    await ben.stopsRinging();
    await ben.reads(/Missed call/);
  });

  it('RING2 nobody is online: the caller reads that Ben cannot be reached', async () => {
    const ana = await stage.person('ana');
    await ana.tab.press('Video call Ben Whitaker');
    await ana.reads(/Ben can’t be reached/);
  });

  it('RING6 the callee is in a call and wants no second one: busy', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    const chidi = await stage.person('chidi');
    await askServer(ben.tab, 'PATCH', '/me/settings', { callWaiting: false });
    await ana.call(ben, 'Audio');
    await ben.rings();
    await ben.tab.press('Answer');
    await ana.hears(ben);
    await chidi.call(ben, 'Audio');
    await chidi.reads(/Ben is in another call/);
    expect(await ben.tab.hasRegion('Incoming call')).toBe(false);
    await ana.hears(ben);
    await askServer(ben.tab, 'PATCH', '/me/settings', { callWaiting: true });
  });

  it('CALL2 a window that crashes is gone for the other one within 10 s', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await ana.call(ben, 'Audio');
    await ben.rings();
    await ben.tab.press('Answer');
    await ana.hears(ben);
    await ben.tab.crash();
    await until(
      'Ana’s call is over',
      async () => /Connection lost|Call ended/.test(await ana.tab.text()),
      25_000,
    );
  });
});
