import type { Clock } from '@visavis/server';

export interface VirtualClock extends Clock {
  /** Moves time on, running what becomes due at its own time. */
  advance(ms: number): void;
}

/** Time that stands still unless it is moved. */
export function createVirtualClock(startAt: number): VirtualClock {
  let now = startAt;
  let nextId = 0;
  const tasks = new Map<number, { readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    schedule: (delayMs, task) => {
      const id = nextId;
      nextId += 1;
      tasks.set(id, { at: now + Math.max(0, delayMs), task });
      return () => {
        tasks.delete(id);
      };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = [...tasks]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (due === undefined) break;
        const [id, { at, task }] = due;
        tasks.delete(id);
        now = Math.max(now, at);
        task();
      }
      now = end;
    },
  };
}
