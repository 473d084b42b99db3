import type { DeviceCalls } from '@visavis/call';
import type { Timers } from '../timers.ts';

/** From the other's description on, the browser works on by itself; its next questions come within this time. */
const APPLY_MS = 30;

/** Calls between the answer and the exchange of descriptions. */
export interface SetUps {
  /** Compares the calls before and after a step. */
  follow(before: DeviceCalls, after: DeviceCalls): void;
  /** This device's answer is on its way. */
  handleSent(key: string): void;
  /** The other's answer is being applied. */
  handleReceived(key: string): void;
  /** The earliest begin; null when nothing is being set up. */
  sinceAt(): number | null;
}

export function createSetUps(timers: Timers, onChange: () => void): SetUps {
  const begun = new Map<string, number>();
  const end = (key: string): void => {
    if (begun.delete(key)) onChange();
  };
  return {
    follow(before, after) {
      for (const call of after.calls) {
        const was = before.calls.find(({ key }) => key === call.key)?.phase;
        const isAnswered = call.phase === 'joined' && was === 'calling';
        if (isAnswered || (call.phase === 'answering' && was === 'incoming'))
          begun.set(call.key, timers.now());
      }
      for (const key of begun.keys()) {
        const phase = after.calls.find((call) => call.key === key)?.phase;
        if (phase !== 'answering' && phase !== 'joined') begun.delete(key);
      }
    },
    handleSent: end,
    handleReceived(key) {
      if (begun.has(key)) timers.after(APPLY_MS, () => end(key));
    },
    sinceAt: () => (begun.size === 0 ? null : Math.min(...begun.values())),
  };
}
