import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserKeys } from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { askServer } from '../harness/api.ts';
import type { Person } from '../harness/person.ts';
import { click, has, readNumber, visit } from '../harness/pages.ts';
import { readShownCode, writeQrFilm, type ShownCode } from '../harness/qrFilm.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

const FILM = join(tmpdir(), `visavis-qr-${String(process.pid)}.y4m`);

let stage: Stage;
beforeAll(async () => {
  await writeQrFilm(FILM, null);
  stage = await createStage();
});
afterAll(async () => {
  await stage.close();
  await rm(FILM, { force: true });
});

async function readCode({ tab, name }: Person): Promise<ShownCode> {
  let code: ShownCode | null = null;
  await until(`${name} shows a code`, async () => (code = await readShownCode(tab)) !== null);
  if (code === null) throw new Error('there is no code');
  return code;
}

/** What is said of a call that is over lies over all else until then, at whoever hung up as well. */
async function putAway(person: Person): Promise<void> {
  await person.reads('Call ended');
  await person.tab.press('Close');
}

/** Another identity key for this person: as when all devices were lost, or when the server lies. */
async function replaceIdentity({ tab }: Person, handle: string): Promise<void> {
  const keys = z.parse(UserKeys, await askServer(tab, 'GET', `/users/${demoUserId(handle)}/keys`));
  const identityKey = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
  await askServer(tab, 'PUT', '/me/identity-key', { identityKey, replaces: keys.identityKey });
}

it(
  'IDN1 two compare the same number, one by the camera and one in a call, which outlasts a reload; another identity is said before the call is answered',
  { timeout: 240_000 },
  async () => {
    const film = `--use-file-for-fake-video-capture=${FILM}`;
    const ana = await stage.person('ana', { browser: { args: [film] } });
    const ben = await stage.person('ben');

    // What is on Ben's screen comes before Ana's camera.
    await visit(ana, 'ben');
    await visit(ben, 'ana');
    for (const person of [ana, ben]) {
      await person.reads('Not verified yet');
      await click(person, '.identity-line');
    }
    const number = await readNumber(ana);
    expect(number.join('')).toMatch(/^\d{60}$/);
    expect(await readNumber(ben)).toEqual(number);
    await writeQrFilm(FILM, await readCode(ben));
    await ana.tab.press('Scan Ben’s code');
    await ana.reads('The codes match');
    await ana.tab.press('Done');
    await ben.tab.press('Close');
    await has(ana, '.identity-line[data-standing="verified"]');
    await ana.tab.reload();
    await has(ana, '.identity-line[data-standing="verified"]');
    await has(ana, '.row .trust-mark[data-standing="verified"]');

    // From a call it is two presses.
    await ana.call(ben, 'Audio');
    await ben.rings();
    await ben.tab.press('Answer');
    await has(ana, '.seal-mark[data-trust="verified"]');
    await has(ben, '.seal-mark[data-trust="sealed"]');
    await click(ben, '.seal-mark');
    await ben.tab.press('Verify Ana');
    expect(await readNumber(ben)).toEqual(number);
    await ben.tab.press('They are the same');
    await ben.tab.press('Done');
    await has(ben, '.seal-mark[data-trust="verified"]');
    await click(ben, '.seal-more summary');
    await ben.reads(/Frames decrypted\s+[1-9]/);
    await ben.tab.press('End call');
    await Promise.all([ana, ben].map(putAway));

    // Another identity shows at once, and while it rings.
    await replaceIdentity(ben, 'ben');
    await has(ana, '.identity-notice');
    await has(ana, '.row .trust-mark[data-standing="changed"]');
    await ben.call(ana, 'Audio');
    await ana.rings();
    await ana.reads('Ben’s identity has changed. It may be somebody else who calls.');
    await ana.tab.press('Decline');
    await ana.stopsRinging();
    await ana.tab.press('Accept new identity');
    await ana.reads('Not verified yet');
  },
);
