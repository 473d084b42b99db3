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
const OPEN_FAULTS: readonly OpenFault[] = [
  {
    name: 'a device registers at two nodes at once, and what the one that was given up stores or removes comes last',
    says: /^it does not settle: (SES4 .*count as online, and |CALL2 .* is gone for good and still in a call)/,
    seed: 249,
  },
];

/** The open fault that a run has met, by what it says. */
export const findOpenFault = (broken: string): OpenFault | null =>
  OPEN_FAULTS.find(({ says }) => says.test(broken)) ?? null;
