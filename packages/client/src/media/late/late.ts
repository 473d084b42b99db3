import { reconnectDelayMs } from '@visavis/call';
import type { Timers } from '../../timers.ts';

/** As long as media have to connect (NEG4). */
const GIVE_UP_MS = 60_000;

export interface Late<Media> {
  /** Null as long as it is not there. */
  readonly media: Media | null;
  /** Does it now, or in its turn as soon as it is there. */
  ask(what: (media: Media) => void): void;
  /** Nothing that still waits is done, and nothing is made any more. */
  close(): void;
}

/**
 * Something whose code may have to be loaded first; where that does not come, it is tried again.
 *
 * @param load - gives what makes it
 * @param onGaveUp - the code has not come in 60 s
 */
export function createLate<Media>(
  load: () => Promise<() => Media>,
  timers: Timers,
  onGaveUp: () => void,
): Late<Media> {
  const beganAt = timers.now();
  let media: Media | null = null;
  let waiting: ((media: Media) => void)[] = [];
  let isClosed = false;
  let attempts = 0;
  let cancelRetry: (() => void) | null = null;

  function attempt(): void {
    load().then(
      (make) => {
        if (isClosed) return;
        const made = make();
        media = made;
        for (const what of waiting) what(made);
        waiting = [];
      },
      () => {
        if (isClosed) return;
        if (timers.now() - beganAt >= GIVE_UP_MS) return onGaveUp();
        cancelRetry = timers.after(reconnectDelayMs(attempts, Math.random()), attempt);
        attempts += 1;
      },
    );
  }
  attempt();

  return {
    get media() {
      return media;
    },
    ask(what) {
      if (media === null) waiting.push(what);
      else what(media);
    },
    close() {
      isClosed = true;
      cancelRetry?.();
      waiting = [];
    },
  };
}
