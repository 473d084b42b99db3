import type { Candidate, Description } from '@visavis/protocol';

const connectionId = '7b0c6f6e-5a1f-4c39-9d7b-3f4f7f0d9a11';

/** A session description as small as the server passes on. */
export const offer = {
  connectionId,
  sdp: [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    '',
  ].join('\r\n'),
} satisfies Description;

/** The n-th candidate. */
export const candidate = (n: number): Candidate => ({
  connectionId,
  candidate: `candidate:${String(n)} 1 udp 2113937151 192.0.2.${String(n % 250)} 5000 typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
