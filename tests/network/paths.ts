import type { Place } from './lab/internet.ts';
import type { Connections } from './lab/networkStage.ts';
import type { Candidate, Connection } from './path.ts';

/** The way media take, as `docs/networks.md` says it. */
export type Path = 'direct' | `relayed over ${string}`;

/** Hairpin matters within one home only. */
export type OwnPlace = Exclude<Place, 'full cone, hairpin'>;

/** In the order of the table: from the most open to the most closed. */
export const PLACES: readonly OwnPlace[] = [
  'open',
  'full cone',
  'port-restricted',
  'symmetric',
  'UDP blocked',
  'only 443',
];

/** Ana's place and Ben's, each pair once: the two are alike. */
export const PAIRS: readonly (readonly [OwnPlace, OwnPlace])[] = PLACES.flatMap((one, index) =>
  PLACES.slice(index).map((other) => [one, other] as const),
);

/** The path that both browsers say they use, of connections that {@link agree}. @throws where they contradict each other */
export function pathOfBoth({ ana, ben }: Connections): Path {
  const seesRelay = [ana, ben].map(({ local, remote }) => [local.type, remote.type].includes('relay'));
  if (seesRelay[0] !== seesRelay[1]) {
    throw new Error(`One side says relayed, the other direct: ${JSON.stringify({ ana, ben })}`);
  }
  const legs = [ana, ben].flatMap(({ local: { type, relayProtocol } }) =>
    type === 'relay' ? [relayProtocol?.toUpperCase() ?? '?'] : [],
  );
  return legs.length === 0 ? 'direct' : `relayed over ${[...new Set(legs)].toSorted().join(' and ')}`;
}

/** An address that a browser does not tell is taken for the other's: the port is told by both. */
const isSame = (one: Candidate, other: Candidate): boolean =>
  one.port === other.port && (one.address === other.address || one.address === '' || other.address === '');

/** Whether the two ends use one pair of candidates: what is local at one is remote at the other. */
export const agree = ({ ana, ben }: Connections): boolean =>
  isSame(ana.local, ben.remote) && isSame(ben.local, ana.remote);

const isKept = (before: Connection, after: Connection): boolean =>
  isSame(before.local, after.local) && isSame(before.remote, after.remote);

/** Whether nothing has changed in between. */
export const isSamePair = (before: Connections, after: Connections): boolean =>
  isKept(before.ana, after.ana) && isKept(before.ben, after.ben);

/** How each place has to reach a relay; null: it does not have to. */
const forcedLeg = (place: Place): 'TCP' | 'TLS' | null =>
  place === 'UDP blocked' ? 'TCP' : place === 'only 443' ? 'TLS' : null;

/**
 * What follows from the NATs' behaviour (RFC 4787, RFC 5128 §3.4): a symmetric one gives its home another port for each
 * peer, and another home that lets only that port in, or does the same, cannot know it.
 */
export function expectedPath(one: Place, other: Place): Path {
  const forced = [forcedLeg(one), forcedLeg(other)].filter((leg) => leg !== null);
  if (forced.length > 0) return `relayed over ${[...new Set(forced)].toSorted().join(' and ')}`;
  const strict = ['port-restricted', 'symmetric'];
  const cannotMeet =
    (one === 'symmetric' && strict.includes(other)) || (other === 'symmetric' && strict.includes(one));
  return cannotMeet ? 'relayed over UDP' : 'direct';
}
