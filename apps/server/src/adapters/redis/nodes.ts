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

/** KEYS: the nodes, the heir, what was there once the dead one was heard. */
const BURY = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('DEL', KEYS[3])
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
