import { pathIn } from '../direct/path.ts';
import { entriesOf, readEntries, selectedPair, type Entries, type Entry } from './entries.ts';
import type { CallStatistics, FlowStatistics, MediaProtocol } from './types.ts';

/** Counts of one direction since its connection began. */
interface FlowCounts {
  readonly bytes: number;
  readonly packets: number;
  /** Null where the other side has not reported any. */
  readonly lost: number | null;
}

export interface StreamCounts {
  readonly packets: number;
  readonly lost: number;
  /** How often packets of sound were asked for again. What is sent again is then sound like any other, and nothing counts as lost. */
  readonly askedAgain: number;
}

/** One look at a connection: what holds at that moment, and counts from which rates are made. */
export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
  readonly sent: FlowCounts;
  readonly received: FlowCounts;
  /** Share of the pictures' packets that the other end had to do without at first, 0 to 1, by its last report; null: none yet. */
  readonly lostAtFirst: number | null;
  /** What came of each stream, by its id in the report. */
  readonly streams: ReadonlyMap<string, StreamCounts>;
  readonly now: Omit<CallStatistics, 'usedBytes' | 'sent' | 'received'> & {
    readonly sent: Omit<FlowStatistics, 'bitrate' | 'loss'>;
    readonly received: Omit<FlowStatistics, 'bitrate' | 'loss'>;
  };
}

/**
 * Reads a browser's report.
 *
 * @param atMs - when it was made, on a clock that does not jump
 * @param isForwarded - whether the other end is the media server
 */
export function takeSample(report: RTCStatsReport, atMs: number, isForwarded = false): Sample {
  const entries = readEntries(report);
  const inbound = entriesOf(entries, 'inbound-rtp');
  const outbound = entriesOf(entries, 'outbound-rtp');
  const reported = entriesOf(entries, 'remote-inbound-rtp');
  const pair = selectedPair(entries);
  return {
    atMs,
    bytes: bytesOf(entries, pair),
    sent: {
      bytes: sum(outbound, 'bytesSent'),
      packets: sum(outbound, 'packetsSent'),
      lost: reported.length === 0 ? null : sum(reported, 'packetsLost'),
    },
    received: {
      bytes: sum(inbound, 'bytesReceived'),
      packets: sum(inbound, 'packetsReceived'),
      lost: inbound.length === 0 ? null : sum(inbound, 'packetsLost'),
    },
    lostAtFirst: largest(reported.filter(isVideo), 'fractionLost'),
    streams: streamsOf(entries),
    now: {
      path: isForwarded ? 'forwarded' : pathIn(entries),
      protocol: protocolOf(entries, pair),
      roundTripMs: toMs(pair?.number('currentRoundTripTime') ?? largest(reported, 'roundTripTime')),
      jitterMs: toMs(largest(inbound, 'jitter')),
      sent: flowOf(entries, outbound),
      received: flowOf(entries, inbound),
      availableBitrate: pair?.number('availableOutgoingBitrate') ?? null,
      limitation: limitationOf(outbound),
    },
  };
}

const streamsOf = (entries: Entries): ReadonlyMap<string, StreamCounts> =>
  new Map(
    [...entries]
      .filter(([, { type }]) => type === 'inbound-rtp')
      .map(([id, entry]) => [
        id,
        {
          packets: entry.number('packetsReceived') ?? 0,
          lost: entry.number('packetsLost') ?? 0,
          askedAgain: isVideo(entry) ? 0 : (entry.number('nackCount') ?? 0),
        },
      ]),
  );

const linesOf = (entry: Entry): number => entry.number('frameHeight') ?? 0;
const isVideo = (entry: Entry): boolean => entry.text('kind') === 'video';

function flowOf(entries: Entries, rtp: readonly Entry[]): Omit<FlowStatistics, 'bitrate' | 'loss'> {
  // Of several layers, or people, the largest picture.
  const video = rtp.filter(isVideo).toSorted((one, other) => linesOf(other) - linesOf(one))[0];
  const audio = rtp.find((entry) => !isVideo(entry));
  const codecOf = (entry: Entry | undefined): string | null =>
    entries
      .get(entry?.text('codecId') ?? '')
      ?.text('mimeType')
      ?.split('/')[1] ?? null;
  return {
    width: video?.number('frameWidth') ?? null,
    height: video?.number('frameHeight') ?? null,
    framesPerSecond: video?.number('framesPerSecond') ?? null,
    videoCodec: codecOf(video),
    audioCodec: codecOf(audio),
  };
}

/** Over which protocol this device sends: to its relay where it uses one, else to the other end. */
function protocolOf(entries: Entries, pair: Entry | null): MediaProtocol | null {
  const local = entries.get(pair?.text('localCandidateId') ?? '');
  const name = (local?.text('relayProtocol') ?? local?.text('protocol'))?.toLowerCase();
  return name === 'udp' || name === 'tcp' || name === 'tls' ? name : null;
}

function limitationOf(outbound: readonly Entry[]): CallStatistics['limitation'] {
  const reason = outbound.find(isVideo)?.text('qualityLimitationReason');
  return reason === 'bandwidth' || reason === 'cpu' || reason === 'other' ? reason : null;
}

/** Everything of the connection where the browser counts that, else what its pair in use has carried. */
function bytesOf(entries: Entries, pair: Entry | null): number {
  const transports = entriesOf(entries, 'transport').reduce(
    (total, entry) => total + bytesBothWays(entry),
    0,
  );
  return transports > 0 ? transports : pair === null ? 0 : bytesBothWays(pair);
}

/** What goes before each packet and is paid for, too: IPv4 and UDP (RFC 791 §3.1, RFC 768). */
const HEADER_BYTES = 28;

const bytesBothWays = (entry: Entry): number =>
  (entry.number('bytesSent') ?? 0) +
  (entry.number('bytesReceived') ?? 0) +
  HEADER_BYTES * ((entry.number('packetsSent') ?? 0) + (entry.number('packetsReceived') ?? 0));

const sum = (list: readonly Entry[], key: string): number =>
  list.reduce((total, entry) => total + (entry.number(key) ?? 0), 0);

function largest(list: readonly Entry[], key: string): number | null {
  const values = list.map((entry) => entry.number(key)).filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}

const toMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1_000);
