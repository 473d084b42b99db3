import { USER_RATES } from '@visavis/protocol';
import type { Clock, Quotas } from '../../ports.ts';
import { takeToken, type Bucket } from '../../tokenBucket.ts';

/** How many buckets are kept before those that are full again are thrown away. */
const MOST_KEPT = 10_000;

/** Quotas of a single node. */
export function createMemoryQuotas(clock: Pick<Clock, 'now'>): Quotas {
  const rate = USER_RATES.initiate_call;
  const buckets = new Map<string, Bucket>();
  const sweep = (): void => {
    for (const [userId, { at }] of buckets) if (clock.now() - at >= rate.perMs) buckets.delete(userId);
  };
  return {
    takeDial: async (userId) => {
      const now = clock.now();
      if (buckets.size >= MOST_KEPT) sweep();
      const bucket = buckets.get(userId) ?? { tokens: rate.burst, at: now };
      buckets.set(userId, bucket);
      return takeToken(bucket, rate, now);
    },
  };
}
