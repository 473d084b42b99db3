import * as z from 'zod/mini';
import { FORGOTTEN_MS, type MediaNodes } from '../../mediaNodes.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

/** KEYS: the media nodes. ARGV: the node, what it says of itself, how long the list lives when nobody says anything. */
const ANNOUNCE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** ARGV: after how long a node is forgotten. @returns of each node its id, for how long it has been silent, what it said */
const LIST = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entries = redis.call('HGETALL', KEYS[1])
local found = {}
for n = 1, #entries, 2 do
  local at, said = string.match(entries[n + 1], '^(%S+) (.*)$')
  local silent = now - tonumber(at)
  if silent > tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], entries[n])
  else
    found[#found + 1] = {entries[n], silent, said}
  end
end
return found`;

const WITHDRAW = `return redis.call('HDEL', KEYS[1], ARGV[1])`;

const Entries = z.array(z.tuple([z.string(), z.int(), z.string()]));
const Said = z.object({
  region: z.nullable(z.string()),
  load: z.number(),
  isDraining: z.boolean(),
  // A node of a former release does not say it.
  hasPipes: z.optional(z.boolean()),
});

/** The media nodes that share a Redis. */
export function createRedisMediaNodes(redis: Redis): MediaNodes {
  return {
    announce: async ({ nodeId, ...said }) => {
      const values = [nodeId, JSON.stringify(said), String(FORGOTTEN_MS)];
      await redis.run({ text: ANNOUNCE, keys: [keys.mediaNodes], values });
    },
    list: async () => {
      const reply = await redis.run({ text: LIST, keys: [keys.mediaNodes], values: [String(FORGOTTEN_MS)] });
      return z.parse(Entries, reply).map(([nodeId, silentMs, said]) => {
        const content: unknown = JSON.parse(said);
        const { hasPipes = false, ...rest } = z.parse(Said, content);
        return { nodeId, silentMs, ...rest, hasPipes };
      });
    },
    withdraw: async (nodeId) => {
      await redis.run({ text: WITHDRAW, keys: [keys.mediaNodes], values: [nodeId] });
    },
  };
}
