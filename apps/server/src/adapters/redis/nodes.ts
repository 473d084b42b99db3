import * as z from 'zod/mini';
import type { Clock, Log, Nodes, NodesHandlers } from '../../ports.ts';
import { toError } from '../../toError.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { REMOVE_OF_NODE } from './presence.ts';
import { EXPIRE } from './sessions.ts';

/** How often a node says that it lives. */
const BEAT_MS = 500;
/** A node that was silent for this long has died. Shorter: a busy one is taken for dead; longer: its devices are missed later. */
const DEAD_MS = 4_000;
/** A node that could not say that it lives stops a little earlier than the others take it for dead. */
const DOUBTFUL_MS = DEAD_MS - BEAT_MS;
/** How long one node has for the devices of a dead one before another may try. */
const HEIR_MS = 10_000;

/** KEYS: the nodes, what is there once this node was heard. @returns whether it was, and the dead ones with their last beat */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('GET', KEYS[2])
redis.call('SET', KEYS[2], '1')
redis.call('ZADD', KEYS[1], now, ARGV[1])
return {known and 1 or 0, redis.call('ZRANGEBYSCORE', KEYS[1], 0, now - tonumber(ARGV[2]), 'WITHSCORES')}`;

/** KEYS: the heir, the devices of the dead node. @returns its devices, or nothing where another node looks after them */
const INHERIT = `
local heir = redis.call('GET', KEYS[1])
if heir and heir ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('SMEMBERS', KEYS[2])`;

/** How many devices of a dead node are looked after at a time. More: what is left undone by an heir that dies is done twice. */
const GIVEN_UP_AT_ONCE = 50;

/**
 * KEYS: the devices of the dead node, then session, outbox and presence of each. ARGV: the dead node, then device and member
 * of each. Those that are somewhere else by now are none of its devices any more. @returns the others; told once more when
 * nobody has said so far that they are looked after
 */
const GIVE_UP = `
local function expire(KEYS, ARGV) ${EXPIRE} end
local function remove(KEYS, ARGV) ${REMOVE_OF_NODE} end
local orphans = {}
for n = 2, #ARGV, 2 do
  local device, member = ARGV[n], ARGV[n + 1]
  local at = 3 * (n / 2) - 1
  local known = redis.call('HGET', KEYS[at + 2], 'd:' .. device)
  expire({KEYS[at], KEYS[at + 1]}, {ARGV[1]})
  if known and remove({KEYS[at + 2]}, {device, ARGV[1]}) == 0 then
    redis.call('SREM', KEYS[1], member)
  else
    orphans[#orphans + 1] = member
  end
end
return orphans`;

/** KEYS: the devices of the dead node. ARGV: those that were looked after. */
const LOOKED_AFTER = `
for _, member in ipairs(ARGV) do redis.call('SREM', KEYS[1], member) end
return 1`;

/** KEYS: the nodes, the heir, what was there once the dead one was heard. */
const BURY = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('DEL', KEYS[3])
return 1`;

const Beat = z.tuple([z.int(), z.array(z.string())]);
const Members = z.array(z.string());
const Inheritance = z.nullable(Members);

/** The opposite of `memberOf`. */
function readMember(member: string) {
  const [userId = '', deviceId = ''] = member.split(' ');
  return { member, userId, deviceId };
}

/** The nodes that share a Redis: each shows that it lives, and they look after the devices of those that do not. */
export function createRedisNodes(redis: Redis, nodeId: string, clock: Clock, log: Log): Nodes {
  const bury = async (deadId: string, lastSeenAt: number, handlers: NodesHandlers): Promise<void> => {
    const heir = keys.nodeHeir(deadId);
    const devices = keys.nodeDevices(deadId);
    const members = z.parse(
      Inheritance,
      await redis.run({ text: INHERIT, keys: [heir, devices], values: [nodeId, String(HEIR_MS)] }),
    );
    if (members === null) return;
    for (let n = 0; n < members.length; n += GIVEN_UP_AT_ONCE) {
      const some = members.slice(n, n + GIVEN_UP_AT_ONCE).map(readMember);
      const orphans = z.parse(
        Members,
        await redis.run({
          text: GIVE_UP,
          keys: [
            devices,
            ...some.flatMap(({ userId, deviceId }) => [
              keys.session(deviceId),
              keys.outbox(deviceId),
              keys.presence(userId),
            ]),
          ],
          values: [deadId, ...some.flatMap(({ member, deviceId }) => [deviceId, member])],
        }),
      );
      for (const { userId, deviceId } of orphans.map(readMember))
        await handlers.handleOrphan({ userId, deviceId, lastSeenAt });
      await redis.run({ text: LOOKED_AFTER, keys: [devices], values: orphans });
    }
    await redis.run({ text: BURY, keys: [keys.nodes, heir, keys.nodeHeard(deadId)], values: [deadId] });
    log.info('looked after the devices of a node that died', { devices: members.length });
  };

  /** When this node last said that it lives and was heard, and since when without a break. */
  let beatAt = -Infinity;
  let beatingSinceAt = -Infinity;
  const isCurrent = (): boolean => clock.now() - beatAt < DOUBTFUL_MS;

  return {
    isAlone: false,
    isCurrent,
    join: async (handlers) => {
      let hasGap = false;
      let isFirst = true;
      let stopped = false;
      let running = Promise.resolve();
      let burying: Promise<void> | null = null;
      redis.handleGap(() => {
        hasGap = true;
      });

      const beat = async (): Promise<void> => {
        const askedAt = clock.now();
        const [isKnown, dead] = z.parse(
          Beat,
          await redis.run({
            text: BEAT,
            keys: [keys.nodes, keys.nodeHeard(nodeId)],
            values: [nodeId, String(DEAD_MS)],
          }),
        );
        const wasAway = !isCurrent();
        if (wasAway) beatingSinceAt = askedAt;
        beatAt = askedAt;
        const isDisrupted = hasGap || (!isFirst && (wasAway || isKnown === 0));
        hasGap = false;
        isFirst = false;
        if (isDisrupted) {
          log.warn('what other nodes said may be lost: every device is asked to come back');
          handlers.handleDisruption();
        }
        // Whoever was away itself, as all are when Redis is, lets the others come back first.
        if (askedAt - beatingSinceAt < DEAD_MS || burying !== null) return;
        // Many devices take their time, and this node says meanwhile that it lives.
        burying = buryAll(dead)
          .catch((error: unknown) => {
            log.warn('the devices of a dead node cannot be looked after', { error: toError(error) });
          })
          .finally(() => {
            burying = null;
          });
      };
      const buryAll = async (dead: readonly string[]): Promise<void> => {
        for (let n = 0; n + 1 < dead.length; n += 2) {
          if (stopped) return;
          const [deadId = '', lastSeenAt = '0'] = dead.slice(n, n + 2);
          await bury(deadId, Number(lastSeenAt), handlers);
        }
      };
      const loop = (): void => {
        if (stopped) return;
        running = beat()
          .catch((error: unknown) => {
            log.warn('the other nodes cannot be reached', { error: toError(error) });
          })
          .finally(() => {
            clock.schedule(BEAT_MS, loop);
          });
      };
      await beat();
      clock.schedule(BEAT_MS, loop);
      return async () => {
        stopped = true;
        await running;
        await burying;
      };
    },
  };
}
