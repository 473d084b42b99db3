import { TIMES } from '@visavis/protocol';

/** In ms. Each says what gets worse when it is changed. */
export const RECOVERY_TIMES = {
  /** Shorter: restarts for what would have healed; longer: people look at a frozen picture. */
  disconnectedMs: TIMES.disconnectedMs,
  giveUpMs: TIMES.mediaGiveUpMs,
  /** How much longer the polite side waits, so that only one restarts. Less than a round trip: both do, which costs one more. */
  politeMs: 1_000,
  /** First connection. Shorter: slow relays are cut off in their handshake; longer: a dead path keeps people waiting. */
  connectMs: 6_000,
  /** Between two steps: gathering, signaling, checks and DTLS of the one before need this much on a slow path. */
  stepMs: 5_000,
  /** Steps never follow each other faster. Networks announce one change several times. */
  gapMs: 1_000,
} as const;
