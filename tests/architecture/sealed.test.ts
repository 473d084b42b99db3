import { describe, expect, test } from 'vitest';

import { isCode, listFiles, readText, withoutComments } from './sourceTree.ts';

const FACTORY = 'packages/client/src/media/sealed/';

/** What makes senders and receivers, or decides what goes through them. */
const MAKERS = [
  { what: 'a connection', pattern: /\bnew\s+(?:globalThis\.|window\.)?RTCPeerConnection\b/ },
  { what: 'a line', pattern: /\.addTransceiver\b/ },
  { what: 'a line of a stream', pattern: /\b(?:peer|connection|pc)\.addTrack\b/ },
  { what: 'a transport', pattern: /\.create(?:Send|Recv)Transport\b/ },
  { what: 'a transform', pattern: /\bRTCRtpScriptTransform\b|\bcreateEncodedStreams\b|\.transform\s*=[^=]/ },
] as const;

/** The library that makes its own connections to the media server: here alone, and sealed as the tests below say. */
const LIBRARY = 'packages/client/src/media/forwarded/mediasoup.ts';

/** A connection for checks, which has data channels and ICE and never media: held by the tests below. */
const PROBE = 'packages/client/src/check/probePeer.ts';

const sources = listFiles().filter((path) => isCode(path) && /^(packages|apps)\/[^/]+\/src\//.test(path));

const makersIn = (code: string): string[] =>
  MAKERS.filter(({ pattern }) => pattern.test(withoutComments(code))).map(({ what }) => what);

const found = new Map(
  sources.map((path) => [path, makersIn(readText(path))] as const).filter(([, makers]) => makers.length > 0),
);

test('nothing but the factory of sealed media makes senders, receivers or transforms, but for one library and one probe', () => {
  const others = [...found].filter(([path]) => !path.startsWith(FACTORY) && !path.startsWith('apps/server/'));
  expect(Object.fromEntries(others)).toEqual({ [LIBRARY]: ['a transport'], [PROBE]: ['a connection'] });
});

describe('the probe has no media', () => {
  const code = withoutComments(readText(PROBE));
  test('it makes one kind of connection, with the setting of the factory', () => {
    expect(code.match(/new RTCPeerConnection\(/g)).toHaveLength(1);
    expect(code).toContain('new RTCPeerConnection({ ...configuration, ...SEALED })');
    expect(code).toContain(
      'SEALED: { readonly encodedInsertableStreams: true } = { encodedInsertableStreams: true }',
    );
  });
  test('it does with it what checks need, and never hands it out', () => {
    const used = [...code.matchAll(/\bpeer\b(?!:)(?:\.(?<member>\w+))?/g)].map(
      ({ groups }) => groups?.['member'] ?? 'itself',
    );
    expect([...new Set(used)].toSorted()).toEqual([
      'addEventListener',
      'addIceCandidate',
      'close',
      'createAnswer',
      'createDataChannel',
      'createOffer',
      'getStats',
      'iceConnectionState',
      'itself',
      'setLocalDescription',
      'setRemoteDescription',
    ]);
    // Where it is made.
    expect(used.filter((member) => member === 'itself')).toHaveLength(1);
  });
  test('it looks at every description before it takes it', () => {
    expect(code).toMatch(/if \(hasMedia\(.*\)\) throw [^\n]+\n\s+await peer\.setRemoteDescription/);
    expect(code.match(/setRemoteDescription/g)).toHaveLength(1);
  });
  test('it listens to data channels, candidates and ICE, never to tracks', () => {
    const events = [...code.matchAll(/addEventListener\('(?<name>\w+)'/g)].map(
      ({ groups }) => groups?.['name'],
    );
    expect(events).toEqual(['icecandidate', 'datachannel', 'iceconnectionstatechange']);
  });
  test('checks alone have it', () => {
    const users = sources.filter((path) => /probePeer|createProbePeer/.test(withoutComments(readText(path))));
    expect(users.filter((path) => !path.startsWith('packages/client/src/check/'))).toEqual([
      'apps/web/src/app/checkWork.ts',
    ]);
  });
});

describe('what the library makes is sealed', () => {
  const code = withoutComments(readText(LIBRARY));
  test.each([
    ['every transport', /\.create(?:Send|Recv)Transport\(settings\)/g, 2],
    ['with the settings of the factory', /additionalSettings: sealed\.transportSettings/g, 1],
    ['every sender', /\btransport\.produce\(/g, 1],
    ['in the call back before it is negotiated', /onRtpSender\(sender\) \{\s*sealed\.sealSender\(/g, 1],
    ['every receiver', /\btransport\.consume\(/g, 1],
    ['in the call back before it is answered', /onRtpReceiver: \(receiver\) => sealed\.sealReceiver\(/g, 1],
  ])('%s', (_, pattern, times) => {
    expect(code.match(pattern)).toHaveLength(times);
  });
});

test('the factory is seen at all', () => {
  const own = [...found].filter(([path]) => path.startsWith(FACTORY)).flatMap(([, makers]) => makers);
  expect(new Set(own)).toEqual(new Set(['a connection', 'a line', 'a transform']));
});

describe('what makes them is noticed', () => {
  test.each([
    ['const peer = new RTCPeerConnection({});', ['a connection']],
    ['peer.addTransceiver(track)', ['a line']],
    ['peer.addTrack(track)', ['a line of a stream']],
    ['stream.addTrack(track)', []],
    ['sender.transform = null;', ['a transform']],
    ['if (sender.transform === null) return;', []],
    ['sender.createEncodedStreams()', ['a transform']],
    ['device.createRecvTransport(settings)', ['a transport']],
    ['// new RTCPeerConnection()', []],
  ])('%s', (code, expected) => {
    expect(makersIn(code)).toEqual(expected);
  });
});

test('nothing of it lets frames pass as they are', () => {
  const parts = sources.filter(
    (path) => path.startsWith(FACTORY) || path.startsWith('packages/encryption/src/'),
  );
  expect(parts.length).toBeGreaterThan(20);
  const passing = parts.filter((path) =>
    /pass-?through|bypass|disableEncryption/i.test(withoutComments(readText(path))),
  );
  expect(passing).toEqual([]);
});
