import {
  addSample,
  NO_STATISTICS,
  realTimers,
  statisticsOf,
  takeSample,
  type Device,
  type DeviceCallView,
  type StatisticsRecord,
} from '@visavis/client';
import type { CallDetails } from '../model/model.ts';

/** How often the browser is asked while somebody looks. */
const LOOKED_AT_MS = 1_000;
/** How often otherwise: what a connection used is lost with it, from the last time it was asked for. */
const COUNTED_MS = 5_000;

/** Keeps the figures of the calls of this device. */
export interface DetailsControl {
  open(key: string): void;
  close(): void;
  /** The calls may have changed: those that are over are forgotten, and closed. */
  follow(): void;
  read(): CallDetails | null;
  stop(): void;
}

export function createDetails(device: () => Device, onChange: () => void): DetailsControl {
  const records = new Map<string, StatisticsRecord>();
  let openKey: string | null = null;
  let cancel: (() => void) | null = null;
  let stopped = false;

  const going = (): DeviceCallView[] =>
    device()
      .getView()
      .calls.filter(({ call }) => call.phase === 'joined');

  async function look(): Promise<void> {
    for (const { call, media, group } of going()) {
      const report = await device().getStats(call.key);
      if (report === null || stopped) continue;
      const forwarded = group?.forwarded ?? null;
      const connectionId = (forwarded ?? media)?.connectionId ?? null;
      const record = records.get(call.key) ?? NO_STATISTICS;
      records.set(
        call.key,
        addSample(record, connectionId, takeSample(report, performance.now(), forwarded !== null)),
      );
    }
    if (openKey !== null) onChange();
  }

  function schedule(afterMs: number): void {
    cancel?.();
    cancel = realTimers.after(afterMs, () => {
      cancel = null;
      void look()
        .catch(() => {})
        .then(() => follow());
    });
  }

  function follow(): void {
    if (stopped) return;
    const keys = new Set(going().map(({ call }) => call.key));
    for (const key of records.keys()) if (!keys.has(key)) records.delete(key);
    if (openKey !== null && !keys.has(openKey)) openKey = null;
    if (keys.size === 0) {
      cancel?.();
      cancel = null;
    } else if (cancel === null) schedule(openKey === null ? COUNTED_MS : LOOKED_AT_MS);
  }

  return {
    open(key) {
      openKey = key;
      schedule(0);
      onChange();
    },
    close() {
      openKey = null;
      onChange();
    },
    follow,
    read: () =>
      openKey === null
        ? null
        : { key: openKey, statistics: statisticsOf(records.get(openKey) ?? NO_STATISTICS) },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
