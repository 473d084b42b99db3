import { demoUserId } from '@visavis/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { layCable, type Cable } from '../faults/support/cable.ts';
import { SocketDevice } from '../harness/socketDevice.ts';
import { createStage, type Stage } from '../harness/stage.ts';

/** An idle device finds out by itself after 25 s and 4 s more; half of that is not the work of an event any more. */
const BY_ITSELF_MS = 29_000;

let stage: Stage;
let cable: Cable;
beforeAll(async () => {
  stage = await createStage();
  cable = await layCable(Number(new URL(stage.server.url).port));
});
afterEach(async () => {
  // Else signing out may wait for ever on a connection of before the change.
  cable.mend();
  await stage.clear();
});
afterAll(async () => {
  await stage.close();
  await cable.dispose();
});

describe('SES4 a socket that died without a word', () => {
  it.each([
    ['back online', `dispatchEvent(new Event('online'))`, false],
    ['visible again', `document.dispatchEvent(new Event('visibilitychange'))`, false],
    ['back online, in Firefox', `dispatchEvent(new Event('online'))`, true],
  ])('is left when the device is %s, and what it missed comes', async (what, event, firefox) => {
    const ana = await stage.window('ana', { firefox });
    await ana.signIn(`http://127.0.0.1:${cable.port}`);
    const ben = await SocketDevice.online(stage.server.url, 'ben');
    cable.change();
    const callId = await ben.dial({ userId: demoUserId('ana') });
    try {
      expect(await ana.tab.hasRegion('Incoming call')).toBe(false);
      const startedAt = performance.now();
      await ana.tab.evaluate(event);
      await ana.rings();
      const tookMs = performance.now() - startedAt;
      process.stdout.write(`SES4 ${what}: it rings ${Math.round(tookMs)} ms later\n`);
      expect(tookMs).toBeLessThan(BY_ITSELF_MS / 2);
    } finally {
      await ben.request('cancel_call', { callId });
      ben.close();
    }
    await ana.stopsRinging();
  });
});
