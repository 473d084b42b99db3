import {
  type BufferState,
  DEFAULT_QUALITY,
  limitsOf,
  NO_BUFFER,
  NOTHING_SENT,
  type QualityWishes,
  type SendingLimits,
  type SendingState,
  stepBuffer,
  stepSending,
} from '../quality/index.ts';
import {
  addSample,
  type CallStatistics,
  NO_STATISTICS,
  type StatisticsRecord,
  statisticsOf,
  takeSample,
} from '../media/index.ts';
import type { Timers } from '../timers.ts';

/** How often the browser is asked how a call is. Rarer: what is too much for a line is sent for longer. */
const LOOK_MS = 1_000;

/** A call as it is to be looked at. */
export interface WatchedCall {
  readonly key: string;
  /** Of its media in use; null before there are any. */
  readonly connectionId: string | null;
  readonly isForwarded: boolean;
  /** Whether there is a camera's picture to be sent. */
  readonly hasCamera: boolean;
  /** The other one of a direct call wants little. */
  readonly otherSavesData: boolean;
}

export interface CallQualityOptions {
  readonly timers: Timers;
  readonly getCalls: () => readonly WatchedCall[];
  readonly getStats: (key: string) => Promise<RTCStatsReport | null>;
  /** The limits of a call, or the figures, may be others now. */
  readonly onChange: () => void;
}

/** What of a call is held back, and why. */
export interface CallQualityView {
  /** The camera is on and not sent. */
  readonly isPaused: boolean;
  /** Less is sent than could be, because this device does not keep up. */
  readonly isSlow: boolean;
}

/** How the calls of this device are, and how much each may send. */
export interface CallQuality {
  setWishes(wishes: QualityWishes): void;
  getWishes(): QualityWishes;
  limitsOf(key: string): SendingLimits;
  /** ms that what arrives waits before it is played; null: as long as the browser likes. */
  bufferOf(key: string): number | null;
  view(key: string): CallQualityView;
  /** Null before anything is known, and after the call. */
  getStatistics(key: string): CallStatistics | null;
  /** The calls may be others. */
  follow(): void;
  close(): void;
}

export function createCallQuality({ timers, getCalls, getStats, onChange }: CallQualityOptions): CallQuality {
  const records = new Map<string, StatisticsRecord>();
  const sending = new Map<string, SendingState>();
  const buffers = new Map<string, BufferState>();
  let wishes = DEFAULT_QUALITY;
  let cancel: (() => void) | null = null;
  let isClosed = false;

  const stateOf = (key: string): SendingState => sending.get(key) ?? NOTHING_SENT;

  async function look(call: WatchedCall): Promise<void> {
    const { key, connectionId, isForwarded, hasCamera } = call;
    // A browser that gives no figures now may give some later.
    const report = await getStats(key).catch(() => null);
    if (report === null || isClosed) return;
    const sample = takeSample(report, timers.now(), isForwarded);
    const record = addSample(records.get(key) ?? NO_STATISTICS, connectionId, sample);
    records.set(key, record);
    const now = statisticsOf(record);
    if (now === null) return;
    const { availableBitrate, limitation, roundTripMs } = now;
    const conditions = { atMs: sample.atMs, hasCamera, availableBitrate, limitation, loss: now.sent.loss };
    sending.set(key, stepSending(stateOf(key), conditions));
    const arriving = { atMs: sample.atMs, loss: now.received.loss, roundTripMs };
    buffers.set(key, stepBuffer(buffers.get(key) ?? NO_BUFFER, arriving));
  }

  function schedule(): void {
    cancel ??= timers.after(LOOK_MS, () => {
      void Promise.all(getCalls().map(look)).then(() => {
        cancel = null;
        if (isClosed) return;
        follow();
        onChange();
      });
    });
  }

  function follow(): void {
    const keys = new Set(getCalls().map(({ key }) => key));
    for (const key of records.keys()) if (!keys.has(key)) records.delete(key);
    for (const key of sending.keys()) if (!keys.has(key)) sending.delete(key);
    for (const key of buffers.keys()) if (!keys.has(key)) buffers.delete(key);
    if (keys.size > 0) return schedule();
    cancel?.();
    cancel = null;
  }

  return {
    setWishes(next) {
      wishes = next;
      onChange();
    },
    getWishes: () => wishes,
    limitsOf: (key) =>
      limitsOf(
        stateOf(key),
        wishes,
        getCalls().some((call) => call.key === key && call.otherSavesData),
      ),
    bufferOf: (key) => buffers.get(key)?.targetMs ?? null,
    view(key) {
      const { pause, processor } = stateOf(key);
      return { isPaused: pause.name === 'paused', isSlow: processor.rung > 0 };
    },
    getStatistics: (key) => statisticsOf(records.get(key) ?? NO_STATISTICS),
    follow,
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
