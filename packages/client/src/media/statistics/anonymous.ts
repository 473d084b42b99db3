/** What entries of these fields say is one of a few words, none of which names anybody. */
const WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  kind: new Set(['audio', 'video']),
  candidateType: new Set(['host', 'srflx', 'prflx', 'relay']),
  protocol: new Set(['udp', 'tcp', 'tls']),
  relayProtocol: new Set(['udp', 'tcp', 'tls']),
  tcpType: new Set(['active', 'passive', 'so']),
  networkType: new Set(['ethernet', 'wifi', 'cellular', 'vpn', 'bluetooth', 'unknown']),
  state: new Set(['frozen', 'waiting', 'in-progress', 'failed', 'succeeded', 'cancelled']),
  iceState: new Set(['new', 'checking', 'connected', 'completed', 'disconnected', 'failed', 'closed']),
  dtlsState: new Set(['new', 'connecting', 'connected', 'closed', 'failed']),
  iceRole: new Set(['controlling', 'controlled']),
  qualityLimitationReason: new Set(['none', 'cpu', 'bandwidth', 'other']),
  scalabilityMode: new Set(['L1T1', 'L1T2', 'L1T3']),
  mimeType: new Set(['audio/opus', 'video/VP8', 'video/VP9', 'video/AV1', 'video/H264', 'video/rtx']),
};

/** What there is to see of how a call is. Descriptions of codecs, certificates and tracks are not among it. */
const TYPES: ReadonlySet<string> = new Set([
  'candidate-pair',
  'inbound-rtp',
  'local-candidate',
  'media-source',
  'outbound-rtp',
  'remote-candidate',
  'remote-inbound-rtp',
  'remote-outbound-rtp',
  'transport',
]);

/** Numbers that are, or lead to, an address or a moment: ports, and what a report of somebody else could be matched by. */
const NOT_NUMBERS = /port|priority|ssrc|timestamp|ip$|address|foundation|mid$/iu;

/**
 * A browser's report in lines, for somebody who helps: one for each entry, with its numbers, and of its texts those that are on a short
 * list, so that what is new in a browser stays out until somebody has looked at it. No addresses, names, ids or certificates.
 *
 * @returns such as `inbound-rtp kind=audio jitter=0.004 packetsLost=2`
 */
export function anonymousStatistics(report: RTCStatsReport): readonly string[] {
  const lines: string[] = [];
  report.forEach((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return;
    const type: unknown = Reflect.get(entry, 'type');
    if (typeof type !== 'string' || !TYPES.has(type)) return;
    const fields = Object.entries(entry).flatMap(([name, value]: [string, unknown]): string[] => {
      if (!/^[a-z]{1,48}$/iu.test(name)) return [];
      if (typeof value === 'boolean') return [`${name}=${String(value)}`];
      if (typeof value === 'number')
        return Number.isFinite(value) && !NOT_NUMBERS.test(name)
          ? [`${name}=${Number(value.toFixed(4))}`]
          : [];
      return typeof value === 'string' && WORDS[name]?.has(value) === true ? [`${name}=${value}`] : [];
    });
    lines.push([type, ...fields].join(' '));
  });
  return lines.toSorted();
}
