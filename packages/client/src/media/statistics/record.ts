import type { Sample, StreamCounts } from './sample.ts';
import type { CallStatistics, FlowStatistics } from './types.ts';

/** Rates are over this long. Longer: a change shows late; shorter: reports of loss, which come every few seconds, make them jump. */
const WINDOW_MS = 10_000;

/** What is remembered of a call to say how it is now. */
export interface StatisticsRecord {
  readonly connectionId: string | null;
  /** Bytes of the connections that this call had before. */
  readonly formerBytes: number;
  /** Of the connection in use, oldest first, over {@link WINDOW_MS}. */
  readonly samples: readonly Sample[];
}

export const NO_STATISTICS: StatisticsRecord = { connectionId: null, formerBytes: 0, samples: [] };

/** Adds a look at the connection in use. A new connection counts from nothing, and what the old one used is kept. */
export function addSample(
  record: StatisticsRecord,
  connectionId: string | null,
  sample: Sample,
): StatisticsRecord {
  // So does one whose clock went back.
  if (connectionId !== record.connectionId || sample.atMs < (record.samples.at(-1)?.atMs ?? 0)) {
    return { connectionId, formerBytes: usedBytes(record), samples: [sample] };
  }
  const recent = record.samples.filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS);
  return { ...record, samples: [...recent, sample] };
}

/** How the call is; null before anything is known of it. */
export function statisticsOf(record: StatisticsRecord): CallStatistics | null {
  const last = record.samples.at(-1);
  const first = record.samples[0];
  if (last === undefined || first === undefined) return null;
  return {
    ...last.now,
    sent: { ...last.now.sent, ...ratesOf(first, last, 'sent') },
    received: { ...last.now.received, ...ratesOf(first, last, 'received') },
    usedBytes: usedBytes(record),
  };
}

const usedBytes = ({ formerBytes, samples }: StatisticsRecord): number =>
  formerBytes + (samples.at(-1)?.bytes ?? 0);

function ratesOf(
  first: Sample,
  last: Sample,
  direction: 'sent' | 'received',
): Pick<FlowStatistics, 'bitrate' | 'loss'> {
  const [before, after] = [first[direction], last[direction]];
  const elapsedMs = last.atMs - first.atMs;
  const bitrate = elapsedMs > 0 ? (Math.max(0, after.bytes - before.bytes) * 8_000) / elapsedMs : null;
  if (after.lost === null) return { bitrate, loss: null };
  const lost = Math.max(0, after.lost - (before.lost ?? 0));
  const packets = after.packets - before.packets;
  // Of what was sent the lost ones are part; what was received comes on top of the lost ones.
  const all = direction === 'sent' ? packets : packets + lost;
  return { bitrate, loss: all > 0 ? Math.min(1, lost / all) : null };
}

/** Loss that is felt now. Longer: what is mended is shown for longer; shorter: reports come every few seconds, and make it jump. */
const FELT_MS = 5_000;
/** Of fewer packets a lost one says nothing: a muted microphone sends two or three a second. */
const FEWEST_PACKETS = 50;

/** Shares of lost packets over the last seconds, 0 to 1; null where too few flow to tell. */
export interface FeltLoss {
  readonly sent: number | null;
  readonly received: number | null;
  /** Of the stream in the middle of all by loss, the better one of two: what everything has that comes here. */
  readonly common: number | null;
}

export function feltLossOf({ samples }: StatisticsRecord): FeltLoss {
  const last = samples.at(-1);
  const first = samples.find(({ atMs }) => last !== undefined && last.atMs - atMs <= FELT_MS);
  if (last === undefined || first === undefined) return { sent: null, received: null, common: null };
  const lossOf = (direction: 'sent' | 'received'): number | null =>
    last[direction].packets - first[direction].packets < FEWEST_PACKETS
      ? null
      : ratesOf(first, last, direction).loss;
  const streams = [...last.streams].flatMap(([id, { packets, lost }]) => {
    const before = first.streams.get(id);
    const came = packets - (before?.packets ?? 0);
    const gone = Math.max(0, lost - (before?.lost ?? 0));
    return before === undefined || came < FEWEST_PACKETS ? [] : [gone / (came + gone)];
  });
  const sorted = streams.toSorted((one, other) => one - other);
  return {
    sent: lossOf('sent'),
    received: lossOf('received'),
    common: sorted[Math.floor((sorted.length - 1) / 2)] ?? null,
  };
}

/**
 * Shares of packets that do not arrive when they are first sent, 0 to 1; null: not known. Of sound browsers count no packet as lost that came
 * when it was sent again, and the other end's counts are seconds late: a path on which repairs work would look like a good one.
 */
export interface LossAtFirst {
  /** Of pictures, by what the other end reports: the smaller of the last two looks. */
  readonly sent: number | null;
  /** Of the stream here that it is worst for, over {@link WINDOW_MS}. */
  readonly received: number | null;
}

export function lossAtFirstOf({ samples }: StatisticsRecord): LossAtFirst {
  const [before, last] = samples.slice(-2);
  const first = samples[0];
  if (first === undefined || before === undefined || last === undefined)
    return { sent: null, received: null };
  const isReported = before.lostAtFirst !== null && last.lostAtFirst !== null;
  const shares = [...last.streams].flatMap(([id, stream]) => {
    const since = (name: keyof StreamCounts): number =>
      Math.max(0, stream[name] - (first.streams.get(id)?.[name] ?? 0));
    const all = since('packets') + since('lost');
    return all < FEWEST_PACKETS ? [] : [Math.min(1, Math.max(since('lost'), since('askedAgain')) / all)];
  });
  return {
    sent: isReported ? Math.min(before.lostAtFirst, last.lostAtFirst) : null,
    received: shares.length === 0 ? null : Math.max(...shares),
  };
}
