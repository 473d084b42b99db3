import type { Bytes } from '../bytes.ts';
import { MOST_REPEATS, type Repeat } from './payload.ts';

/** What of the sound of one sender was sent last, so that it can be sent once more. */
export interface Repeating {
  /**
   * What is to come again with the frame of this time, oldest first.
   *
   * @param era - of the keys: what was sent in another one is never sent again, because others may have the keys now
   */
  before(timestamp: number, era: number, count: number): readonly Repeat[];
  /** It was sent. */
  remember(timestamp: number, era: number, frame: Bytes): void;
}

export function createRepeating(): Repeating {
  let era = 0;
  let sent: readonly { readonly timestamp: number; readonly frame: Bytes }[] = [];
  return {
    before(timestamp, now, count) {
      if (now !== era || count <= 0) return [];
      // RTP's time begins anew after 2³².
      return sent.slice(-count).map((entry) => ({
        age: (timestamp - entry.timestamp) >>> 0,
        frame: entry.frame,
      }));
    },
    remember(timestamp, now, frame) {
      const kept = now === era ? sent : [];
      era = now;
      sent = [...kept, { timestamp, frame }].slice(-MOST_REPEATS);
    },
  };
}
