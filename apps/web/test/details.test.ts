import { describe, expect, test } from 'vitest';
import { goodStatistics, points, poorStatistics } from '../src/gallery/statistics.ts';
import { hidingOf, isRelayOnly } from '../src/model/hiding.ts';
import type { CallStatistics, Model } from '../src/model/model.ts';
import { verdictOf } from '../src/model/verdict.ts';
import { detailsWords } from '../src/words/details.ts';
import { settingsWords } from '../src/words/settings.ts';

const withLoss = (sent: number, received: number): CallStatistics => ({
  ...goodStatistics,
  sent: { ...goodStatistics.sent, loss: sent },
  received: { ...goodStatistics.received, loss: received },
});

describe('what the figures mean', () => {
  test.each([
    ['nothing known', null, null],
    ['no path', { ...goodStatistics, path: null }, null],
    ['all is well', goodStatistics, { quality: 'good', because: null }],
    ['some is lost on the way out', withLoss(0.03, 0), { quality: 'fair', because: 'upload' }],
    ['some is lost on the way in', withLoss(0.01, 0.03), { quality: 'fair', because: 'download' }],
    ['much is lost on the way out', withLoss(0.2, 0.1), { quality: 'poor', because: 'upload' }],
    ['much is lost on the way in', withLoss(0.03, 0.1), { quality: 'poor', because: 'download' }],
    ['far away', { ...goodStatistics, roundTripMs: 400 }, { quality: 'fair', because: 'distance' }],
    ['very far away', { ...goodStatistics, roundTripMs: 700 }, { quality: 'poor', because: 'distance' }],
    ['a thin line', { ...goodStatistics, limitation: 'bandwidth' }, { quality: 'fair', because: 'upload' }],
    ['a busy device', { ...goodStatistics, limitation: 'cpu' }, { quality: 'fair', because: 'processor' }],
    ['several things: the worst counts', poorStatistics, { quality: 'poor', because: 'upload' }],
  ] as const)('%s', (_name, statistics, verdict) => {
    expect(verdictOf(statistics)).toEqual(verdict);
  });
});

const said = (statistics: CallStatistics): Record<string, string> =>
  Object.fromEntries(
    [...detailsWords.connectionRows(statistics), ...detailsWords.flowRows(statistics)].map((row) => [
      row.label,
      'value' in row ? row.value : `${row.sent} | ${row.received}`,
    ]),
  );

const REPORTED = { statistics: poorStatistics, points: [], mark: null, browserStatistics: [] };
const ABOUT = { at: new Date(0), browser: 'Browser/1' };

const poorVerdict = (
  level: 'fair' | 'poor',
  side: 'own' | 'other' | 'both' | 'server' | 'between' | null,
): string => detailsWords.verdict(poorStatistics, { level, side }, 'Ana Silva');

describe('the details in words', () => {
  test('of a good call', () => {
    expect(said(goodStatistics)).toEqual({
      Path: 'Direct · UDP',
      'Round trip': '23 ms',
      Jitter: '4 ms',
      'Available to send': '3.2 Mbit/s',
      'Used in this call': '71.3 MB',
      Picture: '1280 × 720 | 1280 × 720',
      'Frames a second': '30 | 29',
      'Bit rate': '1.6 Mbit/s | 1.5 Mbit/s',
      Loss: '0.0 % | 0.2 %',
      Codecs: 'VP8, Opus | VP8, Opus',
    });
    expect(detailsWords.verdict(goodStatistics)).toBe('Good.');
  });

  test('of a poor one', () => {
    expect(said(poorStatistics)).toMatchObject({
      Path: 'Relayed · TLS',
      'Available to send': '162 kbit/s',
      'Used in this call': '1,204 MB',
      Loss: '8.4 % | 1.1 %',
    });
    expect(detailsWords.verdict(poorStatistics)).toMatch(/^Poor\..*your upload is the limit/);
  });

  test('what is not known is a dash, never a nought', () => {
    const nothing: CallStatistics['sent'] = {
      width: null,
      height: null,
      framesPerSecond: null,
      videoCodec: null,
      audioCodec: null,
      bitrate: null,
      loss: null,
    };
    const unknown: CallStatistics = {
      path: null,
      protocol: null,
      roundTripMs: null,
      jitterMs: null,
      sent: nothing,
      received: nothing,
      availableBitrate: null,
      limitation: null,
      usedBytes: 0,
    };
    const { 'Used in this call': used, ...others } = said(unknown);
    expect(used).toBe('0.0 MB');
    for (const value of Object.values(others)) expect(value).toMatch(/^–( \| –)?$/);
    expect(detailsWords.verdict(unknown)).toMatch(/Nothing is known/);
  });

  test('says whose side it is, with the figure that is felt', () => {
    expect(poorVerdict('poor', 'own')).toBe('Your connection loses 8.4 % of what you send.');
    expect(poorVerdict('poor', 'other')).toBe('Ana’s connection loses 8.4 % of what you send.');
    expect(poorVerdict('poor', 'both')).toBe('Your connection, like Ana’s, loses 8.4 % of what you send.');
    expect(poorVerdict('fair', 'between')).toBe('The network between you loses 8.4 % of what you send.');
    const quick = { level: 'poor', side: 'server' } as const;
    expect(detailsWords.verdict({ ...goodStatistics, roundTripMs: 900 }, quick)).toBe(
      'The server takes 900 ms there and back.',
    );
    expect(detailsWords.verdict(goodStatistics, { level: 'fair', side: 'other' }, 'Ben')).toBe(
      'Ben’s connection is weak.',
    );
    // The mark is slower than the figures, and what it says counts.
    expect(detailsWords.verdict(withLoss(0.03, 0), { level: 'good', side: null })).toBe('Good.');
  });

  test('a name that is on no list stays out of the report', () => {
    const sent = { ...goodStatistics.sent, videoCodec: 'printer.local', audioCodec: '10.1.2.3' };
    const report = detailsWords.report({ ...REPORTED, statistics: { ...goodStatistics, sent } }, ABOUT);
    expect(report).not.toMatch(/printer|10\.1\.2\.3/);
  });

  test('the report has a line for every ten seconds, the newest last', () => {
    const report = detailsWords.report({ ...REPORTED, points: points() }, ABOUT);
    expect(report.match(/^\d+ s ago: /gm)?.map((line) => Number.parseInt(line, 10))).toEqual(
      Array.from({ length: 18 }, (_, index) => 170 - 10 * index),
    );
  });

  test('the report says all of it, and when and in which browser', () => {
    const report = detailsWords.report(REPORTED, { at: new Date(0), browser: 'Browser/1' });
    expect(report).toMatch(/^Visavis call report\n1970-01-01T00:00:00.000Z\nBrowser\/1\nPoor\./);
    expect(report).toContain('Path: Relayed · TLS');
    expect(report).toContain('Loss: sent 8.4 %, received 1.1 %');
    expect(report).toContain('Limited by: bandwidth');
  });
});

describe('NEG5 hiding the address', () => {
  const settings = { callWaiting: true, doNotDisturb: false, strangers: 'silent' } as const;
  const model = (hideAddress: boolean, hasRelay: boolean): Pick<Model, 'account' | 'service'> => ({
    service: { name: 'Visavis', demo: true, hasRelay },
    account: {
      state: 'signed_in',
      me: {
        user: { userId: 'u', handle: 'ana', name: 'Ana', avatarUrl: null },
        device: { deviceId: 'd', name: 'Laptop', kind: 'desktop' },
        settings: { ...settings, hideAddress },
        missedUnseen: 0,
        guest: false,
      },
    },
  });

  test.each([
    [false, true, 'off', false],
    [true, true, 'on', true],
    [false, false, 'off_without_relay', false],
    [true, false, 'on_without_relay', true],
  ] as const)('chosen %s, relay %s: %s', (hideAddress, hasRelay, hiding, relayOnly) => {
    expect(hidingOf(model(hideAddress, hasRelay))).toBe(hiding);
    expect(isRelayOnly(model(hideAddress, hasRelay))).toBe(relayOnly);
    expect(settingsWords.hideAddressHint[hiding]).not.toBe('');
  });

  test('nobody is signed in: nothing to say', () => {
    expect(hidingOf({ ...model(true, true), account: { state: 'loading' } })).toBeNull();
  });
});
