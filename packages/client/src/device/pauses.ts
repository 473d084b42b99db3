import type { Timers } from '../timers.ts';

/** Pauses that whoever closes does not wait for. */
export interface Pauses {
  pause(ms: number): Promise<void>;
  /** All of them, at once. */
  end(): void;
}

export function createPauses(timers: Timers): Pauses {
  const pauses = new Set<() => void>();
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        const cancel = timers.after(ms, () => {
          pauses.delete(end);
          resolve();
        });
        const end = (): void => {
          cancel();
          resolve();
        };
        pauses.add(end);
      }),
    end() {
      for (const end of pauses) end();
      pauses.clear();
    },
  };
}
