/** As long as what browsers write for one microphone and one camera. */
const ATTRIBUTES = 90;

const FINGERPRINT = Array.from({ length: 32 }, (_, index) =>
  (index * 7 + 16).toString(16).toUpperCase().padStart(2, '0'),
).join(':');

const media = (kind: string): readonly string[] => [
  `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:bench',
  'a=ice-pwd:benchmarkbenchmarkbenchma',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  `a=mid:${kind}`,
  ...Array.from(
    { length: ATTRIBUTES / 2 },
    (_, index) => `a=rtcp-fb:${96 + index} transport-cc and goog-remb ${index}`,
  ),
];

/** A session description of the usual size (about 5 KB) for devices that only carry it. */
export function createSdp(): string {
  return ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 't=0 0', ...media('audio'), ...media('video'), ''].join(
    '\r\n',
  );
}

export const createCandidate = (connectionId: string, index: number) => ({
  connectionId,
  candidate: `candidate:${842_163_049 + index} 1 udp 1677729535 192.0.2.${index} ${40_000 + index} typ host generation 0`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'bench',
});
