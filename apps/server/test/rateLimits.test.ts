import { describe, expect, test } from 'vitest';
import { createRateLimits, STRIKE_RATE } from '../src/signaling/rateLimits.ts';
import { takeToken } from '../src/tokenBucket.ts';

const RATE = { burst: 4, perMs: 1_000 };

describe('a token bucket', () => {
  test('gives its burst at once and then says when the next one comes', () => {
    const bucket = { tokens: RATE.burst, at: 0 };
    for (let n = 0; n < RATE.burst; n += 1) expect(takeToken(bucket, RATE, 0)).toBeNull();
    expect(takeToken(bucket, RATE, 0)).toBe(250);
    expect(takeToken(bucket, RATE, 100)).toBe(150);
    expect(takeToken(bucket, RATE, 250)).toBeNull();
  });

  test('never holds more than its burst, and a clock that goes back takes nothing away', () => {
    const full = { tokens: 4, at: 0 };
    takeToken(full, RATE, 1_000_000);
    expect(full.tokens).toBe(3);
    const ahead = { tokens: 2, at: 5_000 };
    takeToken(ahead, RATE, 0);
    expect(ahead.tokens).toBe(1);
  });

  test('a refusal costs nothing: who waits as told is served', () => {
    const bucket = { tokens: 0, at: 0 };
    for (let at = 10; at < 240; at += 10) expect(takeToken(bucket, RATE, at)).not.toBeNull();
    expect(takeToken(bucket, RATE, 251)).toBeNull();
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
