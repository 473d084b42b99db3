import type { DeviceCalls } from '@visavis/call';
import type { Timers } from '../timers.ts';

/** From the connection to the first picture: a key frame made, sent and decoded. Nothing is lost when it takes longer. */
const FIRST_PICTURE_MS = 80;

/** Calls between the answer and the first picture. */
export interface SetUps {
  /** Compares the calls before and after a step. */
  follow(before: DeviceCalls, after: DeviceCalls): void;
  /** The earliest begin; null when nothing is being set up. */
  sinceAt(): number | null;
}

export function createSetUps(timers: Timers, onChange: () => void): SetUps {
  const begun = new Map<string, number>();
  return {
    follow(before, after) {
      for (const call of after.calls) {
        const was = before.calls.find(({ key }) => key === call.key);
        const isAnswered = call.phase === 'joined' && was?.phase === 'calling';
        if (isAnswered || (call.phase === 'answering' && was?.phase === 'incoming'))
          begun.set(call.key, timers.now());
      }
      for (const [key, at] of begun) {
        const call = after.calls.find((other) => other.key === key);
        if (call?.phase !== 'answering' && call?.phase !== 'joined') begun.delete(key);
        else if (call.phase === 'joined' && call.flow !== 'connecting') {
          const was = before.calls.find((other) => other.key === key);
          if (was?.phase === 'joined' && was.flow !== 'connecting') continue;
          timers.after(FIRST_PICTURE_MS, () => {
            if (begun.get(key) === at && begun.delete(key)) onChange();
          });
        }
      }
    },
    sinceAt: () => (begun.size === 0 ? null : Math.min(...begun.values())),
  };
}
