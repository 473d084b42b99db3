import type { MediaTransport } from '@visavis/protocol';
import { readEntries, selectedPair } from '../media/statistics/entries.ts';
import type { ProbeConfiguration, ProbePeer } from './probePeer.ts';

/** Reached: how long a round trip of ICE took, in ms, where the browser says so. */
export interface MediaServerNews {
  readonly roundTripMs: number | null;
}

/**
 * Reaches the media server over one protocol as forwarded calls do: ICE alone, without keys and without media.
 *
 * @returns what ends it and closes its connection
 */
export function probeMediaServer(
  transport: MediaTransport,
  protocol: 'udp' | 'tcp',
  openPeer: (configuration: ProbeConfiguration) => ProbePeer,
  handle: (news: MediaServerNews) => void,
): () => void {
  const peer = openPeer({});
  let isReached = false;
  peer.openChannel();
  peer.onIceState((state) => {
    if (isReached || (state !== 'connected' && state !== 'completed')) return;
    isReached = true;
    void roundTripOf(peer).then((roundTripMs) => handle({ roundTripMs }));
  });
  void connect(peer, transport, protocol);
  return () => peer.close();
}

async function connect(peer: ProbePeer, transport: MediaTransport, protocol: 'udp' | 'tcp'): Promise<void> {
  try {
    await peer.describe('offer');
    await peer.hear({ type: 'answer', sdp: describeServer(transport, protocol) });
  } catch {
    // Closed meanwhile, or a browser that cannot: then it is not reached.
  }
}

async function roundTripOf(peer: ProbePeer): Promise<number | null> {
  try {
    const seconds = selectedPair(readEntries(await peer.getStats()))?.number('currentRoundTripTime') ?? null;
    return seconds === null ? null : seconds * 1_000;
  } catch {
    return null;
  }
}

/** What the media server would answer (RFC 8839, RFC 8841): it is ICE-lite and has its candidates from the start. */
export function describeServer(
  { iceParameters, iceCandidates, dtlsParameters }: MediaTransport,
  protocol: 'udp' | 'tcp',
): string {
  const [fingerprint] = dtlsParameters.fingerprints;
  if (fingerprint === undefined) throw new Error('a transport without a fingerprint');
  const candidates = iceCandidates
    .filter((candidate) => candidate.protocol === protocol)
    .map(
      ({ foundation, priority, address, port, type, tcpType }) =>
        `a=candidate:${foundation} 1 ${protocol} ${String(priority)} ${address} ${String(port)} typ ${type}${
          tcpType === undefined ? '' : ` tcptype ${tcpType}`
        }`,
    );
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    ...candidates,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
