import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from '../harness/api.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const PHONE = { viewport: { width: 390, height: 844 } };

describe('home', () => {
  it('HIST1 a missed call is marked on every device until its person has looked', async () => {
    const ana = await stage.person('ana');
    const phone = await stage.person('ben', PHONE);
    const second = await stage.person('ben', PHONE);
    await ana.call(phone);
    await Promise.all([phone.rings(), second.rings()]);
    await ana.tab.press('Cancel call');
    await Promise.all([phone.stopsRinging(), second.stopsRinging()]);
    await until('both titles count it', async () => {
      const titles = await Promise.all([phone.tab.title(), second.tab.title()]);
      return titles.every((title) => title.startsWith('(1)'));
    });
    await phone.tab.evaluate(`[...document.querySelectorAll('nav button, nav a')]
      .find((one) => one.textContent.includes('Recents')).click()`);
    await until('it is seen', async () => !(await phone.tab.title()).startsWith('('));
    await until('the other device knows', async () => !(await second.tab.title()).startsWith('('));
    await phone.reads('Ana Duarte');
  });

  it('HIST2 a deleted call is gone for its person only, after a reload too', async () => {
    const ana = await stage.person('farah');
    const ben = await stage.person('greta');
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Decline');
    await ana.reads(/can’t talk now/);
    const { entries } = await askServer<{ entries: { callId: string }[] }>(ana.tab, 'GET', '/calls');
    expect(entries).toHaveLength(1);
    await askServer(ana.tab, 'DELETE', `/calls/${entries[0]?.callId}`);
    await ana.tab.reload();
    await ana.reads('Greta Lindqvist');
    expect((await askServer<{ entries: unknown[] }>(ana.tab, 'GET', '/calls')).entries).toHaveLength(0);
    expect((await askServer<{ entries: unknown[] }>(ben.tab, 'GET', '/calls')).entries).toHaveLength(1);
  });

  it('RING3 with do not disturb it rings without a sound, and the caller reads so', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    await askServer(ben.tab, 'PATCH', '/me/settings', { doNotDisturb: true });
    await ana.call(ben);
    await ana.reads(/Ringing silently on/);
    await ben.rings();
    await ben.tab.press('Answer');
    await ana.sees(ben);
    await askServer(ben.tab, 'PATCH', '/me/settings', { doNotDisturb: false });
  });

  it('RING8 a blocked caller rings nowhere and reads what they would read of somebody who is away', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.person('ben');
    const { user } = await askServer<{ user: { userId: string } }>(ana.tab, 'GET', '/me');
    await askServer(ben.tab, 'PUT', `/blocks/${user.userId}`);
    await ana.call(ben);
    await ana.reads(/None of Ben’s devices is online/);
    expect(await ben.tab.hasRegion('Incoming call')).toBe(false);
    await ana.reads(/Ben can’t be reached/);
    await askServer(ben.tab, 'DELETE', `/blocks/${user.userId}`);
  });

  it('HTTP1 two windows of one browser are two people who call each other', async () => {
    const ana = await stage.person('ana');
    const ben = await stage.windowBeside(ana, 'ben');
    await ben.signIn(stage.server.url);
    await ana.call(ben, 'Audio');
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
    await Promise.all([ana.tab.reload(), ben.tab.reload()]);
    await Promise.all([ana.hears(ben), ben.hears(ana)]);
  });

  it('SES3 a device in two windows belongs to one; the other says so and can take it back', async () => {
    const first = await stage.person('ana');
    const second = await stage.windowBeside(first, 'ana');
    await second.tab.open(stage.server.url);
    const device = await first.tab.evaluate<string>(`sessionStorage.getItem('visavis.device')`);
    // As a duplicated tab has it.
    await second.tab.evaluate(`sessionStorage.setItem('visavis.device', ${JSON.stringify(device)})`);
    await second.tab.reload();
    await second.reads(/is open in another window/);
    await second.tab.press('Use it here');
    await until('the second window is at home', () => second.tab.hasRegion('Contacts'));
    await first.reads(/is open in another window/);
  });

  it('CALL2 nothing is lost when the server is stopped and started again', async () => {
    const ana = await stage.person('ana');
    const before = await askServer<{ entries: unknown[] }>(ana.tab, 'GET', '/calls');
    expect(before.entries.length).toBeGreaterThan(0);
    expect(await stage.server.stop()).toBe(0);
    await stage.server.restart();
    await ana.tab.reload();
    await until('Ana is still signed in', () => ana.tab.hasRegion('Contacts'));
    expect(await askServer(ana.tab, 'GET', '/calls')).toEqual(before);
  });
});
