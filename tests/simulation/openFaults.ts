/** A fault of the product that the simulation finds and that is not mended yet. */
export interface OpenFault {
  readonly name: string;
  /** What a run says that has found it. */
  readonly says: RegExp;
  /** A seed that found it when it was written down. */
  readonly seed: number;
}

/**
 * Runs that end with one of these are counted and said, and do not fail. Everything else does. What is mended is taken out of
 * here; nothing is put in without a line in docs/decisions/0039-nodes-are-simulated.md.
 */
const OPEN_FAULTS: readonly OpenFault[] = [];

/** The open fault that a run has met, by what it says. */
export const findOpenFault = (broken: string): OpenFault | null =>
  OPEN_FAULTS.find(({ says }) => says.test(broken)) ?? null;
