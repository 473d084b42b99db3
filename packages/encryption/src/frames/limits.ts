/** In ms or counts. Each says what gets worse when it is changed. */
export const FRAME_LIMITS = {
  /** Shorter: frames that came before their epoch are lost; longer: what is held is too late to be played anyway. */
  holdMs: 300,
  /** Of one track. Fewer: a burst before a new epoch is lost; more: memory for whoever sends epochs that never come. */
  heldFrames: 32,
  /** Epochs that frames may be ahead. Fewer: joins in quick succession lose frames; more: old epochs look like new ones. */
  epochsAhead: 3,
  /** Shorter: frames that were on their way are lost; longer: what leaks a key opens more. */
  oldEpochMs: 5_000,
  /** Shorter or fewer, the same; with `epochsAhead` it stays far under the 16 that key ids tell apart. */
  oldEpochs: 3,
  /** What NIST SP 800-38D §8.3 allows under one key; 4 years of pictures. */
  maxCounter: 0xffff_ffffn,
} as const;
