import { USER_RATES } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Quotas } from '../../ports.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

/** A token bucket (see tokenBucket.ts) by the clock of Redis. ARGV: burst, ms. @returns 0, or how many ms to wait */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local burst = tonumber(ARGV[1])
local per = tonumber(ARGV[2])
local tokens = burst
local known = redis.call('HGET', KEYS[1], 'tokens')
if known then
  local passed = math.max(0, now - tonumber(redis.call('HGET', KEYS[1], 'at')))
  tokens = math.min(burst, tonumber(known) + passed * burst / per)
end
if tokens < 1 then return math.ceil((1 - tokens) * per / burst) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', now)
redis.call('PEXPIRE', KEYS[1], per)
return 0`;

const Wait = z.int();

/** Quotas over all nodes. */
export function createRedisQuotas(redis: Redis): Quotas {
  const { burst, perMs } = USER_RATES.initiate_call;
  return {
    takeDial: async (userId) => {
      const waitMs = z.parse(
        Wait,
        await redis.run({ text: TAKE, keys: [keys.dials(userId)], values: [String(burst), String(perMs)] }),
      );
      return waitMs === 0 ? null : waitMs;
    },
  };
}
