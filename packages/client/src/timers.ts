/** Time as the client's parts get it, so that tests can run in virtual time. */
export interface Timers {
  /** Wall time in ms. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  },
};
