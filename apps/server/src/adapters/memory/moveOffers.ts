import { TIMES } from '@visavis/protocol';
import type { MoveOffer, MoveOffers } from '../../movePorts.ts';
import type { Clock } from '../../ports.ts';

/** The offers of a single node. */
export function createMemoryMoveOffers(clock: Pick<Clock, 'now'>): MoveOffers {
  const offers = new Map<string, { readonly offer: MoveOffer; readonly until: number }>();
  const sweep = (): void => {
    for (const [token, { until }] of offers) if (until <= clock.now()) offers.delete(token);
  };
  return {
    put: async (token, offer) => {
      sweep();
      offers.set(token, { offer, until: clock.now() + TIMES.moveOfferMs });
    },
    find: async (token) => {
      sweep();
      return offers.get(token)?.offer ?? null;
    },
    take: async (token) => {
      sweep();
      return offers.delete(token);
    },
  };
}
