import type { Timers } from '../timers.ts';
import type { ProbeConfiguration, ProbePeer } from './probePeer.ts';
import type { RelayTransport } from './types.ts';

/** How many messages go round. More: a better shortest time, and more of the line. */
const PINGS = 5;
/** Between two of them. Longer: the check takes longer; shorter: they wait for each other in the queue. */
const PING_MS = 60;

/** What became of one way through the relay. `isReached`: it gave this device a place; the rest shows that it relays. */
export type RelayNews = { readonly type: 'reached' } | { readonly type: 'round_trip'; readonly ms: number };

/**
 * The page talks to itself through the relay, over one transport: what comes back has gone the way that media take.
 *
 * @returns what ends it and closes both of its connections
 */
export function probeRelay(
  server: RTCIceServer,
  { openPeer, timers }: { openPeer: (configuration: ProbeConfiguration) => ProbePeer; timers: Timers },
  handle: (news: RelayNews) => void,
): () => void {
  const configuration: ProbeConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
  const one = openPeer(configuration);
  const other = openPeer(configuration);
  let isClosed = false;
  let cancel: (() => void) | null = null;

  function close(): void {
    isClosed = true;
    cancel?.();
    one.close();
    other.close();
  }

  const channel = one.openChannel();
  channel.addEventListener('open', () => ping(PINGS));
  other.onChannel((incoming) => {
    // From here to the relay and back is one way between the two ends.
    incoming.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const ms = timers.now() - Number(data);
      if (!isClosed && ms >= 0) handle({ type: 'round_trip', ms });
    });
  });
  function ping(left: number): void {
    if (isClosed || left === 0 || channel.readyState !== 'open') return;
    channel.send(String(timers.now()));
    cancel = timers.after(PING_MS, () => ping(left - 1));
  }

  // Candidates wait for the description of the side that gets them.
  const described = negotiate(one, other);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const)
    from.onCandidate((candidate) => {
      if (candidate.type !== 'relay' || isClosed) return;
      handle({ type: 'reached' });
      void described.then(() => to.hearCandidate(candidate));
    });
  return close;
}

async function negotiate(one: ProbePeer, other: ProbePeer): Promise<void> {
  try {
    const offer = await one.describe('offer');
    await other.hear(offer);
    await one.hear(await other.describe('answer'));
  } catch {
    // Closed meanwhile, or a browser that cannot: then nothing comes of it.
  }
}

/** The URLs of the relays by how they are reached (RFC 7065): `turn:` is UDP unless it says otherwise, `turns:` is TLS over TCP. */
export function sortRelays(
  servers: readonly RTCIceServer[],
): Readonly<Record<RelayTransport, RTCIceServer | null>> {
  const find = (transport: RelayTransport): RTCIceServer | null => {
    for (const server of servers) {
      const url = [server.urls].flat().find((url) => transportOf(url) === transport);
      if (url !== undefined) return { ...server, urls: [url] };
    }
    return null;
  };
  return { udp: find('udp'), tcp: find('tcp'), tls: find('tls') };
}

function transportOf(url: string): RelayTransport | null {
  if (/^turns:/i.test(url)) return /[?&]transport=udp/i.test(url) ? null : 'tls';
  if (!/^turn:/i.test(url)) return null;
  return /[?&]transport=tcp/i.test(url) ? 'tcp' : 'udp';
}
