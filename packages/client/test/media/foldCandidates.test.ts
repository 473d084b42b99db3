import type { Candidate } from '@visavis/protocol';
import { expect, test } from 'vitest';
import { foldCandidates } from '../../src/media/direct/foldCandidates.ts';

const SDP = [
  'v=0',
  's=-',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  '',
];
const LINE = 'candidate:842163049 1 udp 1677729535 192.0.2.1 46154 typ host generation 0 ufrag abcd network-id 1';

const candidate = (change: Partial<Candidate> = {}): Candidate => ({
  connectionId: '0192f7c6-0000-7000-8000-000000000001',
  candidate: LINE,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'abcd',
  ...change,
});
const fold = (...candidates: readonly Candidate[]) => foldCandidates(SDP.join('\r\n'), candidates);

test('NEG2 candidates that came with a description are written into their media section, in their order', () => {
  const second = LINE.replace('192.0.2.1', '2001:db8::1');
  const { sdp, rest } = fold(
    candidate(),
    candidate({ candidate: second }),
    candidate({ sdpMid: '1', sdpMLineIndex: 1 }),
  );
  expect(sdp.split('\r\n')).toEqual([
    ...SDP.slice(0, 5),
    `a=${LINE}`,
    `a=${second}`,
    ...SDP.slice(5, 7),
    `a=${LINE}`,
    '',
  ]);
  expect(rest).toEqual([]);
});

test('NEG2 a candidate that names no media section by its id goes by the number', () => {
  const { sdp } = fold(candidate({ sdpMid: null, sdpMLineIndex: 1 }));
  expect(sdp).toBe([...SDP.slice(0, 7), `a=${LINE}`, ''].join('\r\n'));
});

test('NEG2 what could spoil the description is left to be given to the browser by itself', () => {
  const odd = [
    candidate({ candidate: '' }),
    candidate({ candidate: 'candidate:1 1 udp' }),
    candidate({ candidate: `${LINE} \u0020` }),
    candidate({ candidate: LINE.replace('46154', 'port') }),
    candidate({ sdpMid: '7' }),
    candidate({ sdpMid: null, sdpMLineIndex: null }),
    candidate({ sdpMid: null, sdpMLineIndex: 2 }),
  ];
  expect(fold(...odd)).toEqual({ sdp: SDP.join('\r\n'), rest: odd });
});

test('NEG2 a description without a line end at its end gets one before the candidate', () => {
  const { sdp } = foldCandidates(SDP.slice(0, 5).join('\r\n'), [candidate()]);
  expect(sdp).toBe([...SDP.slice(0, 5), `a=${LINE}`, ''].join('\r\n'));
});
