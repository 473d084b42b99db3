import type { Clock, Log, Ports } from '../../ports.ts';
import { createRedisBus } from './bus.ts';
import type { Redis } from './connect.ts';
import { createRedisMediaNodes } from './mediaNodes.ts';
import { createRedisMoveOffers } from './moveOffers.ts';
import { createRedisNodes } from './nodes.ts';
import { createRedisPresence } from './presence.ts';
import { createRedisQuotas } from './quotas.ts';
import { createRedisSessions } from './sessions.ts';

/** What the nodes of one service share. @param nodeId - of this process alone, new at every start */
export async function shareByRedis(
  redis: Redis,
  nodeId: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Pick<Ports, 'presence' | 'sessions' | 'bus' | 'quotas' | 'moveOffers' | 'nodes' | 'mediaNodes'>> {
  return {
    bus: await createRedisBus(redis, log),
    sessions: createRedisSessions(redis, nodeId),
    presence: createRedisPresence(redis, nodeId),
    quotas: createRedisQuotas(redis),
    moveOffers: createRedisMoveOffers(redis),
    nodes: createRedisNodes(redis, nodeId, clock, log),
    mediaNodes: createRedisMediaNodes(redis),
  };
}
