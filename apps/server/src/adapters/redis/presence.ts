import { DeviceKind, isGroupCallId } from '@visavis/protocol';
import * as z from 'zod/mini';
import { LATEST_CLAIM_MS, type Presence } from '../../ports.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { createRedisShown } from './shown.ts';

// In every script: KEYS[1] is the presence of the user, ARGV[1] the device, ARGV[2] this node, KEYS[2] the devices of
// this node, ARGV[3] what the device is called among them, KEYS[3] the nodes.

/** For how long the order of a socket is known: much longer than a node can be late with what one has stored. */
const ORDER_KEPT_MS = 600_000;

/**
 * ARGV[4]: what is kept of the device and of the socket that has it. ARGV[5]: how many others may be connected, or a negative number.
 * ARGV[6], ARGV[7]: the channel of the device and what is published on it, without the order. KEYS[4]: what others were told last.
 * KEYS[5]: the order of the last socket. @returns 0 where too many others are connected, -1 where a later socket has the device, else the
 * order and 1 where others know already what is to be seen now, or 2. The order grows, also where Redis has forgotten everything. A node that has devices is one of the nodes, also when it dies before its next
 * beat after Redis has forgotten everything.
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
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entry = cjson.decode(ARGV[4])
local known = redis.call('HGET', KEYS[1], field)
if known then
  known = cjson.decode(known)
  if entry.openedAt and known.openedAt then
    local isBehindBy = known.openedAt - entry.openedAt
    if isBehindBy > 0 and isBehindBy < ${String(LATEST_CLAIM_MS)} then return -1 end
  end
  entry.since = known.since
else entry.since = string.format('%012d%06d', time[1], time[2]) end
local order = math.max(now, tonumber(redis.call('GET', KEYS[5]) or '0') + 1)
redis.call('SET', KEYS[5], string.format('%.0f', order), 'PX', ${String(ORDER_KEPT_MS)})
redis.call('ZADD', KEYS[3], 'NX', now, ARGV[2])
entry.node = ARGV[2]
entry.isConnected = true
redis.call('HSET', KEYS[1], field, cjson.encode(entry))
redis.call('SADD', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[6], string.format('{"order":%.0f,', order) .. string.sub(ARGV[7], 2))
if redis.call('GET', KEYS[4]) == seen then return {order, 1} end
return {order, 2}`;

/** ARGV[4]: the socket that is lost. */
const SET_LOST = `
local field = 'd:' .. ARGV[1]
local known = redis.call('HGET', KEYS[1], field)
if not known then return 1 end
local entry = cjson.decode(known)
if entry.connectionId ~= ARGV[4] then return 0 end
entry.isConnected = false
redis.call('HSET', KEYS[1], field, cjson.encode(entry))
return 1`;

/** The device, and what it is in. */
const DELETE = `
redis.call('HDEL', KEYS[1], 'd:' .. ARGV[1])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1] + 3) == 'c:' .. ARGV[1] .. ':' then redis.call('HDEL', KEYS[1], field) end
end
return 1`;

/** Where the node that ARGV[2] names still has it. @returns whether it did */
export const REMOVE_OF_NODE = `
local known = redis.call('HGET', KEYS[1], 'd:' .. ARGV[1])
if not known or cjson.decode(known).node ~= ARGV[2] then return 0 end
${DELETE}`;

const RENAME = `
local known = redis.call('HGET', KEYS[1], 'd:' .. ARGV[1])
if not known then return 0 end
local entry = cjson.decode(known)
entry.name = ARGV[4]
redis.call('HSET', KEYS[1], 'd:' .. ARGV[1], cjson.encode(entry))
return 1`;

/** ARGV[4]: nothing, or the socket that it is removed for: where another one has it, it stays, also among the devices of this node. */
const REMOVE = `
local known = redis.call('HGET', KEYS[1], 'd:' .. ARGV[1])
local entry = known and cjson.decode(known)
local isOthers = entry and ARGV[4] ~= '' and entry.connectionId ~= ARGV[4]
if not isOthers or entry.node ~= ARGV[2] then redis.call('SREM', KEYS[2], ARGV[3]) end
if isOthers or not known then return 0 end
${DELETE}`;

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

const Online = z.union([z.literal(0), z.literal(-1), z.tuple([z.int(), z.int()])]);
const Fields = z.array(z.string());
const Entry = z.object({ name: z.string(), kind: DeviceKind, isConnected: z.boolean(), since: z.string() });

/** What a device is called among those of a node. */
const memberOf = (userId: string, deviceId: string): string => `${userId} ${deviceId}`;

/** Presence over all nodes. */
export function createRedisPresence(redis: Redis, nodeId: string): Presence {
  const run = async (text: string, userId: string, deviceId: string, ...values: string[]): Promise<unknown> =>
    redis.run({
      text,
      keys: [
        keys.presence(userId),
        keys.nodeDevices(nodeId),
        keys.nodes,
        keys.shown(userId),
        keys.order(deviceId),
      ],
      values: [deviceId, nodeId, memberOf(userId, deviceId), ...values],
    });
  return {
    setOnline: async ({ userId, deviceId, name, kind }, claim, most = -1) => {
      const { connectionId, openedAt, resume, window } = claim;
      const entry = { name, kind, connectionId, ...(openedAt === null ? {} : { openedAt }) };
      const told = { kind: 'replaced', byConnectionId: connectionId, byResume: resume, byWindow: window };
      const reply = z.parse(
        Online,
        await run(
          SET_ONLINE,
          userId,
          deviceId,
          JSON.stringify(entry),
          String(most),
          keys.deviceChannel(deviceId),
          JSON.stringify(told),
        ),
      );
      if (reply === 0) return 'too many';
      if (reply === -1) return 'given up';
      const [order, seen] = reply;
      return { order, isShown: seen === 1 };
    },
    setLost: async (userId, deviceId, connectionId) =>
      (await run(SET_LOST, userId, deviceId, connectionId)) === 1,
    setOffline: async (userId, deviceId, connectionId) => {
      await run(REMOVE, userId, deviceId, connectionId);
    },
    forget: async (userId, deviceId) => {
      await run(REMOVE, userId, deviceId, '');
    },
    rename: async (userId, deviceId, name) => {
      await run(RENAME, userId, deviceId, name);
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
