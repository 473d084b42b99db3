import { describe, expect, test } from 'vitest';
import { createRateLimits, STRIKE_RATE, takeToken } from '../src/signaling/rateLimits.ts';

const RATE = { burst: 4, perMs: 1_000 };

describe('a token bucket', () => {
  test('gives its burst at once and then says when the next one comes', () => {
    let bucket: ReturnType<typeof takeToken>['bucket'] | undefined;
    for (let n = 0; n < RATE.burst; n += 1) {
      const taken = takeToken(bucket, RATE, 0);
      expect(taken.retryAfterMs).toBeNull();
      bucket = taken.bucket;
    }
    expect(takeToken(bucket, RATE, 0).retryAfterMs).toBe(250);
    expect(takeToken(bucket, RATE, 100).retryAfterMs).toBe(150);
    expect(takeToken(bucket, RATE, 250).retryAfterMs).toBeNull();
  });

  test('never holds more than its burst, and a clock that goes back takes nothing away', () => {
    const { bucket } = takeToken({ tokens: 4, at: 0 }, RATE, 1_000_000);
    expect(bucket.tokens).toBe(3);
    expect(takeToken({ tokens: 2, at: 5_000 }, RATE, 0).bucket.tokens).toBe(1);
  });

  test('a refusal costs nothing: who waits as told is served', () => {
    let taken = takeToken({ tokens: 0, at: 0 }, RATE, 10);
    for (let at = 20; at < 240; at += 10) taken = takeToken(taken.bucket, RATE, at);
    expect(takeToken(taken.bucket, RATE, 251).retryAfterMs).toBeNull();
  });
});

describe('limits by device', () => {
  test('kinds and devices do not take from each other', () => {
    const limits = createRateLimits(() => 0);
    for (let n = 0; n < 10; n += 1) expect(limits.take('one', 'initiate_call')).toBeNull();
    expect(limits.take('one', 'initiate_call')).toBe(6_000);
    expect(limits.take('one', 'ice_candidate')).toBeNull();
    expect(limits.take('two', 'initiate_call')).toBeNull();
  });

  test('sweeping forgets only what would be full again', () => {
    let now = 0;
    const limits = createRateLimits(() => now);
    for (let n = 0; n < 10; n += 1) limits.take('one', 'initiate_call');
    now = 1_000;
    limits.sweep();
    expect(limits.take('one', 'initiate_call')).toBe(5_000);
    now = 100_000;
    limits.sweep();
    expect(limits.take('one', 'initiate_call')).toBeNull();
  });

  test('looking takes nothing', () => {
    const limits = createRateLimits(() => 0);
    for (let n = 0; n < STRIKE_RATE.burst * 2; n += 1)
      expect(limits.isExhausted('one', 'strike')).toBe(false);
    for (let n = 0; n < STRIKE_RATE.burst; n += 1) limits.take('one', 'strike');
    expect(limits.isExhausted('one', 'strike')).toBe(true);
  });
});
