import type { CallDevice } from '@visavis/call';
import { LATEST_CLAIM_MS, type Presence } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { presenceAdapters } from './adapters.ts';

const device = (name: string, userId = 'u1'): CallDevice => ({
  userId,
  deviceId: `${userId}-${name}`,
  name,
  kind: 'phone',
});

/** Of any socket. */
const claim = (connectionId = 'socket', openedAt: number | null = null) => ({ connectionId, openedAt });

describe.each(presenceAdapters)('presence: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let presence: Presence;
  beforeEach(async () => {
    opened = await adapter.open();
    presence = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  test('devices are listed in the order in which they came online', async () => {
    await presence.setOnline(device('b'), claim());
    await presence.setOnline(device('a'), claim());
    await presence.setOnline(device('c', 'u2'), claim());
    expect((await presence.listDevices('u1')).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(await presence.listDevices('nobody')).toEqual([]);
  });

  test('coming online again changes nothing but what is known of the device', async () => {
    await presence.setOnline(device('a'), claim());
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    await presence.setOnline({ ...device('a'), name: 'new name' }, claim());
    expect(await presence.listDevices('u1')).toEqual([
      { ...device('a'), name: 'new name', inCall: true, isConnected: true },
    ]);
  });

  test('SES1 no more devices of a user are connected than allowed; those that are stay, and may come again', async () => {
    for (const name of ['a', 'b', 'c'])
      expect(await presence.setOnline(device(name), claim(), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('d'), claim(), 3)).toBe('too many');
    expect(await presence.setOnline(device('b'), claim(), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('d', 'u2'), claim(), 3)).not.toBe('too many');
    expect((await presence.listDevices('u1')).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    // One whose socket is lost leaves its place.
    await presence.setLost('u1', 'u1-a', 'socket');
    expect(await presence.setOnline(device('d'), claim(), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('a'), claim(), 3)).toBe('too many');
  });

  test('coming online says whether others were told already what is to be seen', async () => {
    expect(await presence.setOnline(device('a'), claim())).toMatchObject({ isShown: false });
    await presence.show('u1', []);
    expect(await presence.setOnline(device('a'), claim())).toMatchObject({ isShown: true });
    expect(await presence.setOnline(device('b'), claim())).toMatchObject({ isShown: true });
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect(await presence.setOnline(device('a'), claim())).toMatchObject({ isShown: false });
    await presence.show('u1', []);
    expect(await presence.setOnline(device('b'), claim())).toMatchObject({ isShown: true });
  });

  test('the devices of several users are found together', async () => {
    expect(await presence.listDeviceIds([])).toEqual([]);
    for (const each of [device('a'), device('b'), device('c', 'u2'), device('d', 'u3')])
      await presence.setOnline(each, claim());
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect((await presence.listDeviceIds(['u1', 'u2', 'nobody'])).toSorted()).toEqual([
      'u1-a',
      'u1-b',
      'u2-c',
    ]);
  });

  test('going offline forgets the device and its call, and repeats do no harm', async () => {
    await presence.setOnline(device('a'), claim());
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    await presence.setOffline('u1', 'u1-a', 'socket');
    await presence.setOffline('u1', 'u1-a', 'socket');
    expect(await presence.listDevices('u1')).toEqual([]);
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect(await presence.listDevices('u1')).toEqual([]);
    await presence.setOnline(device('a'), claim());
    expect(await presence.listDevices('u1')).toEqual([{ ...device('a'), inCall: false, isConnected: true }]);
  });

  const orderOf = async (connectionId: string, openedAt: number | null = null): Promise<number> => {
    const claimed = await presence.setOnline(device('a'), claim(connectionId, openedAt));
    return typeof claimed === 'string' ? expect.fail(claimed) : claimed.order;
  };

  test('SES3 each socket that takes a device comes after those that had it, also when it was away meanwhile', async () => {
    const first = await orderOf('first');
    const second = await orderOf('second');
    expect(second).toBeGreaterThan(first);
    await presence.setOffline('u1', 'u1-a', 'second');
    expect(await orderOf('third')).toBeGreaterThan(second);
  });

  test('SES3 what a socket that was given up removes stays', async () => {
    await orderOf('first');
    await orderOf('second');
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect(await presence.setLost('u1', 'u1-a', 'first')).toBe(false);
    await presence.setOffline('u1', 'u1-a', 'first');
    expect(await presence.listDevices('u1')).toEqual([{ ...device('a'), inCall: true, isConnected: true }]);
    expect(await presence.setLost('u1', 'u1-a', 'second')).toBe(true);
    await presence.setOffline('u1', 'u1-a', 'second');
    expect(await presence.listDevices('u1')).toEqual([]);
    // Of a device that nobody knows, everybody may say that it is lost.
    expect(await presence.setLost('u1', 'u1-a', 'first')).toBe(true);
  });

  test('SES3 a socket that its device gave up for a later one takes it from nobody, and changes nothing', async () => {
    await orderOf('later', 2_000);
    const late = { ...device('a'), name: 'late' };
    expect(await presence.setOnline(late, claim('earlier', 1_999))).toBe('given up');
    expect(await presence.setLost('u1', 'u1-a', 'earlier')).toBe(false);
    expect(await presence.listDevices('u1')).toEqual([{ ...device('a'), inCall: false, isConnected: true }]);
    // Whoever does not say when takes it, and so does the same one again, and a later one.
    for (const [connectionId, openedAt] of [
      ['silent', null],
      ['silent too', null],
      ['later', 2_000],
      ['later', 2_000],
      ['still later', 2_001],
    ] as const)
      await orderOf(connectionId, openedAt);
  });

  test('SES3 a device whose clock was put back takes itself again', async () => {
    await orderOf('before', 10_000_000);
    await orderOf('after', 10_000_000 - LATEST_CLAIM_MS);
  });

  test('a device has another name while it is online, and stays where it is connected', async () => {
    await presence.rename('u1', 'u1-a', 'nobody');
    expect(await presence.listDevices('u1')).toEqual([]);
    await orderOf('first');
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    await presence.rename('u1', 'u1-a', 'mine');
    expect(await presence.listDevices('u1')).toEqual([
      { ...device('a'), name: 'mine', inCall: true, isConnected: true },
    ]);
    expect(await presence.setLost('u1', 'u1-a', 'first')).toBe(true);
  });
});
