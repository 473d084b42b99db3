import { startCoturn, type RunningCoturn } from '../../harness/coturn.ts';
import type { Person } from '../../harness/person.ts';
import { createStage, type Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { connectionOf, rememberConnections, type Connection } from '../path.ts';
import { RELAY, SERVER, createInternet, type Internet } from './internet.ts';

const HTTPS_PORT = 443;
const TURN_PORT = 3_478;
const TURN_TLS_PORT = 443;

/** The whole product in an internet of its own: server and relay at their ports of old, two people with their browsers. */
export interface NetworkStage {
  readonly internet: Internet;
  readonly coturn: RunningCoturn;
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

/** About two seconds of pictures: by then a path that works has replaced one that was only quicker. */
const SETTLED_FRAMES = 45;

async function settledConnection(person: Person): Promise<Connection> {
  let found: Connection | null = null;
  await until(
    `${person.name} has decoded ${String(SETTLED_FRAMES)} pictures`,
    async () => {
      found = await connectionOf(person);
      return found !== null && found.framesDecoded >= SETTLED_FRAMES && found.audioSeconds > 1;
    },
    30_000,
  );
  if (found === null) throw new Error('no connection');
  return found;
}

/** The connections of a call, once each side has decoded pictures of the other for a while. */
export async function settledConnections({ ana, ben }: Call): Promise<Connections> {
  const [anas, bens] = await Promise.all([settledConnection(ana), settledConnection(ben)]);
  return { ana: anas, ben: bens };
}
