/** In ms. */
export const PAUSES = {
  /** Before the second try in a row, and twice as much before each further one. Shorter: work for everybody in the call. */
  firstMs: 250,
  mostMs: 4_000,
  /** In a group for so long, it has worked. */
  workedMs: 10_000,
  /** Longer than the server lets anybody wait; shorter: who would have been welcome a moment later begins again. */
  welcomeMs: 10_000,
} as const;

/** How long to wait before each new try to join: not at all at first. */
export interface Pauses {
  entered(now: number): void;
  next(now: number): number;
}

export function createPauses(): Pauses {
  let tries = 0;
  let enteredAt: number | null = null;
  return {
    entered(now) {
      enteredAt = now;
    },
    next(now) {
      if (enteredAt !== null && now - enteredAt >= PAUSES.workedMs) tries = 0;
      enteredAt = null;
      tries += 1;
      return tries === 1 ? 0 : Math.min(PAUSES.firstMs * 2 ** (tries - 2), PAUSES.mostMs);
    },
  };
}
