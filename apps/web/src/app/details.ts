import { realTimers, type Device } from '@visavis/client';
import type { CallDetails } from '../model/model.ts';
import { figuresOf, type SealFigures } from '../model/sealFigures.ts';

/** How often the figures are drawn anew while somebody looks: as often as there are new ones. */
const LOOK_MS = 1_000;

/** Shows how one of the calls of this device is. */
export interface DetailsControl {
  open(key: string): void;
  close(): void;
  /** The calls may have changed: those of one that is over are closed. */
  follow(): void;
  read(): CallDetails | null;
  stop(): void;
}

export function createDetails(device: () => Device, onChange: () => void): DetailsControl {
  /** Of the call that is looked at. */
  let seal: { readonly key: string; readonly figures: SealFigures } | null = null;
  let openKey: string | null = null;
  let cancel: (() => void) | null = null;

  function schedule(): void {
    cancel?.();
    cancel = realTimers.after(LOOK_MS, () => {
      if (openKey !== null) void lookAtSeal(openKey);
      onChange();
      schedule();
    });
  }

  async function lookAtSeal(key: string): Promise<void> {
    const facts = await device().getSealFacts(key);
    seal = facts === null ? null : { key, figures: figuresOf(facts) };
    if (openKey === key) onChange();
  }

  function close(): void {
    openKey = null;
    cancel?.();
    cancel = null;
    onChange();
  }

  return {
    open(key) {
      openKey = key;
      void lookAtSeal(key);
      schedule();
      onChange();
    },
    close,
    follow() {
      if (openKey === null) return;
      const isOver = device()
        .getView()
        .calls.every(({ call }) => call.key !== openKey || call.phase !== 'joined');
      if (isOver) close();
    },
    read: () =>
      openKey === null
        ? null
        : {
            key: openKey,
            statistics: device().getStatistics(openKey),
            points: device().getPoints(openKey),
            seal: seal?.key === openKey ? seal.figures : null,
          },
    stop: () => cancel?.(),
  };
}
