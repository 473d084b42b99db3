import type { ClientCall, DeviceCalls } from '@visavis/call';
import type { Timers } from '../timers.ts';

/** The longest from keys and connection to the first picture: a key frame made, sealed, sent, opened and decoded. */
const FIRST_PICTURE_MS = 400;

/** Calls between the answer and the first picture. */
export interface SetUps {
  /** Compares the calls before and after a step. */
  follow(before: DeviceCalls, after: DeviceCalls): void;
  /** What media or keys are at has changed. */
  look(calls: DeviceCalls): void;
  /** Its first picture is there. */
  end(key: string): void;
  /** The earliest begin; null when nothing is being set up. */
  sinceAt(): number | null;
}

/** @param isSealed - whether frames of this call can be opened already */
export function createSetUps(
  timers: Timers,
  isSealed: (call: ClientCall) => boolean,
  onChange: () => void,
): SetUps {
  const begun = new Map<string, number>();
  const ending = new Set<string>();

  function look({ calls }: DeviceCalls): void {
    for (const [key, at] of begun) {
      const call = calls.find((other) => other.key === key);
      if (call?.phase !== 'answering' && call?.phase !== 'joined') begun.delete(key);
      else if (call.phase === 'joined' && call.flow !== 'connecting' && isSealed(call) && !ending.has(key)) {
        ending.add(key);
        timers.after(FIRST_PICTURE_MS, () => {
          ending.delete(key);
          if (begun.get(key) === at && begun.delete(key)) onChange();
        });
      }
    }
  }

  return {
    follow(before, after) {
      for (const call of after.calls) {
        const was = before.calls.find(({ key }) => key === call.key);
        const isAnswered = call.phase === 'joined' && was?.phase === 'calling';
        if (isAnswered || (call.phase === 'answering' && was?.phase === 'incoming'))
          begun.set(call.key, timers.now());
      }
      look(after);
    },
    look,
    end(key) {
      if (begun.delete(key)) onChange();
    },
    sinceAt: () => (begun.size === 0 ? null : Math.min(...begun.values())),
  };
}
