/** Runs tasks one after the other for each key, and tasks of different keys side by side. */
export interface KeyedQueue {
  /** Whether anything runs or waits for this key. */
  isBusy(key: string): boolean;
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** How many tasks run or wait, over all keys. */
  size(): number;
  /** Resolves when nothing runs any more. */
  settle(): Promise<void>;
}

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  let size = 0;
  return {
    isBusy: (key) => tails.has(key),
    run: async (key, task) => {
      const previous = tails.get(key);
      const result = previous === undefined ? task() : previous.then(task, task);
      tails.set(key, result);
      size += 1;
      try {
        return await result;
      } finally {
        size -= 1;
        if (tails.get(key) === result) tails.delete(key);
      }
    },
    size: () => size,
    settle: async () => {
      while (tails.size > 0) await Promise.allSettled(tails.values());
    },
  };
}
