import type { Signal } from '@visavis/protocol';

/** How one device stands in the media of one call: who offered what, and what is agreed. No packets. */
export interface MediaModel {
  /** NEG3: signals are processed only then. */
  readonly open: boolean;
  /** The connection in force; empty before the first. The greatest id wins on both sides. */
  readonly connectionId: string;
  /** Whether both descriptions of it are there. */
  readonly agreed: boolean;
}

export const prepareMedia = (): MediaModel => ({ open: false, connectionId: '', agreed: false });

/** Enough of a session description to pass the server's grammar. */
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  '',
].join('\r\n');

const describe = (type: 'offer' | 'answer', connectionId: string): Signal => ({
  type,
  payload: { connectionId, sdp: SDP },
});
const candidate = (connectionId: string, number: number): Signal => ({
  type: 'ice_candidate',
  payload: {
    connectionId,
    candidate: `candidate:${number} 1 udp 1 192.0.2.1 ${5000 + number} typ host`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  },
});

/** What a change of the media says to the other side. */
export interface MediaStep {
  readonly media: MediaModel;
  readonly send: readonly Signal[];
}

/** The device makes a connection of its own and offers it. */
export const offerMedia = (connectionId: string): MediaStep => ({
  media: { open: true, connectionId, agreed: false },
  send: [describe('offer', connectionId), candidate(connectionId, 1), candidate(connectionId, 2)],
});

/** A signal comes: negotiation in its smallest form. */
export function handleMediaSignal(media: MediaModel, signal: Signal): MediaStep {
  const { connectionId } = signal.payload;
  switch (signal.type) {
    case 'offer':
      // Every connection is offered once here, so that one's own never comes back.
      if (connectionId <= media.connectionId) return { media, send: [] };
      return {
        media: { ...media, connectionId, agreed: true },
        send: [describe('answer', connectionId), candidate(connectionId, 3)],
      };
    case 'answer':
      return { media: connectionId === media.connectionId ? { ...media, agreed: true } : media, send: [] };
    case 'ice_candidate':
      return { media, send: [] };
  }
}
