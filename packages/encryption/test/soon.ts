import { vi } from 'vitest';

/** Waits until the check holds. Keys and workers take their time on a busy machine, and nothing here fails on a time alone. */
export const soon = <Value>(check: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });
