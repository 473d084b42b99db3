import type { MediaTransport } from '@visavis/protocol';
import type { Timers } from '../timers.ts';
import { checkDevices, type DevicePorts } from './devices.ts';
import { measureLine, type TakeSample } from './line.ts';
import { probeMediaServer } from './mediaServerProbe.ts';
import type { ProbeConfiguration, ProbePeer } from './probePeer.ts';
import { probeRelay, sortRelays } from './relayProbe.ts';
import {
  NOTHING_FOUND,
  type CheckWishes,
  type DeviceFinding,
  type Findings,
  type RelayTransport,
  type SpeakerFinding,
  type WayFinding,
} from './types.ts';

/** The whole check. Longer: nobody waits for it; shorter: slow ways count as shut. */
const CHECK_MS = 4_800;
/** A way that has not opened by then is shut: TLS through the relay takes seven round trips. */
const WAY_MS = 3_000;
/** Round trips that are enough of one relay. */
const ENOUGH_ROUND_TRIPS = 3;

export interface CheckPorts extends DevicePorts {
  readonly isSecure: boolean;
  readonly findSpeaker: () => Promise<SpeakerFinding>;
  readonly takeSample: TakeSample;
  /** To the media server; null: there is none. Rejects where nobody could be asked. */
  readonly openTransports: () => Promise<readonly MediaTransport[] | null>;
  /** Rejects where nobody could be asked. */
  readonly loadIceServers: () => Promise<readonly RTCIceServer[]>;
  readonly openPeer: (configuration: ProbeConfiguration) => ProbePeer;
  readonly timers: Timers;
}

const RELAYS = ['udp', 'tcp', 'tls'] as const;
const WAYS = ['udp', 'tcp'] as const;

/**
 * Looks at camera, microphone, speaker and every way that media can take, all at once, and is over within 5 s.
 *
 * @param handle - called with what is known so far; the last time with `isOver`, when everything is closed again
 * @returns what ends it before; `handle` is not called any more then
 */
export function runCheck(
  ports: CheckPorts,
  wishes: CheckWishes,
  handle: (findings: Findings, isOver: boolean) => void,
): () => void {
  const { timers } = ports;
  let findings: Findings = { ...NOTHING_FOUND, isSecure: ports.isSecure };
  let isOver = false;
  const closers = new Set<() => void>();
  const waiting = new Set<string>(['devices', 'speaker', 'line', 'media server', 'relay']);

  function change(next: Partial<Findings>): void {
    if (isOver) return;
    findings = { ...findings, ...next };
    handle(findings, false);
  }
  function close(): void {
    isOver = true;
    for (const closeOne of closers) closeOne();
    closers.clear();
  }
  function finish(): void {
    if (isOver) return;
    close();
    handle(settle(findings), true);
  }
  function complete(task: string): void {
    waiting.delete(task);
    if (waiting.size === 0) finish();
  }
  /** Closes something at the end, or at once where that is over. */
  function keep(closeOne: () => void): void {
    if (isOver) closeOne();
    else closers.add(closeOne);
  }

  keep(timers.after(CHECK_MS, finish));
  handle(findings, false);

  if (ports.isSecure) {
    keep(
      checkDevices(ports, wishes, (devices) => {
        change(devices);
        if (isKnown(devices.camera, wishes.camera) && isKnown(devices.microphone, wishes.microphone))
          complete('devices');
      }),
    );
  } else complete('devices');

  void ports.findSpeaker().then(
    (speaker) => {
      change({ speaker });
      complete('speaker');
    },
    () => complete('speaker'),
  );

  void measureLine(
    ports,
    wishes,
    (line) => change(withRoundTrip(line)),
    () => isOver,
  ).then(
    () => complete('line'),
    () => complete('line'),
  );

  const withRoundTrip = (next: Partial<Findings>): Partial<Findings> => ({
    ...next,
    ...(next.roundTripMs === undefined ? {} : { roundTripMs: shorter(findings, next.roundTripMs) }),
  });

  void ports.openTransports().then(
    (transports) => reachMediaServer(transports ?? []),
    () => {
      change({ udp: 'unknown', tcp: 'unknown' });
      complete('media server');
    },
  );
  function reachMediaServer(transports: readonly MediaTransport[]): void {
    if (isOver) return;
    WAYS.forEach((protocol, index) => {
      const transport = transports[index];
      if (transport?.iceCandidates.some((candidate) => candidate.protocol === protocol) !== true)
        return change({ [protocol]: 'none' });
      const setWay = createWay(`media server ${protocol}`, (way) => change({ [protocol]: way }));
      keep(
        probeMediaServer(transport, protocol, ports.openPeer, ({ roundTripMs }) => {
          change({ roundTripMs: shorter(findings, roundTripMs) });
          setWay('open');
          complete(`media server ${protocol}`);
        }),
      );
    });
    complete('media server');
  }

  void ports.loadIceServers().then(
    (servers) => tryRelays(servers),
    () => {
      change({ relay: { udp: 'unknown', tcp: 'unknown', tls: 'unknown' } });
      complete('relay');
    },
  );
  function tryRelays(servers: readonly RTCIceServer[]): void {
    if (isOver) return;
    const relays = sortRelays(servers);
    for (const transport of RELAYS) {
      const server = relays[transport];
      if (server === null) setRelay(transport, 'none');
      else tryRelay(transport, server);
    }
    complete('relay');
  }
  function tryRelay(transport: RelayTransport, server: RTCIceServer): void {
    const setWay = createWay(`relay ${transport}`, (way) => setRelay(transport, way));
    let roundTrips = 0;
    keep(
      probeRelay(server, ports, (news) => {
        setWay('open');
        if (news.type === 'reached') return;
        change({ roundTripMs: shorter(findings, news.ms) });
        roundTrips += 1;
        if (roundTrips === ENOUGH_ROUND_TRIPS) complete(`relay ${transport}`);
      }),
    );
  }
  const setRelay = (transport: RelayTransport, way: WayFinding): void =>
    change({ relay: { ...findings.relay, [transport]: way } });

  /** A way that is being tried: shut, unless it opens in time. */
  function createWay(task: string, set: (way: WayFinding) => void): (way: 'open') => void {
    waiting.add(task);
    let isOpen = false;
    keep(
      timers.after(WAY_MS, () => {
        if (!isOpen) set('blocked');
        complete(task);
      }),
    );
    return () => {
      if (isOpen) return;
      isOpen = true;
      set('open');
    };
  }

  return close;
}

const isKnown = (finding: DeviceFinding, isWanted: boolean): boolean =>
  !isWanted || (finding !== 'unchecked' && finding !== 'asking');

const shorter = ({ roundTripMs }: Findings, other: number | null): number | null =>
  roundTripMs === null ? other : Math.min(roundTripMs, other ?? roundTripMs);

const settleWay = (way: WayFinding): WayFinding => (way === 'unchecked' ? 'unknown' : way);

/** What was not found out by the end. */
function settle(findings: Findings): Findings {
  const { udp, tcp, relay, server } = findings;
  return {
    ...findings,
    // Not even the smallest request came back.
    server: server === 'unchecked' ? 'unreachable' : server,
    udp: settleWay(udp),
    tcp: settleWay(tcp),
    relay: { udp: settleWay(relay.udp), tcp: settleWay(relay.tcp), tls: settleWay(relay.tls) },
  };
}
