import type { CallStatistics, QualityMark, QualityPoint } from '../model/model.ts';
import { verdictOf } from '../model/verdict.ts';
import { qualityWords } from './quality.en.ts';

type Flow = CallStatistics['sent'];

const UNKNOWN = '–';

const QUALITY = { good: 'Good.', fair: 'Fair.', poor: 'Poor.' };
const BECAUSE = {
  upload: 'What you send has it hard: your upload is the limit.',
  download: 'What you get has it hard: your download, or the other’s upload, is the limit.',
  distance: 'The way between you is long, so answers take a moment.',
  processor: 'This device is busy, so your picture is smaller than it could be.',
};

/** `23 ms`. */
const ms = (value: number | null): string => (value === null ? UNKNOWN : `${Math.round(value)} ms`);
/** `0.2 %`. */
const share = (value: number | null): string => (value === null ? UNKNOWN : `${(value * 100).toFixed(1)} %`);
/** `1.6 Mbit/s`, `148 kbit/s`. */
function bitrate(value: number | null): string {
  if (value === null) return UNKNOWN;
  return value >= 1_000_000
    ? `${(value / 1_000_000).toFixed(1)} Mbit/s`
    : `${Math.round(value / 1_000)} kbit/s`;
}
/** `71.3 MB`, `1,204 MB`. */
function megabytes(bytes: number): string {
  const value = bytes / 1_000_000;
  return `${value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(1)} MB`;
}
const resolution = ({ width, height }: Flow): string =>
  width === null || height === null ? UNKNOWN : `${width} × ${height}`;
const frames = ({ framesPerSecond }: Flow): string =>
  framesPerSecond === null ? UNKNOWN : String(Math.round(framesPerSecond));
const CODECS: Readonly<Record<string, string>> = {
  opus: 'Opus',
  red: 'Opus (RED)',
  VP8: 'VP8',
  VP9: 'VP9',
  AV1: 'AV1',
  H264: 'H.264',
};
const codecs = ({ videoCodec, audioCodec }: Flow): string => {
  const known = [videoCodec, audioCodec].filter((name) => name !== null);
  return known.length === 0 ? UNKNOWN : known.map((name) => CODECS[name] ?? 'another').join(', ');
};

const PATH = { direct: 'Direct', relayed: 'Relayed', forwarded: 'By server' };
const path = ({ path: way, protocol }: CallStatistics): string =>
  way === null ? UNKNOWN : [PATH[way], protocol?.toUpperCase()].filter(Boolean).join(' · ');

/** A line of the table: one figure for the connection, or one for each way. */
export type DetailsRow =
  | { readonly label: string; readonly value: string }
  | { readonly label: string; readonly sent: string; readonly received: string };

const connectionRows = (now: CallStatistics): DetailsRow[] => [
  { label: 'Path', value: path(now) },
  { label: 'Round trip', value: ms(now.roundTripMs) },
  { label: 'Jitter', value: ms(now.jitterMs) },
  { label: 'Available to send', value: bitrate(now.availableBitrate) },
  { label: 'Used in this call', value: megabytes(now.usedBytes) },
];

const flowRows = ({ sent, received }: CallStatistics): DetailsRow[] => [
  { label: 'Picture', sent: resolution(sent), received: resolution(received) },
  { label: 'Frames a second', sent: frames(sent), received: frames(received) },
  { label: 'Bit rate', sent: bitrate(sent.bitrate), received: bitrate(received.bitrate) },
  { label: 'Loss', sent: share(sent.loss), received: share(received.loss) },
  { label: 'Codecs', sent: codecs(sent), received: codecs(received) },
];

/**
 * @param mark - what is shown of it elsewhere; null: nothing
 * @param name - of the other one in a call between two; null: nobody is to be named
 */
function verdict(
  now: CallStatistics | null,
  mark: QualityMark | null = null,
  name: string | null = null,
): string {
  const found = verdictOf(now);
  if (now === null || found === null) return 'Nothing is known of the connection yet.';
  if (mark !== null && mark.level !== 'good') return qualityWords.sentence(mark, now, name);
  // What is not felt yet, or not any more, is no news.
  if (mark !== null && found.because !== 'processor') return QUALITY.good;
  return found.because === null
    ? QUALITY[found.quality]
    : `${QUALITY[found.quality]} ${BECAUSE[found.because]}`;
}

/** One look of every ten seconds, newest last: `10 s ago: 23 ms, loss 0.0 % / 0.2 %, 1.6 Mbit/s / 1.5 Mbit/s, 30 frames`. */
function course(points: readonly QualityPoint[]): string[] {
  const last = points.at(-1)?.atMs ?? 0;
  return points
    .filter((_, index) => (points.length - 1 - index) % 10 === 0)
    .map(
      (point) =>
        `${Math.round((last - point.atMs) / 1_000)} s ago: ${ms(point.roundTripMs)}, loss ${share(point.sentLoss)} / ${share(point.receivedLoss)}, ` +
        `${bitrate(point.sentBitrate)} / ${bitrate(point.receivedBitrate)}, ${point.framesPerSecond ?? UNKNOWN} frames`,
    );
}

/** What a report is made of. */
export interface ReportInput {
  readonly statistics: CallStatistics | null;
  readonly points: readonly QualityPoint[];
  readonly mark: QualityMark | null;
  /** The browser's own figures, without addresses. */
  readonly browserStatistics: readonly string[];
}

export const detailsWords = {
  title: 'Call details',
  close: 'Close the details',
  copy: 'Copy report',
  sent: 'You send',
  received: 'You get',
  verdict,
  connectionRows,
  flowRows,
  ms,
  share,
  bitrate,
  /** For somebody who helps. There is no address and no name in it. */
  report: (
    { statistics: now, points, mark, browserStatistics }: ReportInput,
    about: { readonly at: Date; readonly browser: string },
  ): string =>
    [
      'Visavis call report',
      about.at.toISOString(),
      about.browser,
      verdict(now, mark),
      ...(now === null ? [] : [...connectionRows(now), ...flowRows(now)]).map((row) =>
        'value' in row
          ? `${row.label}: ${row.value}`
          : `${row.label}: sent ${row.sent}, received ${row.received}`,
      ),
      ...(now === null || now.limitation === null ? [] : [`Limited by: ${now.limitation}`]),
      ...(points.length === 0
        ? []
        : ['', 'Round trip, loss and bit rate (sent / received):', ...course(points)]),
      ...(browserStatistics.length === 0 ? [] : ['', ...browserStatistics]),
    ].join('\n'),
};
