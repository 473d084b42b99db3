import type { MoveOffer, MoveOffers } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moveOffersAdapters } from './adapters.ts';

const OWN: MoveOffer = {
  callId: 'a call',
  from: { userId: 'ana', deviceId: 'laptop' },
  to: { userId: 'ana', deviceId: 'phone' },
};
const OTHER: MoveOffer = { ...OWN, to: { userId: 'ben', deviceId: null } };

describe.each(moveOffersAdapters)('offers of calls: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let offers: MoveOffers;
  beforeEach(async () => {
    opened = await adapter.open();
    offers = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  test('CALL4 is found as it was made, as often as it is looked for, until it is taken', async () => {
    await offers.put('one', OWN);
    await offers.put('other', OTHER);
    expect(await offers.find('one')).toEqual(OWN);
    expect(await offers.find('one')).toEqual(OWN);
    expect(await offers.take('one')).toBe(true);
    expect(await offers.find('one')).toBeNull();
    expect(await offers.take('one')).toBe(false);
    expect(await offers.find('other')).toEqual(OTHER);
  });

  test('CALL4 of many who take it at once one has it', async () => {
    await offers.put('one', OWN);
    const taken = await Promise.all(Array.from({ length: 20 }, async () => offers.take('one')));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('CALL4 what nobody made is not there', async () => {
    expect(await offers.find('nothing')).toBeNull();
    expect(await offers.take('nothing')).toBe(false);
  });
});
