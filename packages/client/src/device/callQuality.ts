import type { CallQuality as StoredQuality, QualityLevel } from '@visavis/protocol';
import {
  addAnswer,
  addLook,
  addPoint,
  type BudgetState,
  type BudgetView,
  type BufferState,
  DEFAULT_QUALITY,
  limitsOf,
  LEAST_PICTURE,
  type LookRecord,
  type MarkState,
  NO_BUFFER,
  NO_LOOKS,
  NO_MARK,
  NO_MARKS,
  NO_REACH,
  NOTHING_SENT,
  NOTHING_SPENT,
  ownStatement,
  pictureBitrate,
  type QualityMark,
  type QualityPoint,
  type QualityWishes,
  type ReachRecord,
  reachOf,
  type ReceivingWishes,
  type SendingLimits,
  type SendingState,
  stepBudget,
  stepBuffer,
  stepMarks,
  stepSending,
  summaryOf,
} from '../quality/index.ts';
import {
  addSample,
  type CallStatistics,
  feltLossOf,
  lossAtFirstOf,
  NO_STATISTICS,
  type StatisticsRecord,
  statisticsOf,
  takeSample,
} from '../media/index.ts';
import type { Timers } from '../timers.ts';

/** How often the browser is asked how a call is. Rarer: what is too much for a line is sent for longer. */
const LOOK_MS = 1_000;
/** The server is asked at each look where something is wrong, else at every so many: what is usual has to be known by then. */
const CALM_LOOKS = 4;
const BYTES_PER_MB = 1_000_000;

/** A call as it is to be looked at. */
export interface WatchedCall {
  readonly key: string;
  readonly callId: string;
  /** Of its media in use; null before there are any. */
  readonly connectionId: string | null;
  readonly isForwarded: boolean;
  /** Whether there is a camera's picture to be sent. */
  readonly hasCamera: boolean;
  /** The other one of a direct call wants little. */
  readonly otherSavesData: boolean;
  /** Bits per second of the picture that the other one of a direct call wants; 0: none; null: any. */
  readonly otherPictures: number | null;
  /** What the other devices in it say of their lines. */
  readonly others: readonly QualityLevel[];
}

export interface CallQualityOptions {
  readonly timers: Timers;
  readonly getCalls: () => readonly WatchedCall[];
  readonly getStats: (key: string) => Promise<RTCStatsReport | null>;
  /** How long the server takes to answer, in ms; null: it does not. */
  readonly measureServer: () => Promise<number | null>;
  /** HIST3: a call is over for this device. */
  readonly onSummary: (callId: string, summary: StoredQuality) => void;
  /** The limits of a call, or the figures, may be others now. */
  readonly onChange: () => void;
}

/** What of a call is held back, and why. */
export interface CallQualityView {
  /** The camera is on and not sent. */
  readonly isPaused: boolean;
  /** Less is sent than could be, because this device does not keep up. */
  readonly isSlow: boolean;
  readonly mark: QualityMark;
  /** Of all others, by this person's wish. */
  readonly hidesPictures: boolean;
  /** False where it hides them, or its budget has none left for them. */
  readonly getsPictures: boolean;
  /** Null: this call may cost what it likes. */
  readonly budget: BudgetView | null;
}

/** How the calls of this device are, and how much each may send. */
export interface CallQuality {
  setWishes(wishes: QualityWishes): void;
  getWishes(): QualityWishes;
  /** What this call is to get; bits per second are those of the budget, or 0 where pictures are hidden. */
  wishesOf(key: string): ReceivingWishes;
  hidePictures(key: string, hidden: boolean): void;
  limitsOf(key: string): SendingLimits;
  /** ms that what arrives waits before it is played; null: as long as the browser likes. */
  bufferOf(key: string): number | null;
  view(key: string): CallQualityView;
  /** What this device says of its line to the others. */
  lineOf(key: string): QualityLevel;
  /** Null before anything is known, and after the call. */
  getStatistics(key: string): CallStatistics | null;
  /** The last minutes, oldest first. */
  getPoints(key: string): readonly QualityPoint[];
  /** The calls may be others. */
  follow(): void;
  close(): void;
}

/** What is known of one call. */
interface Watch {
  callId: string;
  readonly beganMs: number;
  record: StatisticsRecord;
  sending: SendingState;
  reach: ReachRecord;
  looks: number;
  isMeasuring: boolean;
  marks: MarkState;
  points: readonly QualityPoint[];
  summed: LookRecord;
  budget: BudgetState;
  buffer: BufferState;
  hidesPictures: boolean;
}

export function createCallQuality(options: CallQualityOptions): CallQuality {
  const { timers, getCalls, getStats, onChange } = options;
  const watches = new Map<string, Watch>();
  let wishes = DEFAULT_QUALITY;
  let cancel: (() => void) | null = null;
  let isClosed = false;

  function watchOf({ key, callId }: Pick<WatchedCall, 'key' | 'callId'>): Watch {
    const known = watches.get(key);
    if (known !== undefined) {
      known.callId = callId;
      return known;
    }
    const watch: Watch = {
      callId,
      beganMs: timers.now(),
      record: NO_STATISTICS,
      sending: NOTHING_SENT,
      reach: NO_REACH,
      looks: 0,
      isMeasuring: false,
      marks: NO_MARKS,
      points: [],
      summed: NO_LOOKS,
      budget: NOTHING_SPENT,
      buffer: NO_BUFFER,
      hidesPictures: false,
    };
    watches.set(key, watch);
    return watch;
  }

  /** One question at a time: a line that takes long is asked less often. */
  function measure(watch: Watch): void {
    const isCalm = watch.marks.flow.level === 'good' && watch.marks.flow.worse === null;
    watch.looks += 1;
    if (watch.isMeasuring || (isCalm && watch.looks % CALM_LOOKS !== 1)) return;
    watch.isMeasuring = true;
    void options.measureServer().then((roundTripMs) => {
      watch.isMeasuring = false;
      watch.reach = addAnswer(watch.reach, timers.now(), roundTripMs);
    });
  }

  async function look(call: WatchedCall): Promise<void> {
    const { key, connectionId, isForwarded, hasCamera, others } = call;
    const watch = watchOf(call);
    // A browser that gives no figures now may give some later, and figures that cannot be read are none.
    const report = await getStats(key).catch(() => null);
    if (report === null || isClosed) return;
    measure(watch);
    const sample = takeSample(report, timers.now(), isForwarded);
    watch.record = addSample(watch.record, connectionId, sample);
    const now = statisticsOf(watch.record);
    if (now === null) return;
    const { atMs } = sample;
    const { availableBitrate, limitation, roundTripMs } = now;
    const atFirst = lossAtFirstOf(watch.record);
    watch.sending = stepSending(watch.sending, {
      atMs,
      hasCamera: hasCamera && mostPictures(key, call) !== 0,
      availableBitrate,
      limitation,
      loss: now.sent.loss,
      lossAtFirst: atFirst.sent,
    });
    watch.buffer = stepBuffer(watch.buffer, { atMs, loss: atFirst.received, roundTripMs });
    const felt = feltLossOf(watch.record);
    watch.marks = stepMarks(watch.marks, {
      atMs,
      isForwarded,
      sentLoss: felt.sent,
      receivedLoss: felt.received,
      commonLoss: felt.common,
      roundTripMs,
      availableBitrate,
      hasCamera: hasCamera && (limitation === 'bandwidth' || watch.sending.pause.name !== 'sending'),
      reach: reachOf(watch.reach, atMs),
      others,
    });
    const point: QualityPoint = {
      atMs,
      roundTripMs,
      sentLoss: felt.sent,
      receivedLoss: felt.received,
      sentBitrate: now.sent.bitrate,
      receivedBitrate: now.received.bitrate,
      framesPerSecond: now.received.framesPerSecond,
    };
    watch.points = addPoint(watch.points, point);
    watch.summed = addLook(watch.summed, watch.marks.mark, point);
    followBudget(watch, now.usedBytes, atMs);
  }

  function followBudget(watch: Watch, usedBytes: number, atMs: number): void {
    if (wishes.budgetMb === null) return;
    const budgetBytes = wishes.budgetMb * BYTES_PER_MB;
    watch.budget = stepBudget(watch.budget, { elapsedMs: atMs - watch.beganMs, budgetBytes, usedBytes });
  }

  const budgetOf = (watch: Watch | undefined): BudgetState | null =>
    wishes.budgetMb === null ? null : (watch?.budget ?? NOTHING_SPENT);

  /**
   * Of this device's budget, and of what the other one of a direct call wants. A camera that the person has turned on again though
   * the budget has none left for pictures sends the least.
   */
  function mostPictures(key: string, call: Pick<WatchedCall, 'otherPictures'> | undefined): number | null {
    const budget = pictureBitrate(budgetOf(watches.get(key)));
    const own = budget === 0 ? LEAST_PICTURE : budget;
    const known = [own, call?.otherPictures ?? null].filter((bitrate) => bitrate !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  function schedule(): void {
    cancel ??= timers.after(LOOK_MS, () => {
      void Promise.allSettled(getCalls().map(look)).then(() => {
        cancel = null;
        if (isClosed) return;
        follow();
        onChange();
      });
    });
  }

  function follow(): void {
    const keys = new Set(getCalls().map(({ key }) => key));
    for (const [key, watch] of watches) {
      if (keys.has(key)) continue;
      watches.delete(key);
      const usedBytes = statisticsOf(watch.record)?.usedBytes ?? null;
      const summary = summaryOf(watch.summed, usedBytes);
      if (summary !== null) options.onSummary(watch.callId, summary);
    }
    if (keys.size > 0) return schedule();
    cancel?.();
    cancel = null;
  }

  return {
    setWishes(next) {
      // Another budget begins anew with what the call has cost so far.
      if (next.budgetMb !== wishes.budgetMb)
        for (const watch of watches.values()) watch.budget = NOTHING_SPENT;
      wishes = next;
      onChange();
    },
    getWishes: () => wishes,
    wishesOf(key) {
      const watch = watches.get(key);
      return { ...wishes, pictures: watch?.hidesPictures === true ? 0 : pictureBitrate(budgetOf(watch)) };
    },
    hidePictures(key, hidden) {
      const call = getCalls().find((one) => one.key === key);
      if (call === undefined) return;
      watchOf(call).hidesPictures = hidden;
      onChange();
    },
    limitsOf(key) {
      const call = getCalls().find((one) => one.key === key);
      const sending = watches.get(key)?.sending ?? NOTHING_SENT;
      return limitsOf(sending, wishes, call?.otherSavesData ?? false, mostPictures(key, call));
    },
    bufferOf: (key) => watches.get(key)?.buffer.targetMs ?? null,
    view(key) {
      const watch = watches.get(key);
      const { pause, processor } = watch?.sending ?? NOTHING_SENT;
      const usedBytes = statisticsOf(watch?.record ?? NO_STATISTICS)?.usedBytes ?? 0;
      const budget = budgetOf(watch);
      return {
        isPaused: pause.name === 'paused',
        isSlow: processor.rung > 0,
        mark: watch?.marks.mark ?? NO_MARK,
        hidesPictures: watch?.hidesPictures ?? false,
        getsPictures: watch?.hidesPictures !== true && pictureBitrate(budget) !== 0,
        budget:
          budget === null || wishes.budgetMb === null
            ? null
            : { megabytes: wishes.budgetMb, usedBytes, state: budget.name },
      };
    },
    lineOf: (key) => ownStatement(watches.get(key)?.marks ?? NO_MARKS),
    getStatistics: (key) => statisticsOf(watches.get(key)?.record ?? NO_STATISTICS),
    getPoints: (key) => watches.get(key)?.points ?? [],
    follow,
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
