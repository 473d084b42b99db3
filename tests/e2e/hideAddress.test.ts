import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from '../harness/api.ts';
import { ON_LOOPBACK, startCoturn, type RunningCoturn } from '../harness/coturn.ts';
import { isNight } from '../harness/night.ts';
import type { Person } from '../harness/person.ts';
import { createStage, type Stage } from '../harness/stage.ts';
import { BUTTON, scripts } from '../harness/tab.ts';
import { until } from '../harness/until.ts';

let coturn: RunningCoturn;
let withRelay: Stage;
let withoutRelay: Stage;
beforeAll(async () => {
  coturn = await startCoturn(ON_LOOPBACK);
  withRelay = await createStage({
    env: {
      VISAVIS_TURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=udp`,
      VISAVIS_TURN_SECRET: coturn.secret,
    },
  });
  withoutRelay = await createStage();
});
afterEach(async () => {
  await withRelay.clear();
  await withoutRelay.clear();
});
afterAll(async () => {
  await withRelay.close();
  await withoutRelay.close();
  await coturn.dispose();
});

/** From now on the page keeps what it says to the server and which connections it makes. */
const listen = (person: Person): Promise<void> =>
  person.tab.evaluate(`{
    globalThis.said = [];
    globalThis.connections = new Set();
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (frame) { said.push(frame); return send.call(this, frame); };
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      connections.add(this);
      return setRemoteDescription.call(this, description);
    };
  }`);

const saidBy = (person: Person): Promise<string[]> => person.tab.evaluate<string[]>('said');

interface Seen {
  readonly type: string;
  readonly address: string | null;
}
/** Where the other one's packets come from, as this browser has seen it: told candidates, and those it found out by itself. */
const seenAt = (person: Person): Promise<Seen[]> =>
  person.tab.evaluate<Seen[]>(`(async () => {
    const reports = await Promise.all([...connections].map((connection) => connection.getStats()));
    return reports.flatMap((report) => [...report.values()])
      .filter(({ type }) => type === 'remote-candidate')
      // Of one that it found out by itself and was never told of Chromium says an empty address.
      .map(({ candidateType, address }) => ({ type: candidateType, address: address || null }));
  })()`);

/** By the switch in the settings, as a person does it. */
const setHiding = async (person: Person, wanted: boolean): Promise<void> => {
  await person.tab.evaluate('location.hash = "#/settings"');
  await until('the setting is there', async () => (await switchOf(person)) !== null);
  if ((await switchOf(person))?.checked !== String(wanted)) await person.tab.evaluate(`${SWITCH}.click()`);
  await until('the setting shows', async () => (await switchOf(person))?.checked === String(wanted));
  await until('the server knows', async () => {
    const { settings } = await askServer<{ settings: { hideAddress: boolean } }>(person.tab, 'GET', '/me');
    return settings.hideAddress === wanted;
  });
  await person.tab.evaluate('location.hash = "#/"');
};

const SWITCH = `[...document.querySelectorAll('[role=switch]')].find((one) => one.textContent.includes('Hide my address'))`;
const switchOf = (person: Person) =>
  person.tab.evaluate<{ checked: string; text: string } | null>(`(() => {
    const found = ${SWITCH};
    return found === undefined ? null : { checked: found.getAttribute('aria-checked'), text: found.textContent };
  })()`);

/** Everything that looks like an address in what was said, whatever field it stands in. */
function addressesIn(frames: readonly string[]): string[] {
  const words = frames.flatMap((frame) => frame.split(/[^0-9a-zA-Z.:-]+|\\[rn]/));
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  return [
    ...words.filter((word) => isIP(word) > 0),
    ...words.filter((word) => word.endsWith('.local')),
    ...own.filter((address) => frames.some((frame) => frame.includes(address))),
  ];
}

async function expectHidden(hider: Person, other: Person): Promise<void> {
  const frames = await saidBy(hider);
  const candidates = frames.join('\n').match(/candidate:\S+ \d \w+ \d+ [^"\\]*/g) ?? [];
  expect(candidates.length, 'candidates').toBeGreaterThan(0);
  for (const candidate of candidates) expect(candidate).toContain(` ${coturn.relayAddress} `);
  for (const candidate of candidates) expect(candidate).toContain(' typ relay ');
  expect(new Set(addressesIn(frames))).toEqual(new Set([coturn.relayAddress, '0.0.0.0']));
  const seen = await seenAt(other);
  expect(seen.length, 'remote candidates').toBeGreaterThan(0);
  for (const { type, address } of seen) {
    expect(['relay', 'prflx']).toContain(type);
    if (address !== null) expect(address).toBe(coturn.relayAddress);
  }
}

/** Opens the details of the call with their key and waits until they say over which path it goes. */
async function expectDetails(person: Person, path: string): Promise<void> {
  await person.tab.evaluate(
    `dispatchEvent(new KeyboardEvent('keydown', { key: 'i', code: 'KeyI', bubbles: true }))`,
  );
  await until('the details are open', () => person.tab.hasRegion('Call details'));
  await person.reads(new RegExp(`Path\\s+${path}`));
  await person.reads(/Round trip\s+\d+ ms/);
  await person.reads(/Picture\s+\d+ × \d+\s+\d+ × \d+/);
  await person.reads(/Bit rate\s+[\d.]+ [kM]bit\/s\s+[\d.]+ [kM]bit\/s/);
}

/** A call of Ana with Ben in which one of them hides, in Firefox if wanted. */
async function tryHiding(who: 'ana' | 'ben', firefox: boolean): Promise<void> {
  const ana = await withRelay.person('ana', { firefox: firefox && who === 'ana' });
  const ben = await withRelay.person('ben', { firefox: firefox && who === 'ben' });
  const [hider, other] = who === 'ana' ? [ana, ben] : [ben, ana];
  await Promise.all([listen(ana), listen(ben)]);
  await setHiding(hider, true);
  try {
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await expectHidden(hider, other);
    await expectDetails(hider, 'Relayed · UDP');
    await expectDetails(other, 'Relayed · UDP');

    // NEG4: another network, and everything is gathered anew.
    const before = (await saidBy(hider)).length;
    await hider.tab.evaluate(`dispatchEvent(new Event('online'))`);
    await until('candidates are gathered anew', async () =>
      (await saidBy(hider)).slice(before).some((frame) => frame.includes('candidate:')),
    );
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    await expectHidden(hider, other);
  } finally {
    await setHiding(hider, false);
  }
}

describe('NEG5 with a relay', () => {
  type Way = readonly [what: string, who: 'ana' | 'ben', firefox: boolean];
  const WAYS: readonly Way[] = [
    ['the caller hides', 'ana', false],
    ['the callee hides, in Firefox', 'ben', true],
  ];
  const OTHER_WAYS: readonly Way[] = [
    ['the callee hides', 'ben', false],
    ['the caller hides, in Firefox', 'ana', true],
  ];
  const NAME = '%s: the call goes through it and nobody learns the address';
  it.each(WAYS)(NAME, async (_what, who, firefox) => tryHiding(who, firefox));
  it.skipIf(!isNight).each(OTHER_WAYS)(NAME, async (_what, who, firefox) => tryHiding(who, firefox));

  it('who does not hide goes straight: what the test above looks at can tell', async () => {
    const ana = await withRelay.person('ana');
    const ben = await withRelay.person('ben');
    await Promise.all([listen(ana), listen(ben)]);
    await ana.call(ben);
    await ben.rings();
    await ben.tab.press('Answer');
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
    expect(addressesIn(await saidBy(ana)).some((address) => address !== coturn.relayAddress)).toBe(true);
    await expect(expectHidden(ana, ben)).rejects.toThrow();
    await expectDetails(ana, 'Direct · UDP');

    await ana.tab.evaluate(
      'navigator.clipboard.writeText = (text) => { globalThis.copied = text; return Promise.resolve(); }',
    );
    await ana.tab.press('Copy report');
    await ana.reads('The report is copied.');
    const copied = await ana.tab.evaluate<string>('copied');
    expect(copied).toMatch(/Path: Direct · UDP/);
    // The version of the browser looks like one.
    expect(addressesIn([copied.replace(/Chrome\/\S+/, '')])).toEqual([]);
    expect(copied).not.toMatch(new RegExp(`${ana.name}|${ben.name}`));
    await ana.tab.press('Close the details');
    await until('they are closed', async () => !(await ana.tab.hasRegion('Call details')));
  });
});

describe('NEG5 without a relay', () => {
  it('neither calls nor answers, says why, and sends nothing', async () => {
    const ana = await withoutRelay.person('ana');
    const ben = await withoutRelay.person('ben');
    await setHiding(ana, true);
    await ana.tab.evaluate('location.hash = "#/settings"');
    await until('the setting says so', async () =>
      /no relay, so you can’t make or answer calls/.test((await switchOf(ana))?.text ?? ''),
    );
    await ana.tab.evaluate('location.hash = "#/"');
    await listen(ana);
    await ana.call(ben);
    await ana.reads(/this service has no relay/);
    expect((await saidBy(ana)).filter((frame) => frame.includes('initiate_call'))).toEqual([]);

    await ben.call(ana);
    await ana.rings();
    await ana.tab.press('Answer');
    await ana.reads(/this service has no relay/);
    expect((await saidBy(ana)).filter((frame) => /answer_call|candidate|"offer"/.test(frame))).toEqual([]);
    expect(await ana.tab.hasRegion('Incoming call')).toBe(true);

    await askServer(ana.tab, 'PATCH', '/me/settings', { hideAddress: false });
    await until('it can be answered now', async () => {
      // The setting takes a moment to arrive; pressed too early it says why not, and rings on.
      await ana.tab.evaluate(`${scripts.find(BUTTON, 'Answer')}?.click()`);
      return ana.isInCall();
    });
    await Promise.all([ana.sees(ben), ben.sees(ana)]);
  });
});
