/** Time in ms of one clock that never goes back. */
export interface WorkerTimers {
  now(): number;
  /** Calls back once; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}
