import { describe, expect, it } from 'vitest';
import { decodeClientMessage, isAcceptableSdp, LIMITS } from '../src/index.ts';
import { CHROMIUM_OFFER, FINGERPRINT_LINE, FIREFOX_OFFER } from './sdpFixtures.ts';

const MINIMAL = ['v=0', FINGERPRINT_LINE, 'm=audio 9 UDP/TLS/RTP/SAVPF 111'];
const sdp = (lines: readonly string[]): string => lines.join('\r\n');

const long = (length: number): string => `${sdp(MINIMAL)}\r\na=`.padEnd(length, 'x');

describe('session descriptions', () => {
  it.each([
    ['Chromium', CHROMIUM_OFFER],
    ['Firefox', FIREFOX_OFFER],
    ['line feeds alone', CHROMIUM_OFFER.replaceAll('\r', '')],
    ['the least there can be', sdp(MINIMAL)],
  ])('NEG1 that of %s is passed on', (_who, text) => {
    expect(isAcceptableSdp(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no version', sdp(MINIMAL.slice(1))],
    ['another version', sdp(['v=1', ...MINIMAL.slice(1)])],
    ['no media', sdp(MINIMAL.slice(0, 2))],
    [
      'more media than any call has',
      sdp([...MINIMAL, ...Array.from({ length: 16 }, () => 'm=video 9 x 96')]),
    ],
    ['no fingerprint', sdp(['v=0', 'm=audio 9 x 111'])],
    ['an empty fingerprint', sdp([...MINIMAL, 'a=fingerprint:'])],
    ['a fingerprint without a value', sdp([...MINIMAL, 'a=fingerprint:sha-256 '])],
    ['a fingerprint cut short', sdp([...MINIMAL, 'a=fingerprint:sha-256 AB:CD'])],
    ['a fingerprint that is none', sdp([...MINIMAL, FINGERPRINT_LINE.replace('10:', 'ZZ:')])],
    ['one good and one bad fingerprint', sdp([...MINIMAL, 'a=fingerprint:sha-256 AB:CD', FINGERPRINT_LINE])],
    ['a line without a type', sdp([...MINIMAL, 'fingerprint'])],
    ['an empty line', sdp([...MINIMAL, '', 'a=mid:0'])],
    ['a control character', sdp([...MINIMAL, 'a=mid:\u0007'])],
    ['a lone carriage return', sdp([...MINIMAL, 'a=mid:0\ra=x'])],
    ['a zero byte', sdp([...MINIMAL, 'a=mid:\u0000'])],
    ['a script', '<script>alert(1)</script>'],
  ])('NEG1 one with %s is not', (_what, text) => {
    expect(isAcceptableSdp(text)).toBe(false);
  });

  it('NEG1 one that is too long is refused before its grammar is looked at', () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const send = (text: string) =>
      decodeClientMessage(
        JSON.stringify({ type: 'offer', id: 'r', callId: id, payload: { connectionId: id, sdp: text } }),
      ).ok;
    expect(send(long(LIMITS.sdpLength))).toBe(true);
    expect(send(long(LIMITS.sdpLength + 1))).toBe(false);
  });

  it.each([
    ['candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0', true],
    ['', true],
    ['a=candidate:1 1 udp 1 192.0.2.1 1 typ host', false],
    ['candidate:', false],
    ['candidate:1\r\na=fingerprint:', false],
    [`candidate:${'1'.repeat(LIMITS.candidateLength)}`, false],
  ])('NEG2 a candidate %j is passed on: %s', (candidate, isPassedOn) => {
    const id = '00000000-0000-4000-8000-000000000001';
    const payload = { connectionId: id, candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
    const text = JSON.stringify({ type: 'ice_candidate', id: 'r', callId: id, payload });
    expect(decodeClientMessage(text).ok).toBe(isPassedOn);
  });
});
