import { describe, expect, test } from 'vitest';
import {
  addSample,
  feltLossOf,
  lossAtFirstOf,
  NO_STATISTICS,
  statisticsOf,
} from '../../src/media/statistics/record.ts';
import { takeSample } from '../../src/media/statistics/sample.ts';

type Value = string | number | boolean;
type Fields = { readonly id: string; readonly type: string } & Readonly<Record<string, Value>>;
const toReport = (...list: readonly Fields[]): RTCStatsReport =>
  new Map(list.map((entry) => [entry.id, entry]));

const ADDRESSES = ['192.168.7.4', '198.51.100.7', '203.0.113.9', '2001:db8::7', 'printer.local', '50001'];

/** As Chromium reports it, `seconds` into a call of 1 Mbit/s each way. */
const chromium = (seconds: number, change: Partial<Record<string, Value>> = {}): RTCStatsReport => {
  const value = (key: string, otherwise: Value): Value => change[key] ?? otherwise;
  return toReport(
    {
      id: 'T',
      type: 'transport',
      selectedCandidatePairId: 'P',
      bytesSent: seconds * 125_000,
      bytesReceived: seconds * 130_000,
    },
    {
      id: 'P',
      type: 'candidate-pair',
      localCandidateId: 'L',
      remoteCandidateId: 'R',
      currentRoundTripTime: 0.042,
      availableOutgoingBitrate: 2_400_000,
    },
    {
      id: 'L',
      type: 'local-candidate',
      candidateType: value('local', 'host'),
      protocol: 'udp',
      address: '192.168.7.4',
      ip: '192.168.7.4',
      relatedAddress: '2001:db8::7',
      port: 50_001,
      url: 'turn:203.0.113.9:3478',
      ...(change['relayProtocol'] === undefined ? {} : { relayProtocol: change['relayProtocol'] }),
    },
    {
      id: 'R',
      type: 'remote-candidate',
      candidateType: value('remote', 'srflx'),
      protocol: 'udp',
      address: '198.51.100.7',
      ip: 'printer.local',
    },
    { id: 'CV', type: 'codec', mimeType: 'video/VP8' },
    { id: 'CA', type: 'codec', mimeType: 'audio/opus' },
    {
      id: 'IV',
      type: 'inbound-rtp',
      kind: 'video',
      codecId: 'CV',
      jitter: 0.009,
      frameWidth: 1280,
      frameHeight: 720,
      framesPerSecond: 29,
      bytesReceived: seconds * 121_000,
      packetsReceived: seconds * 90,
      packetsLost: value('lostIn', 0),
    },
    {
      id: 'IA',
      type: 'inbound-rtp',
      kind: 'audio',
      codecId: 'CA',
      jitter: 0.004,
      bytesReceived: seconds * 4_000,
      packetsReceived: seconds * 10,
      packetsLost: 0,
      nackCount: value('askedAgain', 0),
    },
    {
      id: 'OV',
      type: 'outbound-rtp',
      kind: 'video',
      codecId: 'CV',
      frameWidth: 640,
      frameHeight: 360,
      framesPerSecond: 30,
      bytesSent: seconds * 60_000,
      packetsSent: seconds * 100,
      qualityLimitationReason: value('limitation', 'none'),
    },
    {
      id: 'RV',
      type: 'remote-inbound-rtp',
      kind: 'video',
      packetsLost: value('lostOut', 0),
      fractionLost: value('reported', 0),
      roundTripTime: 0.05,
    },
  );
};

const statisticsAfter = (...reports: readonly (readonly [number, RTCStatsReport])[]) =>
  statisticsOf(
    reports.reduce(
      (record, [atMs, report]) => addSample(record, 'one', takeSample(report, atMs)),
      NO_STATISTICS,
    ),
  );

test('before anything is known there is nothing to say', () => {
  expect(statisticsOf(NO_STATISTICS)).toBeNull();
  expect(statisticsAfter([0, toReport()])).toEqual({
    path: null,
    protocol: null,
    roundTripMs: null,
    jitterMs: null,
    sent: {
      width: null,
      height: null,
      framesPerSecond: null,
      videoCodec: null,
      audioCodec: null,
      bitrate: null,
      loss: null,
    },
    received: {
      width: null,
      height: null,
      framesPerSecond: null,
      videoCodec: null,
      audioCodec: null,
      bitrate: null,
      loss: null,
    },
    availableBitrate: null,
    limitation: null,
    usedBytes: 0,
  });
});

test('a call as Chromium reports it', () => {
  expect(statisticsAfter([10_000, chromium(10)], [12_000, chromium(12)])).toEqual({
    path: 'direct',
    protocol: 'udp',
    roundTripMs: 42,
    jitterMs: 9,
    sent: {
      width: 640,
      height: 360,
      framesPerSecond: 30,
      videoCodec: 'VP8',
      audioCodec: null,
      bitrate: 480_000,
      loss: 0,
    },
    received: {
      width: 1280,
      height: 720,
      framesPerSecond: 29,
      videoCodec: 'VP8',
      audioCodec: 'opus',
      bitrate: 1_000_000,
      loss: 0,
    },
    availableBitrate: 2_400_000,
    limitation: null,
    usedBytes: 12 * 255_000,
  });
});

test('a call as Firefox reports it: the pair says that it is in use, and what it carried', () => {
  const firefox = toReport(
    {
      id: 'P',
      type: 'candidate-pair',
      selected: true,
      localCandidateId: 'L',
      remoteCandidateId: 'R',
      bytesSent: 300,
      bytesReceived: 500,
    },
    {
      id: 'Q',
      type: 'candidate-pair',
      selected: false,
      localCandidateId: 'X',
      remoteCandidateId: 'R',
      bytesSent: 9,
    },
    { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' },
    { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
    { id: 'RV', type: 'remote-inbound-rtp', kind: 'video', packetsLost: 0, roundTripTime: 0.08 },
  );
  expect(statisticsAfter([0, firefox])).toMatchObject({
    path: 'relayed',
    protocol: 'tls',
    roundTripMs: 80,
    usedBytes: 800,
  });
});

test.each([
  ['host', 'host', undefined, 'direct', 'udp'],
  ['relay', 'host', 'udp', 'relayed', 'udp'],
  ['relay', 'relay', 'tcp', 'relayed', 'tcp'],
  ['relay', 'srflx', 'tls', 'relayed', 'tls'],
  ['host', 'relay', undefined, 'relayed', 'udp'],
] as const)('from %s to %s (%s): %s over %s', (local, remote, relayProtocol, path, protocol) => {
  const change = { local, remote, ...(relayProtocol === undefined ? {} : { relayProtocol }) };
  expect(statisticsAfter([0, chromium(1, change)])).toMatchObject({ path, protocol });
});

describe('loss', () => {
  test('is that of the last seconds, each way for itself', () => {
    const statistics = statisticsAfter(
      [10_000, chromium(10, { lostIn: 500, lostOut: 300 })],
      [12_000, chromium(12, { lostIn: 550, lostOut: 320 })],
    );
    // 50 lost and 200 received; 20 lost of 200 sent.
    expect(statistics?.received.loss).toBeCloseTo(50 / 250);
    expect(statistics?.sent.loss).toBeCloseTo(20 / 200);
  });

  test('is forgotten when it is over', () => {
    const bad = chromium(2, { lostIn: 90 });
    const good = (seconds: number) => [seconds * 1_000, chromium(seconds, { lostIn: 90 })] as const;
    expect(statisticsAfter([0, chromium(0)], [2_000, bad])?.received.loss).toBeGreaterThan(0.2);
    expect(statisticsAfter([0, chromium(0)], [2_000, bad], good(5), good(9), good(13))?.received.loss).toBe(
      0,
    );
  });

  test('that late packets have mended is none', () => {
    expect(
      statisticsAfter([0, chromium(1, { lostIn: 9 })], [1_000, chromium(2, { lostIn: 4 })])?.received.loss,
    ).toBe(0);
  });
});

test.each([
  ['none', null],
  ['bandwidth', 'bandwidth'],
  ['cpu', 'cpu'],
  ['other', 'other'],
] as const)('limited by %s', (limitation, expected) => {
  expect(statisticsAfter([0, chromium(1, { limitation })])?.limitation).toBe(expected);
});

test('what former connections of the call used is counted, and rates start over', () => {
  let record = addSample(NO_STATISTICS, 'one', takeSample(chromium(10), 10_000));
  record = addSample(record, 'two', takeSample(chromium(1), 11_000));
  expect(statisticsOf(record)).toMatchObject({ usedBytes: 11 * 255_000, received: { bitrate: null } });
  record = addSample(record, 'two', takeSample(chromium(2), 12_000));
  expect(statisticsOf(record)).toMatchObject({ usedBytes: 12 * 255_000, received: { bitrate: 1_000_000 } });
});

test('NEG5 no address gets into it', () => {
  const text = JSON.stringify(addSample(NO_STATISTICS, null, takeSample(chromium(3), 0)));
  for (const address of ADDRESSES) expect(text).not.toContain(address);
});

/** So many seconds into a call of streams of 100 packets a second, of which a share each is lost since the tenth second. */
const streams = (seconds: number, shares: readonly number[], rate = 100): RTCStatsReport =>
  toReport(
    ...shares.map((share, index) => {
      const lost = Math.round(Math.max(0, seconds - 10) * rate * share);
      const packetsReceived = seconds * rate - lost;
      return { id: `I${index}`, type: 'inbound-rtp', kind: 'video', packetsReceived, packetsLost: lost };
    }),
  );

const feltAfter = (seconds: number, shares: readonly number[], rate?: number) =>
  feltLossOf(
    Array.from({ length: seconds }, (_, second) => second + 1).reduce(
      (record, second) => addSample(record, 'one', takeSample(streams(second, shares, rate), second * 1_000)),
      NO_STATISTICS,
    ),
  );

describe('loss that is felt now', () => {
  test('is that of the last 5 s', () => {
    expect(feltAfter(10, [0.1]).received).toBe(0);
    expect(feltAfter(12, [0.1]).received).toBeCloseTo(0.04, 3);
    expect(feltAfter(15, [0.1]).received).toBeCloseTo(0.1, 3);
  });

  test('is not known of fewer than 50 packets, as of somebody muted', () => {
    expect(feltAfter(20, [0.5], 3)).toEqual({ sent: null, received: null, common: null });
    expect(feltLossOf(NO_STATISTICS)).toEqual({ sent: null, received: null, common: null });
  });

  test('that all streams have is not that of one: the one in the middle counts, of two the better', () => {
    expect(feltAfter(20, [0, 0.2, 0]).common).toBe(0);
    expect(feltAfter(20, [0.2, 0]).common).toBe(0);
    expect(feltAfter(20, [0.1, 0.1, 0.1]).common).toBeCloseTo(0.1, 3);
  });
});

test('what goes before each packet is paid for, too', () => {
  const counts = { bytesSent: 1_000, bytesReceived: 2_000, packetsSent: 10, packetsReceived: 20 };
  expect(statisticsAfter([0, toReport({ id: 'T', type: 'transport', ...counts })])?.usedBytes).toBe(
    3_000 + 30 * 28,
  );
});

const after = (...reports: readonly (readonly [number, RTCStatsReport])[]) =>
  lossAtFirstOf(
    reports.reduce(
      (record, [atMs, report]) => addSample(record, 'one', takeSample(report, atMs)),
      NO_STATISTICS,
    ),
  );

describe('what does not arrive at first', () => {
  test('is what the other end reports of pictures, the smaller of two reports', () => {
    expect(after([0, chromium(1, { reported: 0.2 })])).toEqual({ sent: null, received: null });
    const two = after([0, chromium(1, { reported: 0.2 })], [1_000, chromium(2, { reported: 0.15 })]);
    expect(two.sent).toBe(0.15);
    const calm = after([0, chromium(1, { reported: 0.2 })], [1_000, chromium(2)]);
    expect(calm.sent).toBe(0);
    expect(after([0, toReport()], [1_000, toReport()]).sent).toBeNull();
  });

  test('is of what comes here that of the worst stream, and sound that was asked for again is part of it', () => {
    const calm = after([0, chromium(0)], [6_000, chromium(6)]);
    expect(calm.received).toBe(0);
    const pictures = after([0, chromium(0)], [6_000, chromium(6, { lostIn: 60 })]);
    expect(pictures.received).toBeCloseTo(60 / 600);
    const sound = after([0, chromium(0)], [6_000, chromium(6, { lostIn: 60, askedAgain: 12 })]);
    expect(sound.received).toBeCloseTo(12 / 60);
    // Few packets say nothing.
    expect(after([0, chromium(0)], [500, chromium(0.5, { lostIn: 3, askedAgain: 2 })]).received).toBeNull();
  });
});
