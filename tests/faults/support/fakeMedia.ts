import { randomBytes, randomUUID } from 'node:crypto';
import type { DirectMedia, DirectMediaOptions, DirectMediaState } from '@visavis/client';
import type { Candidate, Description, Signal } from '@visavis/protocol';
import { offer as sampleOffer } from '../../integration/support/signals.ts';

/** How many candidates follow each description. */
const CANDIDATES = 3;
/** How often a running call has one more signal to pass on. */
const CHATTER_MS = 1_000;

const IDLE: DirectMediaState = {
  flow: 'connecting',
  gaveUp: false,
  remoteStream: null,
  remoteHasVideo: false,
  remoteHasAudio: false,
  path: null,
  connectionId: null,
};

/**
 * A connection without media: negotiates as the real one does (NEG1), one description and its candidates each way, and then
 * goes on trickling candidates. Its media flows when both descriptions are there.
 */
export function createFakeMedia(options: DirectMediaOptions, handleRejoin: () => void): DirectMedia {
  let state = IDLE;
  let isOpen = false;
  let chatter: NodeJS.Timeout | null = null;
  const change = (next: Partial<DirectMediaState>): void => {
    state = { ...state, ...next };
    options.onChange(state);
  };
  const sendCandidate = (connectionId: string): void => {
    const payload: Candidate = {
      connectionId,
      // Each one is unlike all others, so that each can be looked for.
      candidate: `candidate:${randomUUID()} 1 udp 2113937151 192.0.2.1 5000 typ host`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    };
    options.sendSignal({ type: 'ice_candidate', payload });
  };
  const describe = (type: 'offer' | 'answer', connectionId: string): void => {
    const payload: Description = { connectionId, sdp: sampleOffer.sdp };
    options.sendSignal({ type, payload });
    for (let n = 0; n < CANDIDATES; n += 1) sendCandidate(connectionId);
  };
  const flow = (connectionId: string): void => {
    change({ flow: 'flowing', connectionId });
    chatter ??= setInterval(() => {
      if (state.connectionId !== null) sendCandidate(state.connectionId);
    }, CHATTER_MS);
  };
  const offer = (): void => {
    isOpen = true;
    const connectionId = makeConnectionId();
    change({ flow: 'connecting', connectionId });
    describe('offer', connectionId);
  };
  const handleSignal = ({ type, payload: { connectionId } }: Signal): void => {
    if (!isOpen) return;
    const own = state.connectionId;
    // Of two connections the one with the greater id wins.
    if (type === 'offer' && (own === null || own < connectionId)) {
      describe('answer', connectionId);
      flow(connectionId);
    } else if (type === 'answer' && own === connectionId) flow(connectionId);
  };
  return {
    prepare: () => {},
    offer: () => {
      if (state.connectionId === null) offer();
    },
    accept: () => {
      isOpen = true;
    },
    handleSignal,
    setTracks: () => {},
    setLimits: () => {},
    setBuffer: () => {},
    setOpen: () => {},
    restart: () => {},
    reconnect: () => {
      handleRejoin();
      offer();
    },
    getState: () => state,
    getRemoteLevel: () => 0,
    getStats: async () => null,
    getCounters: () => ({
      refusedSignals: 0,
      droppedSignals: 0,
      refusedTransports: 0,
      sentDescriptions: 0,
      restarts: 0,
      connections: 0,
    }),
    close: () => {
      isOpen = false;
      if (chatter !== null) clearInterval(chatter);
    },
  };
}

/** UUIDv7 (RFC 9562 §5.7): the later one is the greater one. */
function makeConnectionId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const rest = randomBytes(10).toString('hex');
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${rest.slice(1, 4)}`,
    `8${rest.slice(4, 7)}`,
    rest.slice(7, 19),
  ].join('-');
}
