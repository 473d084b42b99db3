import type { IceServers } from './iceServers.ts';
import { peerConfiguration } from './peerFactory.ts';

/** Makes peer connections, one of them beforehand. */
export interface PeerSupply {
  /** Makes one now, to be taken later: its key and, where the browser can, its own candidates are ready by then. */
  prepare(): void;
  /** Calls back at once if one is ready, else as soon as it is. */
  take(relayOnly: boolean, handlePeer: (peer: RTCPeerConnection) => void): void;
  /** What a connection made now would be made with; for one that exists already. */
  configuration(relayOnly: boolean): Promise<RTCConfiguration>;
  close(): void;
}

interface Prepared {
  peer: RTCPeerConnection | null;
  user: ((peer: RTCPeerConnection) => void) | null;
}

export function createPeerSupply(
  iceServers: IceServers,
  isAlwaysRelayOnly: boolean,
  handleServers: () => void,
): PeerSupply {
  let prepared: Prepared | null = null;
  let isClosed = false;

  const configuration = async (relayOnly: boolean): Promise<RTCConfiguration> => {
    const servers = await iceServers.get();
    if (!isClosed) handleServers();
    return peerConfiguration(servers, relayOnly || isAlwaysRelayOnly);
  };
  const make = (relayOnly: boolean): Prepared => {
    const entry: Prepared = { peer: null, user: null };
    void configuration(relayOnly).then((ready) => {
      if (isClosed) return;
      const peer = createPeer(ready);
      if (entry.user === null) entry.peer = peer;
      else entry.user(peer);
    });
    return entry;
  };

  return {
    configuration,
    prepare() {
      if (!isClosed) prepared ??= make(false);
    },
    take(relayOnly, handlePeer) {
      const usable = relayOnly && !isAlwaysRelayOnly ? null : prepared;
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
function createPeer(configuration: RTCConfiguration): RTCPeerConnection {
  try {
    return new RTCPeerConnection(configuration);
  } catch {
    return new RTCPeerConnection({ ...configuration, iceServers: [] });
  }
}
