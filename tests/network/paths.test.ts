import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isNight } from '../harness/night.ts';
import type { Place } from './lab/internet.ts';
import { whyNoNamespaces } from './lab/namespace.ts';
import {
  createNetworkStage,
  settledConnections,
  type Connections,
  type NetworkStage,
} from './lab/networkStage.ts';
import { PAIRS, expectedPath, pathOfBoth, type Path } from './paths.ts';
import { keyOf, readNetworks, renderNetworks, type SameHome } from './table.ts';

const PAGE = fileURLToPath(new URL('../../docs/networks.md', import.meta.url));
const skipped = whyNoNamespaces();
const isWriting = process.env['VISAVIS_WRITE_NETWORKS'] === 'on';
const isWhole = isNight || isWriting;
const measured = new Map<string, Path>();

describe.skipIf(skipped !== null)(`which path a call takes${skipped ? ` (${skipped})` : ''}`, () => {
  let stage: NetworkStage;
  beforeAll(async () => {
    stage = await createNetworkStage();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  async function expectPath(key: string, path: Path): Promise<void> {
    // Until then a call may well be on its way to a better path; one that stays on another fails here.
    const isExpected = (connections: Connections): boolean => pathOfBoth(connections) === path;
    const connections = await settledConnections(await stage.call(), isExpected);
    measured.set(key, pathOfBoth(connections));
  }

  /** Each network at least twice, and each kind of path; the others are like these, and each takes 12 s. */
  const ALWAYS = new Set([
    'open and open',
    'open and symmetric',
    'full cone and port-restricted',
    'full cone and UDP blocked',
    'port-restricted and symmetric',
    'port-restricted and only 443',
    'symmetric and symmetric',
    'symmetric and only 443',
    'UDP blocked and UDP blocked',
    'UDP blocked and only 443',
  ]);
  for (const [one, other] of PAIRS) {
    const name = `${one} and ${other}`;
    it.skipIf(!isWhole && !ALWAYS.has(name))(name, async () => {
      await Promise.all([stage.internet.ana.moveTo(one), stage.internet.ben.moveTo(other)]);
      await expectPath(keyOf(one, other), expectedPath(one, other));
    });
  }

  const HOMES: readonly (readonly [SameHome, Path])[] = [
    ['same home', 'direct'],
    ['same home, isolated, hairpin', 'direct'],
    ['same home, isolated', 'relayed over UDP'],
  ];
  it.each(HOMES)('%s', async (home, path) => {
    const gateway = home === 'same home, isolated, hairpin' ? 'full cone, hairpin' : 'port-restricted';
    const isIsolated = home !== 'same home';
    await stage.internet.ana.moveToAna(gateway, { isIsolated });
    await stage.internet.ben.moveToAna(gateway, { isIsolated });
    await expectPath(home, path);
  });

  const SENTENCES: readonly (readonly [Place, string, Readonly<Record<string, string>>])[] = [
    [
      'open',
      'Everything works.',
      { 'Media server, UDP': 'Open', 'Relay, UDP': 'Open', 'Relay, TLS': 'Open' },
    ],
    [
      'UDP blocked',
      'This network blocks the fast way for calls (UDP)',
      { 'Media server, UDP': 'Blocked', 'Relay, UDP': 'Blocked', 'Relay, TCP': 'Open', 'Relay, TLS': 'Open' },
    ],
  ];
  it('HTTP5 a check before a call says which ways a network leaves open', async () => {
    for (const [place, sentence, ways] of SENTENCES) {
      await stage.internet.ana.moveTo(place);
      const ana = await stage.open('ana');
      await ana.tab.evaluate(`location.hash = '#/settings'`);
      await ana.tab.press('Check the connection');
      await ana.reads(sentence);
      const found = await ana.tab.evaluate(`Object.fromEntries(
        [...document.querySelectorAll('.check-table tr')].map((row) => [...row.children].map((cell) => cell.textContent)))`);
      process.stdout.write(`HTTP5 ${place}: ${JSON.stringify(found)}\n`);
      expect(found, place).toMatchObject(ways);
      await stage.clear();
    }
  });

  it('docs/networks.md says just that', async () => {
    if (isWriting) await writeFile(PAGE, renderNetworks(measured));
    const said = readNetworks(await readFile(PAGE, 'utf8'));
    // By day, and with a filter, only some pairs are measured.
    const saidOfMeasured = [...measured.keys()].map((key) => [key, said.get(key)]);
    expect(Object.fromEntries(saidOfMeasured)).toEqual(Object.fromEntries(measured));
    expect(said.size, 'all pairs, in both orders, and the homes').toBe(6 * 6 + 3);
  });
});
