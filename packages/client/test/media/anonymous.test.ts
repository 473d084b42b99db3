import { describe, expect, it } from 'vitest';
import { anonymousStatistics } from '../../src/media/statistics/anonymous.ts';

/** What may be in a report of a browser and says where somebody is, or who. */
const PLANTED = [
  '192.168.7.4',
  '203.0.113.9',
  '2001:db8::7',
  'fe80::1ff:fe23:4567:890a',
  '3b1d7e0a-4c1f-4c55-9a9d-2f1e6a1b0c9d.local',
  'turn.example.org',
  'anas-laptop',
  '50001',
  '3478',
];
const report = (...entries: readonly Readonly<Record<string, unknown>>[]): RTCStatsReport =>
  new Map(entries.map((entry, index) => [`id ${index}`, entry]));

const TYPES = [
  'local-candidate',
  'remote-candidate',
  'candidate-pair',
  'transport',
  'inbound-rtp',
  'certificate',
  'new-thing',
];
const FIELDS =
  'id address ip relatedAddress url foundation usernameFragment networkType protocol candidateType kind state trackIdentifier mid mimeType encoderImplementation whatIsNew'.split(
    ' ',
  );

describe('a report without addresses', () => {
  it('has none of what is planted into every text of every kind of entry', () => {
    const entries = TYPES.flatMap((type) =>
      PLANTED.map((planted) => ({ type, ...Object.fromEntries(FIELDS.map((field) => [field, planted])) })),
    );
    const said = anonymousStatistics(report(...entries)).join('\n');
    expect(said.length).toBeGreaterThan(0);
    for (const planted of PLANTED) expect(said, planted).not.toContain(planted);
  });

  it('has no port and nothing by which another report could be matched, as numbers either', () => {
    const numbers = {
      port: 50_001,
      relatedPort: 3_478,
      ssrc: 123_456_789,
      priority: 2_113_937_151,
      timestamp: 1_795_000_000_000.5,
    };
    const said = anonymousStatistics(report({ type: 'local-candidate', ...numbers })).join('\n');
    expect(said).toBe('local-candidate');
  });

  it('has no name of a field that is a text of its own', () => {
    expect(
      anonymousStatistics(report({ type: 'transport', 'anas-laptop.local': 1, '10.0.0.1': true })),
    ).toEqual(['transport']);
  });

  it('has the figures and the few words that help', () => {
    const said = anonymousStatistics(
      report(
        { type: 'inbound-rtp', kind: 'audio', packetsLost: 2, jitter: 0.004_21, absurd: Number.NaN },
        { type: 'local-candidate', candidateType: 'relay', relayProtocol: 'tls', isRemote: false },
        { type: 'codec', mimeType: 'video/VP8', sdpFmtpLine: 'x' },
      ),
    );
    expect(said).toEqual([
      'inbound-rtp kind=audio packetsLost=2 jitter=0.0042',
      'local-candidate candidateType=relay relayProtocol=tls isRemote=false',
    ]);
  });

  it('is made of whatever a browser gives', () => {
    const odd = new Map<string, unknown>([
      ['a', null],
      ['b', 'text'],
      ['c', 7],
      ['d', {}],
      ['e', { type: 5 }],
    ]);
    expect(anonymousStatistics(odd)).toEqual([]);
  });
});
