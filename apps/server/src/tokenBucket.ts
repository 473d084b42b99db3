/** A token bucket: `burst` at once, refilled evenly over `perMs`. */
export interface Rate {
  readonly burst: number;
  readonly perMs: number;
}

export interface Bucket {
  tokens: number;
  at: number;
}

/** Fills up what has come since. @returns ms until there is a token, or null when there is one */
export function refill(bucket: Bucket, { burst, perMs }: Rate, now: number): number | null {
  bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * burst) / perMs);
  bucket.at = now;
  return bucket.tokens >= 1 ? null : Math.ceil(((1 - bucket.tokens) * perMs) / burst);
}

/** Takes one token out of the bucket, if there is one. @returns null, or ms to wait for the next one */
export function takeToken(bucket: Bucket, rate: Rate, now: number): number | null {
  const retryAfterMs = refill(bucket, rate, now);
  if (retryAfterMs === null) bucket.tokens -= 1;
  return retryAfterMs;
}
