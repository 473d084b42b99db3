/** Of one call. More: memory in a call of days; fewer: what is said again is shown twice. */
const MOST_HEARD = 1_000;

/** What was heard already, by call. */
export interface Heard {
  /** @returns whether it is new */
  add(key: string, id: string): boolean;
  /** Forgets what was of other calls. */
  keep(keys: ReadonlySet<string>): void;
}

export function createHeard(): Heard {
  const calls = new Map<string, Set<string>>();
  return {
    add(key, id) {
      const ids = calls.get(key) ?? new Set();
      calls.set(key, ids);
      if (ids.has(id)) return false;
      ids.add(id);
      for (const oldest of ids) {
        if (ids.size <= MOST_HEARD) break;
        ids.delete(oldest);
      }
      return true;
    },
    keep(keys) {
      for (const key of calls.keys()) if (!keys.has(key)) calls.delete(key);
    },
  };
}
