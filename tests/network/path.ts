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
    globalThis.testPaths = new Set();
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      testPaths.add(this);
      return setRemoteDescription.call(this, description);
    };
  }`);

/** The connection in use; null: none is. */
export const connectionOf = (person: Person): Promise<Connection | null> =>
  person.tab.evaluate<Connection | null>(`(async () => {
    const connection = [...testPaths].findLast((one) => one.connectionState === 'connected');
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

/** Everything that ICE has tried at one end, a line each, for a message that has to say why the ends do not agree. */
export const attemptsOf = (person: Person): Promise<string[]> =>
  person.tab.evaluate<string[]>(`(async () => {
    const lines = [];
    for (const connection of testPaths) {
      const all = [...(await connection.getStats()).values()];
      const find = (id) => all.find((one) => one.id === id);
      const end = (id) => {
        const { candidateType, address, port, protocol, relayProtocol, networkType, priority } = find(id) ?? {};
        return [candidateType, relayProtocol, protocol, (address ?? '?') + ':' + port, networkType, priority].filter((one) => one !== undefined).join(' ');
      };
      const transport = all.find(({ type }) => type === 'transport');
      lines.push(connection.connectionState + ' ' + (transport?.iceRole ?? '') + ' changes ' + transport?.selectedCandidatePairChanges);
      for (const one of all) {
        if (one.type !== 'candidate-pair') continue;
        lines.push((one.id === transport?.selectedCandidatePairId ? '* ' : '  ') + end(one.localCandidateId) + ' -> ' + end(one.remoteCandidateId)
          + ' ' + one.state + (one.nominated ? ' nominated' : '') + (one.writable ? ' writable' : '') + ' sent ' + one.requestsSent + ' answered ' + one.responsesReceived
          + ' got ' + one.requestsReceived + ' answers ' + one.responsesSent + ' bytes ' + one.bytesSent + '/' + one.bytesReceived + ' rtt ' + one.currentRoundTripTime);
      }
      for (const side of ['localDescription', 'remoteDescription']) {
        const candidates = connection[side]?.sdp.match(/candidate:.*/g) ?? [];
        for (const candidate of new Set(candidates)) lines.push('  ' + side + ' ' + candidate);
      }
    }
    return lines;
  })()`);
