/** Time that passes when told to, for what needs real work in between. */
export interface VirtualClock {
  now(): number;
  after(delayMs: number, callback: () => void): () => void;
  /** Lets `ms` pass: calls what is due, in order, and lets all work be done after each. */
  run(ms: number, settled: () => Promise<void>): Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  let count = 0;
  let due: { readonly at: number; readonly number: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      count += 1;
      const entry = { at: now + delayMs, number: count, callback };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    async run(ms, settled) {
      const until = now + ms;
      await settled();
      for (;;) {
        const [next] = due
          .filter(({ at }) => at <= until)
          .sort((one, other) => one.at - other.at || one.number - other.number);
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
        await settled();
      }
      now = until;
    },
  };
}
