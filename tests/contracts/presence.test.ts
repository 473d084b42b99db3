import type { CallDevice } from '@visavis/call';
import type { Presence } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { presenceAdapters } from './adapters.ts';

const device = (name: string, userId = 'u1'): CallDevice => ({
  userId,
  deviceId: `${userId}-${name}`,
  name,
  kind: 'phone',
});

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
    await presence.setOnline(device('b'));
    await presence.setOnline(device('a'));
    await presence.setOnline(device('c', 'u2'));
    expect((await presence.listDevices('u1')).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(await presence.listDevices('nobody')).toEqual([]);
  });

  test('coming online again changes nothing but what is known of the device', async () => {
    await presence.setOnline(device('a'));
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    await presence.setOnline({ ...device('a'), name: 'new name' });
    expect(await presence.listDevices('u1')).toEqual([
      { ...device('a'), name: 'new name', inCall: true, isConnected: true },
    ]);
  });

  test('SES1 no more devices of a user are connected than allowed; those that are stay, and may come again', async () => {
    for (const name of ['a', 'b', 'c'])
      expect(await presence.setOnline(device(name), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('d'), 3)).toBe('too many');
    expect(await presence.setOnline(device('b'), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('d', 'u2'), 3)).not.toBe('too many');
    expect((await presence.listDevices('u1')).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    // One whose socket is lost leaves its place.
    await presence.setLost('u1', 'u1-a');
    expect(await presence.setOnline(device('d'), 3)).not.toBe('too many');
    expect(await presence.setOnline(device('a'), 3)).toBe('too many');
  });

  test('coming online says whether others were told already what is to be seen', async () => {
    expect(await presence.setOnline(device('a'))).toBe('to be shown');
    await presence.show('u1', []);
    expect(await presence.setOnline(device('a'))).toBe('shown');
    expect(await presence.setOnline(device('b'))).toBe('shown');
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect(await presence.setOnline(device('a'))).toBe('to be shown');
    await presence.show('u1', []);
    expect(await presence.setOnline(device('b'))).toBe('shown');
  });

  test('the devices of several users are found together', async () => {
    expect(await presence.listDeviceIds([])).toEqual([]);
    for (const each of [device('a'), device('b'), device('c', 'u2'), device('d', 'u3')])
      await presence.setOnline(each);
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect((await presence.listDeviceIds(['u1', 'u2', 'nobody'])).toSorted()).toEqual([
      'u1-a',
      'u1-b',
      'u2-c',
    ]);
  });

  test('going offline forgets the device and its call, and repeats do no harm', async () => {
    await presence.setOnline(device('a'));
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    await presence.setOffline('u1', 'u1-a');
    await presence.setOffline('u1', 'u1-a');
    expect(await presence.listDevices('u1')).toEqual([]);
    await presence.setInCall('u1', 'u1-a', 'c1', true);
    expect(await presence.listDevices('u1')).toEqual([]);
    await presence.setOnline(device('a'));
    expect(await presence.listDevices('u1')).toEqual([{ ...device('a'), inCall: false, isConnected: true }]);
  });
});
