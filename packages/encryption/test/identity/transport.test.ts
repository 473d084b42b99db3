import { describe, expect, test } from 'vitest';
import {
  type DescriptionPlace,
  type Transport,
  readTransport,
  signTransport,
  verifyTransport,
} from '../../src/index.ts';
import { labelled } from '../../src/identity/fields.ts';
import { sign } from '../../src/identity/keys.ts';
import { createUser, importSecret, random, SECRET_1, text, toHex, turnBit } from './fixtures.ts';

const place: DescriptionPlace = { callId: 'call-1', type: 'offer', role: 'caller' };
const transport: Transport = { fingerprint: new Uint8Array(32).fill(0xab), ufrag: 'uFrg' };
const ana = await importSecret(SECRET_1);

const sdp = (...lines: readonly string[]) => ['v=0', 's=-', ...lines, ''].join('\r\n');

describe('signed transports', () => {
  test('a fixed key, place and transport have a fixed signature, which holds', async () => {
    const signature = await signTransport(ana, place, transport);
    expect(toHex(signature)).toBe(
      'db7a25ca4f2faf0a93670b419a9d3e47158852c0ff4eca779b32590e82f1e78b' +
        '54146dd6f22104a15b0c6bf1614b6fbd2ef612714e46ff9ace6e9e82a7d6820c',
    );
    expect(await verifyTransport(ana.publicKey, signature, place, transport)).toBe(true);
  });

  test('it holds for no other call, type, role, fingerprint, ufrag or key', async () => {
    const signature = await signTransport(ana, place, transport);
    const places: readonly DescriptionPlace[] = [
      { ...place, callId: 'call-2' },
      { ...place, type: 'answer' },
      { ...place, role: 'callee' },
    ];
    for (const other of places) {
      expect(await verifyTransport(ana.publicKey, signature, other, transport)).toBe(false);
    }
    const transports: readonly Transport[] = [
      { ...transport, fingerprint: random(32) },
      { ...transport, fingerprint: transport.fingerprint.slice(1) },
      { ...transport, ufrag: 'uFrh' },
    ];
    for (const other of transports) {
      expect(await verifyTransport(ana.publicKey, signature, place, other)).toBe(false);
    }
    const { identity } = await createUser('ben');
    expect(await verifyTransport(identity.publicKey, signature, place, transport)).toBe(false);
  });

  test('with any bit turned, cut or longer it does not hold', async () => {
    const signature = await signTransport(ana, place, transport);
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      expect(await verifyTransport(ana.publicKey, turnBit(signature, bit), place, transport)).toBe(false);
    }
    for (const wrong of [signature.slice(1), new Uint8Array([...signature, 0]), new Uint8Array()]) {
      expect(await verifyTransport(ana.publicKey, wrong, place, transport)).toBe(false);
    }
  });

  test('a signature under another label is none', async () => {
    const fields = ['call-1', 'offer', 'caller', 'sha-256'].map(text);
    const signed = async (label: 'transport' | 'leaf credential') => {
      const said = labelled(label, ...fields, transport.fingerprint, text('uFrg'));
      return verifyTransport(ana.publicKey, await sign(ana, said), place, transport);
    };
    expect(await signed('transport')).toBe(true);
    expect(await signed('leaf credential')).toBe(false);
  });
});

describe('the transport of a description', () => {
  const hex = Array.from({ length: 32 }, () => 'AB').join(':');
  const otherHex = hex.replace('AB', 'AC');
  const fingerprint = `a=fingerprint:sha-256 ${hex}`;
  const ufrag = 'a=ice-ufrag:uFrg';
  const section = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', ufrag, fingerprint];

  test.each([
    ['in every section', sdp(...section, ...section)],
    ['in the session', sdp(ufrag, fingerprint, 'm=audio 9 UDP/TLS/RTP/SAVPF 111')],
    ['in the first of bundled sections', sdp(...section, 'm=video 9 UDP/TLS/RTP/SAVPF 96')],
    ['in small letters', sdp(...section, fingerprint.replace(hex, hex.toLowerCase()))],
    ['with plain line ends', sdp(...section).replaceAll('\r\n', '\n')],
  ])('is read %s', (_where, description) => {
    expect(readTransport(description)).toEqual(transport);
  });

  test.each([
    ['no fingerprint', sdp('m=audio 9 X 1', ufrag)],
    ['no ufrag', sdp('m=audio 9 X 1', fingerprint)],
    ['nothing', ''],
    ['another fingerprint', sdp(...section, `a=fingerprint:sha-256 ${otherHex}`)],
    ['another ufrag', sdp(...section, 'a=ice-ufrag:other')],
    ['another hash function', sdp(...section, `a=fingerprint:sha-512 ${hex}:${hex}`)],
    ['another hash function of the same length', sdp(...section, `a=fingerprint:sha-3 ${hex}`)],
    ['a second fingerprint in capitals', sdp(...section, `a=FINGERPRINT:sha-256 ${otherHex}`)],
    ['a second fingerprint behind a space', sdp(...section, ` a=fingerprint:sha-256 ${otherHex}`)],
    [
      'a second fingerprint behind a lone carriage return',
      sdp(`s=x\ra=fingerprint:sha-256 ${otherHex}`, ...section),
    ],
    ['a short fingerprint', sdp(...section, fingerprint.slice(0, -3))],
    ['a long fingerprint', sdp(...section, `${fingerprint}:AB`)],
    ['text behind the fingerprint', sdp(...section, `${fingerprint} x`)],
    ['a short ufrag', sdp(...section, 'a=ice-ufrag:abc')],
    ['an ufrag of other characters', sdp(...section, 'a=ice-ufrag:ab cd')],
  ])('is none with %s', (_what, description) => {
    expect(readTransport(description)).toBeNull();
  });
});
