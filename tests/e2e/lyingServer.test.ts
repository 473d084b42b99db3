import { UserKeys } from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LyingServer, startLyingServer } from '../harness/lyingServer.ts';
import { click, readNumber, visit } from '../harness/pages.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
let server: LyingServer;
beforeAll(async () => {
  stage = await createStage();
  server = await startLyingServer(stage.server.url);
});
afterEach(() => {
  server.lie({});
  return stage.clear();
});
afterAll(async () => {
  await server.close();
  await stage.close();
});

const person = (handle: string): Promise<Person> => stage.person(handle, { url: server.url });

/** Nothing of the other has been shown or heard. */
async function expectNothing(of: Person, at: Person): Promise<void> {
  expect((await at.tab.watch(`Video of ${of.name}`))?.played ?? 0).toBe(0);
  expect(await at.tab.listen(`Video of ${of.name}`)).toBe(0);
}

/** Another DTLS certificate, the one of whoever would sit in between. */
const OTHER = Array.from({ length: 32 }, () => 'AB').join(':');
const withOtherFingerprint = (text: string): string =>
  text.replaceAll(/a=fingerprint:sha-256 [0-9A-F:]+/g, `a=fingerprint:sha-256 ${OTHER}`);

describe('a server that lies about a fingerprint or a key', () => {
  it('shows and sends nothing before the person has looked, and everything when they go on', async () => {
    const ana = await person('ana');
    const before = await person('ben');
    await ana.call(before);
    await before.rings();
    await before.tab.press('Answer');
    await Promise.all([ana.sees(before), before.sees(ana)]);
    await ana.tab.press('End call');
    await until('Ana is back at home', () => ana.tab.hasRegion('Contacts'));
    await before.tab.close();

    const lied = server.lied();
    server.lie({
      // A browser that is told that there is no identity makes one: whoever has it would be Ben from now on.
      overHttp: (what, body) => {
        if (/^PUT \/api\/me\/(?:identity|device)-key$/.test(what)) return { status: 204, body: '' };
        if (!/^GET \/api\/users\/[^/]+\/keys$/.test(what)) return null;
        const keys = UserKeys.parse(JSON.parse(body));
        return { status: 200, body: JSON.stringify({ ...keys, identityKey: null, devices: [] }) };
      },
    });
    const after = await person('ben');
    await until('Ben’s new window was lied to', async () => server.lied() >= lied + 3);
    await ana.call(after);
    await after.rings();
    await after.tab.press('Answer');
    await ana.reads('Ben’s security key has changed');
    await ana.reads('Your microphone and camera wait');
    await until('Ben is in the call', () => after.isInCall());
    await after.reads('Ana is checking a security key first. Your network is fine.');
    await Promise.all([expectNothing(after, ana), expectNothing(ana, after)]);
    await ana.tab.press('Continue anyway');
    await Promise.all([ana.sees(after), after.sees(ana)]);
    await Promise.all([ana.hears(after), after.hears(ana)]);
  });

  it('NEG6 leads nobody to another connection, and the one who would be led reads why', async () => {
    const [ana, ben] = [await person('ana'), await person('ben')];
    server.lie({ toDevice: withOtherFingerprint });
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await ben.reads('This connection does not lead to Ana');
    await ben.reads('Your network is fine');
    expect(server.lied()).toBeGreaterThan(0);
    await Promise.all([expectNothing(ana, ben), expectNothing(ben, ana)]);
    expect(await ben.tab.hasButton('Continue anyway')).toBe(false);
    // Ana's side asks to go through the media server; that mends nothing for who was led astray.
    await until(
      'the call has grown, and Ben still reads it',
      () => ben.tab.evaluate<boolean>(`document.querySelector('.held-notice:not([data-large])') !== null`),
      30_000,
    );
    await ben.reads('This connection does not lead to Ana');
    await ben.tab.press('Hang up');
    await until('Ben is back at home', () => ben.tab.hasRegion('Contacts'));
  });

  it('IDN1 shows two who compare their numbers other ones, where it puts its own key in the place of one of theirs', async () => {
    const ofElio = `GET /api/users/${demoUserId('elio')}/keys`;
    const identityKey = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    // Elio himself is told the truth, or his own device would notice.
    server.lie({
      overHttp(what, body) {
        if (what !== ofElio) return null;
        return {
          status: 200,
          body: JSON.stringify({ ...UserKeys.parse(JSON.parse(body)), identityKey, devices: [] }),
        };
      },
    });
    const [dilnoza, elio] = [await person('dilnoza'), await stage.person('elio')];
    await Promise.all([visit(dilnoza, 'elio'), visit(elio, 'dilnoza')]);
    for (const each of [dilnoza, elio]) {
      await each.reads('Not verified yet');
      await click(each, '.identity-line');
    }
    const [shown, honest] = [await readNumber(dilnoza), await readNumber(elio)];
    for (const number of [shown, honest]) expect(number.join('')).toMatch(/^\d{60}$/);
    expect(shown).not.toEqual(honest);
    expect(server.lied()).toBeGreaterThan(0);
  });
});
