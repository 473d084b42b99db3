import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCoturn, type RunningCoturn } from '../harness/coturn.ts';
import { GATEWAYS } from './lab/gateways.ts';
import {
  RELAY,
  SERVER,
  SERVER_ALTERNATE,
  createInternet,
  type Internet,
  type Place,
} from './lab/internet.ts';
import { whyNoNamespaces } from './lab/namespace.ts';
import type { Behaviour } from './lab/probeProtocol.ts';
import { probe, startReflector } from './lab/programs.ts';

const skipped = whyNoNamespaces();
const TURN = `${RELAY}:3478`;
const TURN_TLS = `${RELAY}:443`;

/** What the names promise, in the words of RFC 4787; RFC 5780 §4 says how it is found out. */
const PROMISED: Readonly<Record<Place, Behaviour>> = {
  open: {
    udp: 'passes',
    isTranslated: false,
    mapping: 'endpoint-independent',
    filtering: 'endpoint-independent',
    hairpin: true,
    tcp: [TURN, TURN_TLS],
  },
  'full cone': {
    udp: 'passes',
    isTranslated: true,
    mapping: 'endpoint-independent',
    filtering: 'endpoint-independent',
    hairpin: false,
    tcp: [TURN, TURN_TLS],
  },
  'full cone, hairpin': {
    udp: 'passes',
    isTranslated: true,
    mapping: 'endpoint-independent',
    filtering: 'endpoint-independent',
    hairpin: true,
    tcp: [TURN, TURN_TLS],
  },
  'port-restricted': {
    udp: 'passes',
    isTranslated: true,
    mapping: 'endpoint-independent',
    filtering: 'address-and-port-dependent',
    hairpin: false,
    tcp: [TURN, TURN_TLS],
  },
  symmetric: {
    udp: 'passes',
    isTranslated: true,
    mapping: 'address-and-port-dependent',
    filtering: 'address-and-port-dependent',
    hairpin: false,
    tcp: [TURN, TURN_TLS],
  },
  'UDP blocked': {
    udp: 'blocked',
    isTranslated: null,
    mapping: null,
    filtering: null,
    hairpin: null,
    tcp: [TURN, TURN_TLS],
  },
  'only 443': {
    udp: 'blocked',
    isTranslated: null,
    mapping: null,
    filtering: null,
    hairpin: null,
    tcp: [TURN_TLS],
  },
};

describe.skipIf(skipped !== null)(
  `the networks are what they are called${skipped ? ` (${skipped})` : ''}`,
  () => {
    let internet: Internet;
    let coturn: RunningCoturn;
    let stopReflector: () => Promise<void>;
    beforeAll(async () => {
      internet = await createInternet();
      stopReflector = await startReflector(internet.server, [SERVER, SERVER_ALTERNATE]);
      coturn = await startCoturn({
        addresses: [RELAY],
        port: 3_478,
        tlsPort: 443,
        prefix: internet.relay.prefix,
      });
    });
    afterAll(async () => {
      await stopReflector();
      await coturn.dispose();
      await internet.close();
    });

    const places: readonly Place[] = ['open', ...GATEWAYS];
    it.each(places)('%s, at both homes', async (place) => {
      await Promise.all([internet.ana.moveTo(place), internet.ben.moveTo(place)]);
      for (const { namespace } of [internet.ana, internet.ben]) {
        expect(await probe(namespace, [SERVER, SERVER_ALTERNATE], [TURN, TURN_TLS])).toEqual(PROMISED[place]);
      }
    });
  },
);
