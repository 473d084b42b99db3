import { TIMES } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { MoveOffers } from '../../movePorts.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

const PUT = `return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;
const FIND = `return redis.call('GET', KEYS[1])`;
const TAKE = `return redis.call('DEL', KEYS[1])`;

const Place = z.object({ userId: z.string(), deviceId: z.string() });
const Offer = z.object({
  callId: z.string(),
  from: Place,
  to: z.object({ userId: z.string(), deviceId: z.nullable(z.string()) }),
});

/** The offers of all nodes that share a Redis. */
export function createRedisMoveOffers(redis: Redis): MoveOffers {
  return {
    put: async (token, offer) => {
      const values = [JSON.stringify(offer), String(TIMES.moveOfferMs)];
      await redis.run({ text: PUT, keys: [keys.moveOffer(token)], values });
    },
    find: async (token) => {
      const text = z.parse(
        z.nullable(z.string()),
        await redis.run({ text: FIND, keys: [keys.moveOffer(token)], values: [] }),
      );
      if (text === null) return null;
      const content: unknown = JSON.parse(text);
      return z.parse(Offer, content);
    },
    take: async (token) => (await redis.run({ text: TAKE, keys: [keys.moveOffer(token)], values: [] })) === 1,
  };
}
