import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ lan: true });
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('npm start -- --lan', () => {
  it('HTTP1 a phone on the same network takes part: the page is secure and the camera opens', async () => {
    const ana = await stage.person('ana');
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal);
    const ben = await stage.window('ben', { viewport: { width: 390, height: 844 } });
    // A machine with no network still has its loopback address to try.
    const host = address?.address ?? '127.0.0.1';
    await ben.signIn(stage.server.url.replace('127.0.0.1', host));
    expect(await ben.tab.evaluate('isSecureContext')).toBe(true);
    expect(await ben.tab.evaluate('location.hostname')).toBe(host);
    await ben.call(ana);
    await ana.rings();
    await ana.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });
});
