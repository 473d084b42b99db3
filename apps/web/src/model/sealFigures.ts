import type { SealFacts } from '@visavis/client';

/** What has gone through the encryption of a call on this device, added up. */
export interface SealFigures {
  readonly keys: SealFacts['keys'];
  readonly keyChanges: number;
  /** Frames that were encrypted and left, and that were decrypted and shown. */
  readonly sent: number;
  readonly received: number;
  /** Frames that did not leave, frames that were not shown, messages about keys that were not taken: by reason, most first. */
  readonly notSent: readonly ReasonCount[];
  readonly notShown: readonly ReasonCount[];
  readonly messages: readonly ReasonCount[];
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export function figuresOf({ keys, keyChanges, counters }: SealFacts): SealFigures {
  return {
    keys,
    keyChanges,
    sent: counters.sent.reduce((sum, { frames }) => sum + frames, 0),
    received: counters.received.reduce((sum, { frames }) => sum + frames, 0),
    notSent: addUp(counters.sent.map(({ refused }) => refused)),
    notShown: addUp(counters.received.map(({ dropped }) => dropped)),
    messages: addUp([counters.messages]),
  };
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): readonly ReasonCount[] {
  const sums = new Map<string, number>();
  for (const each of counts)
    for (const [reason, count] of Object.entries(each)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums]
    .map(([reason, count]) => ({ reason, count }))
    .filter(({ count }) => count > 0)
    .toSorted((left, right) => right.count - left.count || (left.reason < right.reason ? -1 : 1));
}
