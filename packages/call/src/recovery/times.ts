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
  gapMs: 500,
  /**
   * After a change of network, how long nothing may arrive before a new connection is made. Shorter: restarts that would have
   * done are overtaken; longer: a browser that holds on to a dead path keeps people waiting.
   */
  silentMs: 2_000,
  /** After that new connection. Shorter: it is overtaken in its handshake; longer: one made too early is not mended soon. */
  secondTryMs: 2_000,
  /** What arrives within this of a change of network was on its way before. Longer: a good path is doubted longer. */
  stragglersMs: 200,
} as const;
