import { startCoturn, type RunningCoturn } from '../../harness/coturn.ts';
import type { Person } from '../../harness/person.ts';
import { createStage, type Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { attemptsOf, connectionOf, rememberConnections, type Connection } from '../path.ts';
import { agree, isSamePair } from '../paths.ts';
import { RELAY, SERVER, createInternet, type Internet } from './internet.ts';

const HTTPS_PORT = 443;
const TURN_PORT = 3_478;
const TURN_TLS_PORT = 443;

/** The whole product in an internet of its own: server and relay at their ports of old, two people with their browsers. */
export interface NetworkStage {
  readonly internet: Internet;
  readonly coturn: RunningCoturn;
  /** Somebody signed in at their window, from where they are now. */
  open(handle: 'ana' | 'ben'): Promise<Person>;
  /** Ana calls Ben from where the two are now, and Ben answers. */
  call(): Promise<Call>;
  /** Closes every window, so that the two can move. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Call {
  readonly ana: Person;
  readonly ben: Person;
}

/** What both browsers say of one call. */
export interface Connections {
  readonly ana: Connection;
  readonly ben: Connection;
}

export async function createNetworkStage(): Promise<NetworkStage> {
  const internet = await createInternet();
  const coturn = await startCoturn({
    addresses: [RELAY],
    port: TURN_PORT,
    tlsPort: TURN_TLS_PORT,
    prefix: internet.relay.prefix,
  });
  const stage: Stage = await createStage({
    lan: true,
    place: { prefix: internet.server.prefix, host: SERVER, port: HTTPS_PORT },
    env: { VISAVIS_TURN_URLS: coturn.urls.join(','), VISAVIS_TURN_SECRET: coturn.secret },
  });
  const open = async (handle: 'ana' | 'ben'): Promise<Person> => {
    const person = await stage.person(handle, {
      browser: {
        prefix: internet[handle].namespace.prefix,
        // The relay's certificate is of no authority that browsers know; any other would still be refused.
        args: [`--ignore-certificate-errors-spki-list=${coturn.keyHash}`],
      },
    });
    await rememberConnections(person);
    return person;
  };
  return {
    internet,
    coturn,
    open,
    async call() {
      const [ana, ben] = await Promise.all([open('ana'), open('ben')]);
      await ana.call(ben);
      await ben.rings();
      await ben.tab.press('Answer');
      await Promise.all([ana.sees(ben), ben.sees(ana), ana.hears(ben), ben.hears(ana)]);
      return { ana, ben };
    },
    clear: () => stage.clear(),
    async close() {
      await stage.close();
      await coturn.dispose();
      await internet.close();
    },
  };
}

/** About two seconds of pictures: by then a path that works has mostly replaced one that was only quicker. */
const SETTLED_FRAMES = 24;
/** About a second of looks, more often than ICE checks another pair. */
const STABLE_LOOKS = 20;
/** Much longer than ICE takes to find the better path, also on a machine that has too much to do. */
const SETTLE_MS = 30_000;

/** What both browsers say, at the same moment as nearly as can be; null: one of them has no connection in use. */
async function connectionsOf({ ana, ben }: Call): Promise<Connections | null> {
  const [anas, bens] = await Promise.all([connectionOf(ana), connectionOf(ben)]);
  return anas === null || bens === null ? null : { ana: anas, ben: bens };
}

/**
 * The connections of a call, once each side has decoded pictures of the other for a while and both have used one and the same
 * pair of candidates for many looks. One look at each proves nothing: ICE changes to a better pair when it finds one, and the
 * two ends of a change are not of the same moment.
 *
 * @param isWanted - what is waited for; without it, whatever they agree on
 * @throws with what they said last, where they do not agree on that in time
 */
export async function settledConnections(
  call: Call,
  isWanted: (connections: Connections) => boolean = () => true,
): Promise<Connections> {
  let last: Connections | null = null;
  let looks = 0;
  const look = async (): Promise<boolean> => {
    const before = last;
    const looksBefore = looks;
    looks = 0;
    last = await connectionsOf(call);
    if (last === null || !hasFlowed(last) || !agree(last) || !isWanted(last)) return false;
    looks = before !== null && isSamePair(before, last) ? looksBefore + 1 : 1;
    return looks >= STABLE_LOOKS;
  };
  try {
    await until('both browsers stay with one path', look, SETTLE_MS);
  } catch (error) {
    const [anas, bens] = await Promise.all([attemptsOf(call.ana), attemptsOf(call.ben)]);
    const attempts = ['Ana:', ...anas, 'Ben:', ...bens].join('\n');
    throw new Error(`They never agreed on a path, and said last: ${JSON.stringify(last)}\n${attempts}`, {
      cause: error,
    });
  }
  if (last === null) throw new Error('no connection');
  return last;
}

const hasFlowed = ({ ana, ben }: Connections): boolean =>
  [ana, ben].every(({ framesDecoded, audioSeconds }) => framesDecoded >= SETTLED_FRAMES && audioSeconds > 1);
