import * as z from 'zod/mini';
import type { Clock, Log, Nodes, NodesHandlers } from '../../ports.ts';
import { toError } from '../../toError.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';
import { memberOf, REMOVE } from './presence.ts';
import { EXPIRE } from './sessions.ts';

/** How often a node says that it lives. */
const BEAT_MS = 500;
/** A node that was silent for this long has died. Shorter: a busy one is taken for dead; longer: its devices are missed later. */
const DEAD_MS = 4_000;
/** How long one node has for the devices of a dead one before another may try. */
const HEIR_MS = 10_000;

/** Says that this node lives. @returns whether it was known, and the dead ones with the time of their last beat */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return {known and 1 or 0, redis.call('ZRANGEBYSCORE', KEYS[1], 0, now - tonumber(ARGV[2]), 'WITHSCORES')}`;

/** KEYS: the heir, the devices of the dead node. @returns its devices, or nothing where another node looks after them */
const INHERIT = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('SMEMBERS', KEYS[2])`;

/** KEYS: the nodes, the heir. */
const BURY = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1`;

const Beat = z.tuple([z.int(), z.array(z.string())]);
const Inheritance = z.nullable(z.array(z.string()));

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
    for (const member of members) {
      const [userId = '', deviceId = ''] = member.split(' ');
      await redis.run({
        text: EXPIRE,
        keys: [keys.session(deviceId), keys.outbox(deviceId)],
        values: [deadId],
      });
      const removed = await redis.run({
        text: REMOVE,
        keys: [keys.presence(userId), devices],
        values: [deviceId, deadId, memberOf(userId, deviceId), 'own'],
      });
      if (removed === 1) await handlers.handleOrphan({ userId, deviceId, lastSeenAt });
    }
    await redis.run({ text: BURY, keys: [keys.nodes, heir], values: [deadId] });
    log.info('looked after the devices of a node that died', { devices: members.length });
  };

  return {
    isAlone: false,
    join: async (handlers) => {
      let hasGap = false;
      let isFirst = true;
      let stopped = false;
      let running = Promise.resolve();
      redis.handleGap(() => {
        hasGap = true;
      });

      const beat = async (): Promise<void> => {
        const [isKnown, dead] = z.parse(
          Beat,
          await redis.run({ text: BEAT, keys: [keys.nodes], values: [nodeId, String(DEAD_MS)] }),
        );
        const isDisrupted = hasGap || (isKnown === 0 && !isFirst);
        hasGap = false;
        isFirst = false;
        if (isDisrupted) {
          log.warn('what other nodes said may be lost: every device is asked to come back');
          handlers.handleDisruption();
        }
        for (let n = 0; n + 1 < dead.length; n += 2) {
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
      };
    },
  };
}
