import type { DirectMedia, ForwardedMedia } from '../media/index.ts';
import { GIVE_UP_MS, lingerMs } from '../media/overlap.ts';
import type { Timers } from '../timers.ts';

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
      cancelLinger = timers.after(lingerMs(timers.now() - beganAt), finish);
    },
    cancel,
  };
}
