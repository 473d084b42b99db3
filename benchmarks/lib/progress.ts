import { watchIdle } from './machine.ts';

/** With less idle time than this, what is measured waits for the processor more than for anything else. */
const LEAST_IDLE = 0.15;
/** A round begins when others leave the machine this much; a round of two browsers takes about a third of two cores. */
const QUIET_IDLE = 0.6;
const LOOK_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const MOST_TRIES = 3;

export interface Measured<Value> {
  readonly value: Value;
  /** Share of idle processor time meanwhile. */
  readonly idle: number;
}

/** Measures one round, a dot for each on the terminal. */
export async function measure<Value>(work: () => Promise<Value>): Promise<Measured<Value>> {
  const idle = watchIdle();
  const value = await work();
  process.stdout.write('·');
  return { value, idle: Math.round(idle() * 100) / 100 };
}

/**
 * Measures one round of times when others leave the machine alone. A round with too little idle time is thrown away (×
 * on the terminal) and played again; after three tries the last one counts, and its idle time tells on it.
 */
export async function measureQuietly<Value>(work: () => Promise<Value>): Promise<Measured<Value>> {
  for (let tries = 1; ; tries += 1) {
    await waitForQuiet();
    const measured = await measure(work);
    if (measured.idle >= LEAST_IDLE || tries === MOST_TRIES) return measured;
    process.stdout.write('×');
  }
}

async function waitForQuiet(): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < deadline) {
    const idle = watchIdle();
    await pause(LOOK_MS);
    if (idle() >= QUIET_IDLE) return;
  }
}

export const pause = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};
