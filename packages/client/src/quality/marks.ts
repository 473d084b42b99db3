import type { QualityLevel, QualitySide as NamedSide } from '@visavis/protocol';
import { GOOD_LEVEL, stepLevel, worstOf, type LevelState } from './levels.ts';
import type { Reach } from './reach.ts';

/** From where on something is felt, and from where on it hurts. Lower: marks that nobody understands; higher: none where there should be one. */
export const FELT = {
  /** Share of lost packets: below the first error correction hides it, above the second speech breaks up. */
  loss: { fair: 0.02, poor: 0.08 },
  /** ms: people begin to talk over each other (ITU-T G.114: 150 ms one way), then cannot take turns any more. */
  roundTripMs: { fair: 300, poor: 600 },
  /** Share of the server's answers that are late: a line that loses 5 % of packets each way delays every tenth. */
  late: { fair: 0.1, poor: 0.3 },
  /** Bits per second that a device can send, with a camera on: less than a small picture that moves. */
  bitrate: { fair: 250_000, poor: 100_000 },
} as const;

/** ms without anybody saying that it is them, until it is said that it is nobody's. Shorter: wrong now and then; longer: a riddle. */
export const UNDECIDED_MS = 10_000;

/** Whose side it is; null: nothing is wrong, or not known yet. `between`: neither's. */
export type QualitySide = NamedSide | null;

/** What is shown of how a call is. */
export interface QualityMark {
  readonly level: QualityLevel;
  readonly side: QualitySide;
}

export const NO_MARK: QualityMark = { level: 'good', side: null };

/** One look at a call, about once a second. What is not known is null. */
export interface MarkConditions {
  /** ms, on a clock that does not jump. */
  readonly atMs: number;
  readonly isForwarded: boolean;
  /** Shares, 0 to 1: of what is sent, of all that is received, and of what is received of whoever is in the middle by that. */
  readonly sentLoss: number | null;
  readonly receivedLoss: number | null;
  readonly commonLoss: number | null;
  readonly roundTripMs: number | null;
  readonly availableBitrate: number | null;
  /** Whether there is a picture that wants more than that. */
  readonly hasCamera: boolean;
  /** How this device reaches the server. */
  readonly reach: Reach | null;
  /** What the others in the call say of their own lines, one for each. */
  readonly others: readonly QualityLevel[];
}

export interface MarkState {
  /** How the call is here. */
  readonly flow: LevelState;
  /** How the line of this device is. */
  readonly own: LevelState;
  /** Since when the call is not good and nobody says that it is them. */
  readonly undecidedSinceMs: number | null;
  readonly mark: QualityMark;
}

export const NO_MARKS: MarkState = {
  flow: GOOD_LEVEL,
  own: GOOD_LEVEL,
  undecidedSinceMs: null,
  mark: NO_MARK,
};

interface Limits {
  readonly fair: number;
  readonly poor: number;
}
const over = (value: number | null, { fair, poor }: Limits): QualityLevel =>
  value === null || Number.isNaN(value) || value < fair ? 'good' : value < poor ? 'fair' : 'poor';
const under = (value: number | null, { fair, poor }: Limits): QualityLevel =>
  value === null || Number.isNaN(value) || value >= fair ? 'good' : value >= poor ? 'fair' : 'poor';

/** How the call is at this moment, whoever is to blame. */
const flowLevel = (now: MarkConditions): QualityLevel =>
  worstOf(
    over(now.sentLoss, FELT.loss),
    // Through a media server, what one of several loses on the way there is shown with them.
    over(now.isForwarded && now.others.length > 1 ? now.commonLoss : now.receivedLoss, FELT.loss),
    over(now.roundTripMs, FELT.roundTripMs),
    now.hasCamera ? under(now.availableBitrate, FELT.bitrate) : 'good',
  );

/**
 * How this device's own line is. Between two, what is lost on the way may be lost at either end: the server, which both reach, tells.
 * To a media server, what is sent and lost is lost here; what is received of everybody and lost, too.
 */
function ownLevel(now: MarkConditions): QualityLevel {
  const { reach, isForwarded, others } = now;
  const byReach = worstOf(
    over(reach?.late ?? null, FELT.late),
    over(reach?.roundTripMs ?? null, FELT.roundTripMs),
  );
  const byRoom = now.hasCamera ? under(now.availableBitrate, FELT.bitrate) : 'good';
  // Where too little gets out it is the way out, which is narrower nearly everywhere, unless the other knows better.
  if (!isForwarded) return others.some((level) => level !== 'good') ? byReach : worstOf(byReach, byRoom);
  return worstOf(
    byReach,
    over(now.sentLoss, FELT.loss),
    others.length > 1 ? over(now.commonLoss, FELT.loss) : 'good',
    byRoom,
  );
}

export function stepMarks(state: MarkState, now: MarkConditions): MarkState {
  const flow = stepLevel(state.flow, flowLevel(now), now.atMs);
  const own = stepLevel(state.own, ownLevel(now), now.atMs);
  const level = worstOf(flow.level, now.isForwarded ? 'good' : worstOf(...now.others));
  if (level === 'good') return { flow, own, undecidedSinceMs: null, mark: NO_MARK };
  const said = sideOf(flow.level, own.level, now);
  if (said !== null) return { flow, own, undecidedSinceMs: null, mark: { level, side: said } };
  const undecidedSinceMs = state.undecidedSinceMs ?? now.atMs;
  const isNobodys = now.atMs - undecidedSinceMs >= UNDECIDED_MS;
  const side = isNobodys ? (now.isForwarded ? 'server' : 'between') : null;
  return { flow, own, undecidedSinceMs, mark: { level, side } };
}

function sideOf(flow: QualityLevel, own: QualityLevel, { isForwarded, others }: MarkConditions): QualitySide {
  const isOwn = flow !== 'good' && own !== 'good';
  const bad = others.filter((level) => level !== 'good').length;
  // Everybody's line at once is no line: it is what all of them have in common.
  if (isForwarded && isOwn && bad > 1 && bad === others.length) return 'server';
  const isOther = bad > 0 && others.length === 1;
  if (isOwn) return isOther ? 'both' : 'own';
  return isOther ? 'other' : null;
}

/** What this device says of itself to the others: nothing where the call does not suffer. */
export const ownStatement = ({ flow, own }: MarkState): QualityLevel =>
  flow.level === 'good' ? 'good' : own.level;
