import { LIMITS, TIMES } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Sessions } from '../../ports.ts';
import { placeInCall } from '../../calls/placeInCall.ts';
import type { Redis } from './connect.ts';
import { EVENT_MARK } from './eventMessage.ts';
import { keys } from './keys.ts';

// In every script: KEYS[1] is the session, KEYS[2] its outbox. The outbox has no gaps, so that the number of each event
// follows from the number of the newest. `order` is that of the socket that has the session: what an earlier one does comes too late.

const OPEN = `
if tonumber(redis.call('HGET', KEYS[1], 'order') or '0') > tonumber(ARGV[3]) then return 0 end
redis.call('DEL', KEYS[2])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'seq', 0, 'node', ARGV[2], 'order', ARGV[3])
return 1`;

const RESUME = `
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return false end
if tonumber(redis.call('HGET', KEYS[1], 'order') or '0') > tonumber(ARGV[4]) then return false end
local missing = tonumber(redis.call('HGET', KEYS[1], 'seq')) - tonumber(ARGV[2])
local kept = redis.call('LLEN', KEYS[2])
if missing < 0 or missing > kept then return false end
redis.call('LTRIM', KEYS[2], kept - missing, -1)
redis.call('HSET', KEYS[1], 'node', ARGV[3], 'order', ARGV[4])
redis.call('PERSIST', KEYS[1])
redis.call('PERSIST', KEYS[2])
return redis.call('LRANGE', KEYS[2], 0, -1)`;

/** How many keys are remembered, and for how long: much longer than it takes to hand the same over again. */
const KEYS_KEPT = 512;
const KEYS_KEPT_MS = 600_000;

/** For how long a device knows that a call is over: much longer than a node can be late with what came before that. */
const OVER_KEPT_MS = 600_000;

/** For how long something older is known to be: much longer than a node can be late with it. */
const NEWEST_KEPT_MS = 600_000;

/**
 * ARGV[5]: the number of an event in its order, KEYS[5], or nothing. It counts without a session, too: the next one begins with what was
 * so by then. ARGV[4]: `ends` for the end of a call, `passes` for what makes no sense after it, or nothing. KEYS[4]: whether the device was
 * told of the end. @returns nothing without a session; the number 0 for what is known already.
 * Publishing is part of it: of two events the one with the lower number is heard first, whichever nodes push them.
 */
const PUSH = `
local id = redis.call('HGET', KEYS[1], 'id')
if ARGV[4] == 'ends' then redis.call('SET', KEYS[4], '1', 'PX', ${String(OVER_KEPT_MS)}) end
if ARGV[5] ~= '' then
  if tonumber(ARGV[5]) < tonumber(redis.call('GET', KEYS[5]) or '-1') then return id and {id, 0} end
  redis.call('SET', KEYS[5], ARGV[5], 'PX', ${String(NEWEST_KEPT_MS)})
end
if not id then return false end
if ARGV[4] == 'passes' and redis.call('EXISTS', KEYS[4]) == 1 then return {id, 0} end
if ARGV[3] ~= '' then
  if redis.call('ZADD', KEYS[3], 'NX', redis.call('HGET', KEYS[1], 'seq'), ARGV[3]) == 0 then return {id, 0} end
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -${String(KEYS_KEPT + 1)})
  redis.call('PEXPIRE', KEYS[3], ${String(KEYS_KEPT_MS)})
end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local text = '{"seq":' .. seq .. ',' .. string.sub(ARGV[1], 2)
redis.call('RPUSH', KEYS[2], text)
redis.call('LTRIM', KEYS[2], -${String(LIMITS.outboxEvents)}, -1)
redis.call('PUBLISH', ARGV[2], '${EVENT_MARK}' .. id .. ' ' .. seq .. ' ' .. text)
return {id, seq, text}`;

const ACKNOWLEDGE = `
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
local left = tonumber(redis.call('HGET', KEYS[1], 'seq')) - tonumber(ARGV[2])
local kept = redis.call('LLEN', KEYS[2])
if left >= 0 and left < kept then redis.call('LTRIM', KEYS[2], kept - left, -1) end
return 1`;

/** A session that a later socket has resumed, on whichever node, is not this one's to close. */
const CLOSE = `
if redis.call('HGET', KEYS[1], 'id') == ARGV[1] and tonumber(redis.call('HGET', KEYS[1], 'order') or '0') <= tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1], KEYS[2])
end
return 1`;

/** Its node has died: whoever does not come back to another one in time has no session any more. */
export const EXPIRE = `
if redis.call('HGET', KEYS[1], 'node') == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ${String(TIMES.resumeMs)})
  redis.call('PEXPIRE', KEYS[2], ${String(TIMES.resumeMs)})
end
return 1`;

const Pushed = z.nullable(
  z.union([z.tuple([z.string(), z.literal(0)]), z.tuple([z.string(), z.int(), z.string()])]),
);
const Kept = z.nullable(z.array(z.string()));

/** Sessions that any node can resume. */
export function createRedisSessions(redis: Redis, nodeId: string): Sessions {
  const run = async (text: string, deviceId: string, ...values: string[]): Promise<unknown> =>
    redis.run({ text, keys: [keys.session(deviceId), keys.outbox(deviceId), keys.pushed(deviceId)], values });
  return {
    open: async (deviceId, sessionId, order) =>
      (await run(OPEN, deviceId, sessionId, nodeId, String(order))) === 1,
    resume: async (deviceId, sessionId, lastSeq, order) => {
      const kept = z.parse(
        Kept,
        await run(RESUME, deviceId, sessionId, String(lastSeq), nodeId, String(order)),
      );
      return kept;
    },
    push: async (deviceId, event, key = null, order = null) => {
      const place = placeInCall(event);
      const reply = await redis.run({
        text: PUSH,
        keys: [
          keys.session(deviceId),
          keys.outbox(deviceId),
          keys.pushed(deviceId),
          ...(place === 'any' && order === null ? [] : [keys.over(deviceId, event.callId)]),
          ...(order === null ? [] : [keys.newest(deviceId, order.of)]),
        ],
        values: [
          JSON.stringify(event),
          keys.deviceChannel(deviceId),
          key ?? '',
          place,
          order === null ? '' : String(order.number),
        ],
      });
      const pushed = z.parse(Pushed, reply);
      if (pushed === null) return null;
      const [sessionId, seq, text] = pushed;
      return text === undefined ? 'known' : { sessionId, seq, text };
    },
    acknowledge: async (deviceId, sessionId, seq) => {
      await run(ACKNOWLEDGE, deviceId, sessionId, String(seq));
    },
    close: async (deviceId, sessionId, order) => {
      await run(CLOSE, deviceId, sessionId, String(order));
    },
  };
}
