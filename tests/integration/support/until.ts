const PATIENCE_MS = 15_000;

/** Waits for a condition. @returns its first value that is neither undefined, null nor false */
export async function until<Value>(
  what: string,
  look: () => Value | undefined | null | false | Promise<Value | undefined | null | false>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const deadline = performance.now() + patienceMs;
  for (let polls = 0; ; polls += 1) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => {
      // A real process at the other end needs the processor more than this question does.
      setTimeout(resolve, polls > 100 ? 5 : 0);
    });
  }
}
