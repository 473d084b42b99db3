import { limitsOf, NOTHING_SENT, stepSending, type SendingState } from '../../src/quality/sending.ts';
import { DEFAULT_QUALITY } from '../../src/quality/index.ts';

/** Bits per second of sound with its headers. */
export const SOUND = 68_000;

/** One second of a call over a made-up line. */
export interface Second {
  readonly atMs: number;
  /** What the line carries, bits per second. */
  readonly capacity: number;
  readonly camera: SendingState['pause']['name'];
  /** Bits per second that were sent. */
  readonly sent: number;
}

/**
 * Sends over a line that carries `capacity` bits per second in each second. The browser's estimate is Chromium's in outline: it falls
 * below what got through when more is sent than that, grows by 8 % a second, and never beyond one and a half times of what is sent.
 */
export function sendOver(capacity: readonly number[]): readonly Second[] {
  let state: SendingState = NOTHING_SENT;
  let estimate = 300_000;
  return capacity.map((carried, second) => {
    const { camera } = limitsOf(state, DEFAULT_QUALITY, false);
    const picture = camera === null ? 0 : Math.max(30_000, Math.min(camera.bitrate, estimate - SOUND));
    const sent = SOUND + picture;
    estimate = sent > carried ? carried * 0.85 : Math.min(estimate * 1.08 + 1_000, sent * 1.5 + 10_000);
    const loss = sent > carried ? (sent - carried) / sent : 0;
    const atMs = second * 1_000;
    const said = { state: state.pause.name, atMs };
    state = stepSending(state, {
      atMs,
      hasCamera: true,
      availableBitrate: estimate,
      loss,
      limitation: null,
    });
    return { atMs, capacity: carried, camera: said.state, sent };
  });
}

export const changesIn = (seconds: readonly Second[]): number =>
  seconds.filter(({ camera }, index) => index > 0 && seconds[index - 1]?.camera !== camera).length;
