import type { CheckVerdict, Findings } from '@visavis/client';

/** What is found out about this device and its connection, between `openCheck` and `closeCheck`. */
export interface CheckView {
  /** The call it was opened from; null: before a call. */
  readonly callKey: string | null;
  readonly findings: Findings;
  /** Null while it is being found out. */
  readonly verdict: CheckVerdict | null;
}

/** How bad it is: nothing to do, calls are worse than they could be, or calls cannot be had or are one-sided. */
export type CheckTone = 'good' | 'fair' | 'bad';

const FAIR: ReadonlySet<CheckVerdict> = new Set([
  'slow_upload',
  'slow_download',
  'far',
  'udp_blocked',
  'relay_down',
  'dark',
  'untested',
]);

export const toneOf = (verdict: CheckVerdict): CheckTone =>
  verdict === 'fine' ? 'good' : FAIR.has(verdict) ? 'fair' : 'bad';

/** The one thing that this page can do about it. */
export type CheckRemedy = 'again' | 'low_data' | 'done';

export function remedyOf(verdict: CheckVerdict, isLowData: boolean): CheckRemedy {
  if (verdict === 'fine' || verdict === 'untested') return 'done';
  const isSlow = verdict === 'slow_upload' || verdict === 'slow_download';
  return isSlow && !isLowData ? 'low_data' : 'again';
}

export interface CheckActions {
  /** Looks at camera, sound and every way for media, once more if that is open. `callKey`: the call that goes on. */
  readonly openCheck: (callKey: string | null) => void;
  /** Ends it and closes everything that it has opened. */
  readonly closeCheck: () => void;
}
