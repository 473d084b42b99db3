import type { Timers } from '../src/timers.ts';

/** Time that passes when told to. */
export interface VirtualTimers extends Timers {
  /** Lets `ms` pass, calling everything that is due in order. */
  advance(ms: number): void;
  readonly waiting: number;
}

export function createVirtualTimers(startAt = 1_000_000): VirtualTimers {
  let now = startAt;
  let due: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const entry = { at: now + delayMs, callback };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    get waiting() {
      return due.length;
    },
  };
}
