import type { Signal } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import { withoutOwnAddresses } from '../../src/media/direct/hiding.ts';

const connectionId = '018f0000-0000-7000-8000-000000000001';
const relay = '203.0.113.9';
const candidate = (line: string): Signal => ({
  type: 'ice_candidate',
  payload: { connectionId, candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
});
const lineOf = (signal: Signal | null): string | null =>
  signal?.type === 'ice_candidate' ? signal.payload.candidate : null;
const hidden = (line: string): string | null => lineOf(withoutOwnAddresses(candidate(line)));

describe('NEG5 candidates', () => {
  test.each([
    ['host', 'candidate:1 1 udp 2122260223 192.168.7.4 50001 typ host generation 0'],
    ['host over TCP', 'candidate:1 1 tcp 1518280447 192.168.7.4 9 typ host tcptype active'],
    ['host by mDNS', 'candidate:1 1 udp 2122260223 8f1c.local 50001 typ host'],
    ['srflx', 'candidate:2 1 udp 1686052607 198.51.100.7 50001 typ srflx raddr 192.168.7.4 rport 50001'],
    ['prflx', 'candidate:3 1 udp 1686052607 198.51.100.7 50001 typ prflx raddr 192.168.7.4 rport 50001'],
    ['IPv6', 'candidate:4 1 udp 2122262783 2001:db8::7 50001 typ host'],
    ['no type at all', 'candidate:5 1 udp 1 192.168.7.4 50001'],
  ])('of kind %s are not sent', (_kind, line) => {
    expect(hidden(line)).toBeNull();
  });

  test('of the relay are, without where they were made from', () => {
    expect(
      hidden(
        `candidate:6 1 udp 41885951 ${relay} 61001 typ relay raddr 198.51.100.7 rport 50001 generation 0 ufrag u`,
      ),
    ).toBe(`candidate:6 1 udp 41885951 ${relay} 61001 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag u`);
    expect(hidden(`candidate:6 1 udp 1 ${relay} 61001 typ relay raddr 2001:db8::7 rport 50001`)).toBe(
      `candidate:6 1 udp 1 ${relay} 61001 typ relay raddr 0.0.0.0 rport 0`,
    );
  });

  test('the word that there are no more is kept', () => {
    expect(hidden('')).toBe('');
  });
});

test.each(['\r\n', '\n'])('NEG5 a description names no address but the relay’s (line ends %j)', (end) => {
  const sdp = [
    'v=0',
    'o=- 4611686018427387904 2 IN IP4 192.168.7.4',
    's=-',
    't=0 0',
    'a=fingerprint:sha-256 AA:BB',
    'm=audio 50001 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 198.51.100.7',
    'a=rtcp:50003 IN IP4 198.51.100.7',
    'a=candidate:1 1 udp 2122260223 192.168.7.4 50001 typ host generation 0',
    `a=candidate:6 1 udp 41885951 ${relay} 61001 typ relay raddr 198.51.100.7 rport 50001`,
    'a=rtpmap:111 opus/48000/2',
    'm=video 0 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP6 2001:db8::7',
    'a=mid:1',
    '',
  ].join(end);
  const signal = withoutOwnAddresses({ type: 'offer', payload: { connectionId, sdp } });
  expect(signal?.type === 'offer' ? signal.payload.sdp : null).toBe(
    [
      'v=0',
      'o=- 4611686018427387904 2 IN IP4 0.0.0.0',
      's=-',
      't=0 0',
      'a=fingerprint:sha-256 AA:BB',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP4 0.0.0.0',
      `a=candidate:6 1 udp 41885951 ${relay} 61001 typ relay raddr 0.0.0.0 rport 0`,
      'a=rtpmap:111 opus/48000/2',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 0.0.0.0',
      'a=mid:1',
      '',
    ].join(end),
  );
});
