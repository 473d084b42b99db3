import type { Person } from '../harness/person.ts';

/** What the browser of one person says of the call's connection. */
export interface Connection {
  readonly local: Candidate;
  readonly remote: Candidate;
  readonly framesDecoded: number;
  readonly audioSeconds: number;
}

export interface Candidate {
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  /** Empty where the browser does not tell: it found the candidate by itself and was never told of it. */
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  /** How a relayed one reaches its relay: udp, tcp or tls. */
  readonly relayProtocol: string | null;
}

/** From now on the page keeps the connections that it makes, for `connectionOf`. */
export const rememberConnections = (person: Person): Promise<void> =>
  person.tab.evaluate(`{
    globalThis.testConnections = new Set();
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      testConnections.add(this);
      return setRemoteDescription.call(this, description);
    };
  }`);

/** The connection in use; null: none is. */
export const connectionOf = (person: Person): Promise<Connection | null> =>
  person.tab.evaluate<Connection | null>(`(async () => {
    const connection = [...testConnections].findLast((one) => one.connectionState === 'connected');
    if (connection === undefined) return null;
    const all = [...(await connection.getStats()).values()];
    const find = (id) => all.find((one) => one.id === id);
    const pair = find(all.find(({ type }) => type === 'transport')?.selectedCandidatePairId);
    if (pair === undefined) return null;
    const candidate = (id) => {
      const { candidateType, address, port, protocol, relayProtocol } = find(id);
      return { type: candidateType, address: address ?? '', port, protocol, relayProtocol: relayProtocol ?? null };
    };
    const arriving = (kind) => all.find((one) => one.type === 'inbound-rtp' && one.kind === kind);
    return {
      local: candidate(pair.localCandidateId),
      remote: candidate(pair.remoteCandidateId),
      framesDecoded: arriving('video')?.framesDecoded ?? 0,
      audioSeconds: arriving('audio')?.totalSamplesDuration ?? 0,
    };
  })()`);
