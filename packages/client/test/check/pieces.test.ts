import type { MediaTransport } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import { describeServer } from '../../src/check/mediaServerProbe.ts';
import { hasMedia } from '../../src/check/probePeer.ts';
import { sortRelays } from '../../src/check/relayProbe.ts';

describe('relays by how they are reached (RFC 7065)', () => {
  const credentials = { username: 'name', credential: 'password' };
  test('as the server gives them', () => {
    const urls = [
      'turn:relay.example:3478?transport=udp',
      'turn:relay.example:3478?transport=tcp',
      'turns:relay.example:443?transport=tcp',
    ];
    expect(sortRelays([{ urls, ...credentials }])).toEqual({
      udp: { urls: [urls[0]], ...credentials },
      tcp: { urls: [urls[1]], ...credentials },
      tls: { urls: [urls[2]], ...credentials },
    });
  });
  test('without a transport: UDP, and TLS over TCP', () => {
    expect(sortRelays([{ urls: 'turn:relay.example' }, { urls: ['turns:relay.example'] }])).toMatchObject({
      udp: { urls: ['turn:relay.example'] },
      tcp: null,
      tls: { urls: ['turns:relay.example'] },
    });
  });
  test('none', () => {
    const none = { udp: null, tcp: null, tls: null };
    expect(sortRelays([])).toEqual(none);
    expect(
      sortRelays([{ urls: 'stun:relay.example' }, { urls: 'turns:relay.example?transport=udp' }]),
    ).toEqual(none);
  });
});

describe('the media server, as it would answer', () => {
  const candidate = {
    foundation: 'udpcandidate',
    priority: 1_076_558_079,
    address: '203.0.113.10',
    port: 40_000,
  };
  const transport: MediaTransport = {
    transportId: 'transport-1',
    iceParameters: { usernameFragment: 'fragment', password: 'password', iceLite: true },
    iceCandidates: [
      { ...candidate, protocol: 'udp', type: 'host' },
      { ...candidate, protocol: 'tcp', type: 'host', tcpType: 'passive' },
    ],
    dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
  };
  test('with the candidates of one protocol alone', () => {
    const udp = describeServer(transport, 'udp');
    expect(udp.match(/a=candidate:.*/g)).toEqual([
      'a=candidate:udpcandidate 1 udp 1076558079 203.0.113.10 40000 typ host',
    ]);
    expect(describeServer(transport, 'tcp').match(/a=candidate:.*/g)).toEqual([
      'a=candidate:udpcandidate 1 tcp 1076558079 203.0.113.10 40000 typ host tcptype passive',
    ]);
    expect(hasMedia(udp)).toBe(false);
  });
  test('not without a fingerprint', () => {
    expect(() => describeServer({ ...transport, dtlsParameters: { fingerprints: [] } }, 'udp')).toThrow(
      'fingerprint',
    );
  });
});

test.each([
  ['v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n', false],
  ['v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n', true],
  ['v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n', true],
  ['v=0\nm=applications 9 X y\n', true],
])('a check takes no media: %j', (sdp, media) => {
  expect(hasMedia(sdp)).toBe(media);
});
