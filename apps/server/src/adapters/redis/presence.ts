import { DeviceKind, isGroupCallId } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Presence } from '../../ports.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { createRedisShown } from './shown.ts';

// In every script: KEYS[1] is the presence of the user, ARGV[1] the device, ARGV[2] this node, KEYS[2] the devices of
// this node, ARGV[3] what the device is called among them, KEYS[3] the nodes.

/**
 * ARGV[5]: how many others may be connected, or a negative number. KEYS[4]: what others were told last. @returns 0 where that is
 * too many, 1 where others know already what is to be seen now, else 2. A node that has devices is one of the nodes, also when it dies before its next beat after Redis has forgotten everything.
 */
const SET_ONLINE = `
local field = 'd:' .. ARGV[1]
local most = tonumber(ARGV[5])
local others = 0
local seen = 'online'
local fields = redis.call('HGETALL', KEYS[1])
for n = 1, #fields, 2 do
  local isDevice = string.sub(fields[n], 1, 2) == 'd:'
  if not isDevice then seen = 'busy' end
  if isDevice and fields[n] ~= field and cjson.decode(fields[n + 1]).isConnected then others = others + 1 end
end
if most >= 0 and others >= most then return 0 end
local time = redis.call('TIME')
local known = redis.call('HGET', KEYS[1], field)
local entry = cjson.decode(ARGV[4])
if known then entry.since = cjson.decode(known).since
else entry.since = string.format('%012d%06d', time[1], time[2]) end
redis.call('ZADD', KEYS[3], 'NX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[2])
entry.node = ARGV[2]
entry.isConnected = true
redis.call('HSET', KEYS[1], field, cjson.encode(entry))
redis.call('SADD', KEYS[2], ARGV[3])
if redis.call('GET', KEYS[4]) == seen then return 1 end
return 2`;

const SET_LOST = `
local field = 'd:' .. ARGV[1]
local known = redis.call('HGET', KEYS[1], field)
if not known then return 1 end
local entry = cjson.decode(known)
if entry.node ~= ARGV[2] then return 0 end
entry.isConnected = false
redis.call('HSET', KEYS[1], field, cjson.encode(entry))
return 1`;

/** ARGV[4]: `any`, or only where this node still has it. @returns whether it did */
export const REMOVE_ENTRY = `
local known = redis.call('HGET', KEYS[1], 'd:' .. ARGV[1])
if not known then return 0 end
if ARGV[4] ~= 'any' and cjson.decode(known).node ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'd:' .. ARGV[1])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1] + 3) == 'c:' .. ARGV[1] .. ':' then redis.call('HDEL', KEYS[1], field) end
end
return 1`;

const REMOVE = `
redis.call('SREM', KEYS[2], ARGV[3])
${REMOVE_ENTRY}`;

/** For how long it is known who has left a call: much longer than a node can be late with saying that somebody joined. */
const LEFT_KEPT_MS = 600_000;

/** KEYS[2]: whether the device has left the call: whoever has is never in it again, but in a group call (ARGV[4], GRP3). */
const SET_IN_CALL = `
local field = 'c:' .. ARGV[1] .. ':' .. ARGV[2]
if ARGV[3] == 'left' and ARGV[4] ~= 'group' then redis.call('SET', KEYS[2], '1', 'PX', ${String(LEFT_KEPT_MS)}) end
if ARGV[3] == 'joined' and redis.call('EXISTS', KEYS[2]) == 0 and redis.call('HEXISTS', KEYS[1], 'd:' .. ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], field, 1)
else redis.call('HDEL', KEYS[1], field) end
return 1`;

const LIST_IDS = `
local ids = {}
for _, key in ipairs(KEYS) do
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'd:' then ids[#ids + 1] = string.sub(field, 3) end
  end
end
return ids`;

const LIST = `return redis.call('HGETALL', KEYS[1])`;

const ONLINE = ['too many', 'shown', 'to be shown'] as const;
const OnlineCode = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const Fields = z.array(z.string());
const Entry = z.object({ name: z.string(), kind: DeviceKind, isConnected: z.boolean(), since: z.string() });

/** What a device is called among those of a node. */
const memberOf = (userId: string, deviceId: string): string => `${userId} ${deviceId}`;

/** Presence over all nodes. */
export function createRedisPresence(redis: Redis, nodeId: string): Presence {
  const run = async (text: string, userId: string, deviceId: string, ...values: string[]): Promise<unknown> =>
    redis.run({
      text,
      keys: [keys.presence(userId), keys.nodeDevices(nodeId), keys.nodes, keys.shown(userId)],
      values: [deviceId, nodeId, memberOf(userId, deviceId), ...values],
    });
  return {
    setOnline: async ({ userId, deviceId, name, kind }, most = -1) =>
      ONLINE[
        z.parse(
          OnlineCode,
          await run(SET_ONLINE, userId, deviceId, JSON.stringify({ name, kind }), String(most)),
        )
      ],
    setLost: async (userId, deviceId) => (await run(SET_LOST, userId, deviceId)) === 1,
    setOffline: async (userId, deviceId) => {
      await run(REMOVE, userId, deviceId, 'own');
    },
    forget: async (userId, deviceId) => {
      await run(REMOVE, userId, deviceId, 'any');
    },
    setInCall: async (userId, deviceId, callId, joined) => {
      await redis.run({
        text: SET_IN_CALL,
        keys: [keys.presence(userId), keys.left(deviceId, callId)],
        values: [deviceId, callId, joined ? 'joined' : 'left', isGroupCallId(callId) ? 'group' : 'direct'],
      });
    },
    listDeviceIds: async (userIds) => {
      if (userIds.length === 0) return [];
      return z.parse(
        Fields,
        await redis.run({ text: LIST_IDS, keys: userIds.map(keys.presence), values: [] }),
      );
    },
    listDevices: async (userId) => {
      const fields = z.parse(
        Fields,
        await redis.run({ text: LIST, keys: [keys.presence(userId)], values: [] }),
      );
      return toDevices(userId, fields);
    },
    ...createRedisShown(redis),
  };
}

/** @param fields - names and values of the hash, by turns */
function toDevices(userId: string, fields: readonly string[]) {
  const inCall = new Set(
    fields.filter((field) => field.startsWith('c:')).map((field) => field.split(':')[1]),
  );
  return fields
    .flatMap((field, n) => {
      const value = fields[n + 1];
      if (n % 2 === 1 || !field.startsWith('d:') || value === undefined) return [];
      return [{ deviceId: field.slice(2), ...z.parse(Entry, JSON.parse(value)) }];
    })
    .sort((one, other) => (one.since < other.since ? -1 : 1))
    .map(({ deviceId, name, kind, isConnected }) => ({
      userId,
      deviceId,
      name,
      kind,
      isConnected,
      inCall: inCall.has(deviceId),
    }));
}
