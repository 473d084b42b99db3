import type { ProbeConfiguration, ProbePeer } from '../../src/check/probePeer.ts';
import type { Timers } from '../../src/timers.ts';

/** How long one way takes over each way, in ms; null: it is shut. */
export interface FakeWays {
  readonly media: { readonly udp: number | null; readonly tcp: number | null };
  readonly relay: { readonly udp: number | null; readonly tcp: number | null; readonly tls: number | null };
  /** The relay gives places and passes nothing on. */
  readonly relaysNothing?: boolean;
}

/** Connections of a check over a network that is made up, and how many are open. */
export function createFakePeers(timers: Timers, ways: FakeWays) {
  const open = new Set<FakePeer>();
  let made = 0;

  function openPeer(configuration: ProbeConfiguration): ProbePeer {
    made += 1;
    const peer = createFakePeer(timers, ways, configuration, () => open.delete(peer));
    open.add(peer);
    return peer.probe;
  }
  return { openPeer, countOpen: () => open.size, countMade: () => made };
}

interface FakePeer {
  readonly probe: ProbePeer;
}

/** Finds the other end of a loopback by what it is told. */
const ends = new Map<string, { hearChannel(channel: RTCDataChannel): void }>();
let lastId = 0;
const nothing = (): void => {};

function createFakePeer(
  timers: Timers,
  { media, relay, relaysNothing = false }: FakeWays,
  { iceServers }: ProbeConfiguration,
  handleClosed: () => void,
): FakePeer {
  const id = String((lastId += 1));
  const url = [iceServers?.[0]?.urls ?? []].flat()[0] ?? null;
  const relayDelay =
    url === null ? null : url.startsWith('turns:') ? relay.tls : /tcp/.test(url) ? relay.tcp : relay.udp;
  let isClosed = false;
  let channel: (RTCDataChannel & EventTarget) | null = null;
  let handleCandidate: (candidate: RTCIceCandidate) => void = nothing;
  let handleChannel: (channel: RTCDataChannel) => void = nothing;
  let handleState: (state: RTCIceConnectionState) => void = nothing;
  const after = (ms: number, task: () => void): void =>
    void timers.after(ms, () => {
      if (!isClosed) task();
    });
  ends.set(id, { hearChannel: (incoming) => handleChannel(incoming) });

  const probe: ProbePeer = {
    openChannel() {
      channel = createChannel('connecting');
      return channel;
    },
    async describe(type) {
      // Asked without and with a name, then given a place.
      if (relayDelay !== null)
        after(relayDelay * 4, () => handleCandidate({ type: 'relay', candidate: id } as RTCIceCandidate));
      return { type, sdp: 'm=application' };
    },
    async hear({ sdp = '' }) {
      const delay = / udp /.test(sdp) ? media.udp : / tcp /.test(sdp) ? media.tcp : null;
      if (sdp.includes('a=ice-lite') && delay !== null) after(delay * 2, () => handleState('connected'));
    },
    hearCandidate(candidate) {
      const own = channel;
      if (own === null || relayDelay === null || relaysNothing) return;
      const incoming = createChannel('open');
      Object.assign(own, {
        readyState: 'open',
        send: (data: string) =>
          after(relayDelay * 2, () => incoming.dispatchEvent(new MessageEvent('message', { data }))),
      });
      after(relayDelay * 4, () => {
        ends.get(candidate.candidate)?.hearChannel(incoming);
        own.dispatchEvent(new Event('open'));
      });
    },
    onCandidate: (handle) => void (handleCandidate = handle),
    onChannel: (handle) => void (handleChannel = handle),
    onIceState: (handle) => void (handleState = handle),
    getStats: async () =>
      new Map([
        ['transport', { type: 'transport', selectedCandidatePairId: 'pair' }],
        [
          'pair',
          { type: 'candidate-pair', currentRoundTripTime: ((media.udp ?? media.tcp ?? 0) * 2) / 1_000 },
        ],
      ]),
    close() {
      isClosed = true;
      ends.delete(id);
      handleClosed();
    },
  };
  return { probe };
}

function createChannel(readyState: RTCDataChannelState): RTCDataChannel & EventTarget {
  return Object.assign(new EventTarget(), { readyState, send: () => {} }) as unknown as RTCDataChannel &
    EventTarget;
}
