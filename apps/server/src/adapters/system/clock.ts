import type { Clock } from '../../ports.ts';

/** The longest delay that Node's timers take (Node documentation of setTimeout). */
const LONGEST_MS = 2_147_483_647;

/** The machine's own time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(Math.max(0, delayMs), LONGEST_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
