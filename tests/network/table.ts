import { PLACES, type OwnPlace, type Path } from './paths.ts';

/** Paths by pair of places, and by what two people in one home have between them. */
export type Measured = ReadonlyMap<string, Path>;

export const keyOf = (one: string, other: string): string => [one, other].join(' / ');

const WHAT: Readonly<Record<OwnPlace, string>> = {
  open: 'a public address, and nothing in between',
  'full cone': 'a NAT that keeps one port for all destinations and lets anybody send to it',
  'port-restricted':
    'a NAT that keeps one port for all destinations and lets in only what was asked: most homes',
  symmetric: 'a NAT that takes another port for each destination: many companies and phone networks',
  'UDP blocked': 'a firewall that lets out TCP only',
  'only 443': 'a firewall that lets out TCP to port 443 only',
};

const HOMES = ['same home', 'same home, isolated, hairpin', 'same home, isolated'] as const;
export type SameHome = (typeof HOMES)[number];

const ABOUT_HOMES: Readonly<Record<SameHome, string>> = {
  'same home': 'in one network, which lets them talk to each other',
  'same home, isolated, hairpin':
    'in one network that keeps its machines apart, behind a NAT that lets them meet at its public address',
  'same home, isolated': 'in one network that keeps its machines apart, behind a NAT that does not',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (columns: number): string => row(Array.from({ length: columns }, () => '---'));

/** `docs/networks.md`. Pairs that were not measured are left empty. */
export function renderNetworks(measured: Measured): string {
  const cell = (one: OwnPlace, other: OwnPlace): string =>
    measured.get(keyOf(one, other)) ?? measured.get(keyOf(other, one)) ?? '';
  return [
    '# Which networks take which path',
    '',
    'Measured, not copied: `npm test -- network` puts two real browsers into networks of these kinds, lets one call the other, and',
    'reads from both which path their pictures and sound take; it fails if that is not what this page says.',
    '`VISAVIS_WRITE_NETWORKS=on npm test -- network` writes the page anew. That the networks are what they are called is probed, too.',
    '',
    '**Direct** is from browser to browser. **Relayed** goes through the operator’s TURN server, which each side reaches over what is',
    'named: UDP, TCP, or TLS on port 443. That server also tells devices behind a NAT their public address: without one, only devices',
    'in one network, or of which one has a public address, find each other.',
    '',
    '## Two networks',
    '',
    row(['', ...PLACES]),
    rule(PLACES.length + 1),
    ...PLACES.map((one) => row([`**${one}**`, ...PLACES.map((other) => cell(one, other))])),
    '',
    row(['network', 'is']),
    rule(2),
    ...PLACES.map((place) => row([place, WHAT[place]])),
    '',
    '## One network',
    '',
    row(['two people', 'path']),
    rule(2),
    ...HOMES.map((home) => row([ABOUT_HOMES[home], measured.get(home) ?? ''])),
    '',
  ].join('\n');
}

/** What the page says of each pair. */
export function readNetworks(page: string): Measured {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.replaceAll('**', '').trim()));
  const said = new Map<string, Path>();
  const say = (key: string, text: string | undefined): void => {
    const over = /^relayed over (?<legs>.+)$/.exec(text ?? '')?.groups?.['legs'];
    if (over !== undefined) said.set(key, `relayed over ${over}`);
    else if (text === 'direct') said.set(key, text);
  };
  for (const [, first = '', ...cells] of rows) {
    const place = PLACES.find((each) => each === first);
    if (place !== undefined) PLACES.forEach((other, index) => say(keyOf(place, other), cells[index]));
    const home = HOMES.find((each) => ABOUT_HOMES[each] === first);
    if (home !== undefined) say(home, cells[0]);
  }
  return said;
}
