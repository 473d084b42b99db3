import type { IceServers } from './iceServers.ts';
import type { SealedMedia } from '../sealed/index.ts';
import { peerConfiguration } from './lines.ts';

/** Makes peer connections, one of them beforehand. */
export interface PeerSupply {
  /** Makes one now, to be taken later: its key and, where the browser can, its own candidates are ready by then. */
  prepare(): void;
  /** Calls back at once if one is ready, else as soon as it is. */
  take(relayOnly: boolean, handlePeer: (peer: RTCPeerConnection) => void): void;
  /** For the ICE restart of a connection that exists: with credentials of this moment. */
  restartConfiguration(relayOnly: boolean): Promise<RTCConfiguration>;
  close(): void;
}

interface Prepared {
  readonly relayOnly: boolean;
  peer: RTCPeerConnection | null;
  user: ((peer: RTCPeerConnection) => void) | null;
}

export function createPeerSupply(
  sealed: Pick<SealedMedia, 'createPeer'>,
  iceServers: IceServers,
  policy: { readonly relayOnly: boolean },
  handleServers: () => void,
): PeerSupply {
  let prepared: Prepared | null = null;
  let isClosed = false;

  const configuration = async (
    loading: Promise<readonly RTCIceServer[]>,
    relayOnly: boolean,
  ): Promise<RTCConfiguration> => {
    const servers = await loading;
    if (!isClosed) handleServers();
    return peerConfiguration(servers, relayOnly || policy.relayOnly);
  };
  const make = (relayOnly: boolean): Prepared => {
    const entry: Prepared = { relayOnly: relayOnly || policy.relayOnly, peer: null, user: null };
    void configuration(iceServers.get(), entry.relayOnly).then((ready) => {
      if (isClosed) return;
      const peer = createPeer(sealed, ready);
      if (entry.user === null) entry.peer = peer;
      else entry.user(peer);
    });
    return entry;
  };

  return {
    restartConfiguration: (relayOnly) => configuration(iceServers.renew(), relayOnly),
    prepare() {
      if (!isClosed) prepared ??= make(false);
    },
    take(relayOnly, handlePeer) {
      // What was prepared before somebody chose to hide their address has gathered more than may be told.
      const usable = prepared?.relayOnly === (relayOnly || policy.relayOnly) ? prepared : null;
      const entry = usable ?? make(relayOnly);
      if (entry === prepared) prepared = null;
      if (entry.peer === null) entry.user = handlePeer;
      else handlePeer(entry.peer);
    },
    close() {
      isClosed = true;
      prepared?.peer?.close();
      prepared = null;
    },
  };
}

/** A list that the browser refuses (a misspelt address) is worth a call without relays, not none. */
function createPeer(
  sealed: Pick<SealedMedia, 'createPeer'>,
  configuration: RTCConfiguration,
): RTCPeerConnection {
  try {
    return sealed.createPeer(configuration);
  } catch {
    return sealed.createPeer({ ...configuration, iceServers: [] });
  }
}
