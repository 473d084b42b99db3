/** Runs tasks one after the other for each key, and tasks of different keys side by side. */
export interface KeyedQueue {
  /** Whether anything runs or waits for this key. */
  isBusy(key: string): boolean;
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing runs any more. */
  settle(): Promise<void>;
}

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    isBusy: (key) => tails.has(key),
    run: async (key, task) => {
      const previous = tails.get(key);
      const result = previous === undefined ? task() : previous.then(task, task);
      tails.set(key, result);
      try {
        return await result;
      } finally {
        if (tails.get(key) === result) tails.delete(key);
      }
    },
    settle: async () => {
      while (tails.size > 0) await Promise.allSettled(tails.values());
    },
  };
}
