import type { DirectMedia, ForwardedMedia } from '../media/index.ts';
import type { Timers } from '../timers.ts';

/**
 * CALL3: how long the direct connection goes on, unheard, after what replaces it has arrived here: the other device may not be
 * that far. Shorter: a gap for them; longer: everything is sent twice.
 */
const LINGER_MS = 4_000;
/** The same for a device where it took long: that tells of machines or networks on which it takes the other one long as well. */
const LONGEST_LINGER_MS = 15_000;
/** Longer than this nobody is waited for while forwarded media flow. */
const GIVE_UP_MS = 20_000;

/** A direct call's media on their way to being forwarded ones. */
export interface HandOver {
  /** The forwarded media have changed, or who is in the call. */
  follow(deviceIds: readonly string[]): void;
  /** Stops waiting; the direct media are closed by their owner. */
  cancel(): void;
}

export function createHandOver(options: {
  readonly direct: DirectMedia;
  readonly forwarded: ForwardedMedia;
  /** The device at the other end of the direct media; null: not known. */
  readonly deviceId: string | null;
  readonly timers: Timers;
  /** The direct media are needed no more. */
  readonly onDone: () => void;
}): HandOver {
  const { forwarded, deviceId, timers } = options;
  const beganAt = timers.now();
  let isOver = false;
  let cancelLinger: (() => void) | null = null;
  let isLate = false;
  const finish = (): void => {
    if (isOver) return;
    cancel();
    options.onDone();
  };
  const cancelLate = timers.after(GIVE_UP_MS, () => {
    isLate = true;
    if (forwarded.getState().flow === 'flowing') finish();
  });
  function cancel(): void {
    isOver = true;
    cancelLinger?.();
    cancelLate();
  }
  return {
    follow(deviceIds) {
      if (isOver) return;
      const { remotes, flow } = forwarded.getState();
      // Whoever has left is not waited for.
      if (deviceId === null || !deviceIds.includes(deviceId))
        return flow === 'flowing' ? finish() : undefined;
      if (flow === 'flowing' && isLate) return finish();
      if (remotes.get(deviceId)?.isReady !== true || cancelLinger !== null) return;
      const linger = Math.min(Math.max(2 * (timers.now() - beganAt), LINGER_MS), LONGEST_LINGER_MS);
      cancelLinger = timers.after(linger, finish);
    },
    cancel,
  };
}
