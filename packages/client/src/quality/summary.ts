import { CallQuality } from '@visavis/protocol';
import type { QualityMark, QualitySide } from './marks.ts';
import type { QualityPoint } from './points.ts';

/** What is remembered of all looks at a call: sums, so that a call of a day takes no more memory than one of a minute. */
export interface LookRecord {
  readonly looks: number;
  readonly fair: number;
  readonly poor: number;
  /** Looks that were not good, by whose side it was. */
  readonly sides: Readonly<Partial<Record<NonNullable<QualitySide>, number>>>;
  readonly roundTripMs: Mean;
  readonly sentLoss: Mean;
  readonly receivedLoss: Mean;
}

interface Mean {
  readonly sum: number;
  readonly count: number;
}

const NO_MEAN: Mean = { sum: 0, count: 0 };
export const NO_LOOKS: LookRecord = {
  looks: 0,
  fair: 0,
  poor: 0,
  sides: {},
  roundTripMs: NO_MEAN,
  sentLoss: NO_MEAN,
  receivedLoss: NO_MEAN,
};

const add = (mean: Mean, value: number | null, most: number): Mean =>
  value === null || !Number.isFinite(value) || value < 0 || value > most
    ? mean
    : { sum: mean.sum + value, count: mean.count + 1 };
const meanOf = ({ sum, count }: Mean, digits: number): number | null =>
  count === 0 ? null : Number((sum / count).toFixed(digits));

export function addLook(record: LookRecord, { level, side }: QualityMark, point: QualityPoint): LookRecord {
  const { sides } = record;
  return {
    looks: record.looks + 1,
    fair: record.fair + (level === 'fair' ? 1 : 0),
    poor: record.poor + (level === 'poor' ? 1 : 0),
    sides: side === null ? sides : { ...sides, [side]: (sides[side] ?? 0) + 1 },
    roundTripMs: add(record.roundTripMs, point.roundTripMs, 60_000),
    sentLoss: add(record.sentLoss, point.sentLoss, 1),
    receivedLoss: add(record.receivedLoss, point.receivedLoss, 1),
  };
}

/** HIST3: what is kept of a call; null where nothing is known of it, or nothing that makes sense. */
export function summaryOf(record: LookRecord, usedBytes: number | null): CallQuality | null {
  const roundTripMs = meanOf(record.roundTripMs, 0);
  const sentLoss = meanOf(record.sentLoss, 4);
  const receivedLoss = meanOf(record.receivedLoss, 4);
  const side = sideIn(record);
  const summary = CallQuality.safeParse({
    seconds: record.looks,
    fairSeconds: record.fair,
    poorSeconds: record.poor,
    ...(side === null ? {} : { side }),
    ...(roundTripMs === null ? {} : { roundTripMs }),
    ...(sentLoss === null ? {} : { sentLoss }),
    ...(receivedLoss === null ? {} : { receivedLoss }),
    ...(usedBytes === null || !Number.isSafeInteger(usedBytes) || usedBytes < 0 ? {} : { usedBytes }),
  });
  return summary.success ? summary.data : null;
}

function sideIn({ sides }: LookRecord): QualitySide {
  let found: QualitySide = null;
  for (const side of ['own', 'other', 'both', 'server', 'between'] as const)
    if ((sides[side] ?? 0) > (found === null ? 0 : (sides[found] ?? 0))) found = side;
  return found;
}
