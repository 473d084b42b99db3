import type { CallDevice } from '@visavis/call';
import { decodeServerMessage } from '@visavis/protocol';
import type { Bus, Presence } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { toldAdapters } from './adapters.ts';

const deviceOf = (userId: string, name = 'a'): CallDevice => ({
  userId,
  deviceId: `${userId}-${name}`,
  name,
  kind: 'phone',
});

const claim = () => ({ connectionId: 'socket', openedAt: null });

describe.each(toldAdapters)('what others are told of presence: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let presence: Presence;
  let bus: Bus;
  beforeEach(async () => {
    opened = await adapter.open();
    ({ presence, bus } = opened.port);
  });
  afterEach(async () => {
    await opened.close();
  });

  /** What this device has heard of somebody, as `user state`. */
  const listen = async (deviceId: string): Promise<string[]> => {
    const heard: string[] = [];
    const subscription = bus.subscribe(deviceId, (message) => {
      if (message.kind !== 'notice') return;
      const notice = decodeServerMessage(message.text);
      if (!notice.ok || notice.message.type !== 'presence') throw new Error(`heard ${message.text}`);
      const { userId, presence: state } = notice.message.payload;
      heard.push(`${userId} ${state}`);
    });
    await subscription.ready;
    return heard;
  };

  test('SES4 every device of every viewer is told once of what has changed', async () => {
    await presence.setOnline(deviceOf(VIEWER, 'a'), claim());
    await presence.setOnline(deviceOf(VIEWER, 'b'), claim());
    const one = await listen(`${VIEWER}-a`);
    const other = await listen(`${VIEWER}-b`);
    expect(await presence.isShownWrong(USER)).toBe(false);
    expect(await presence.show(USER, [VIEWER])).toBe(false);

    await presence.setOnline(deviceOf(USER), claim());
    expect(await presence.isShownWrong(USER)).toBe(true);
    expect(await presence.show(USER, [VIEWER])).toBe(true);
    expect(await presence.isShownWrong(USER)).toBe(false);
    expect(await presence.show(USER, [VIEWER])).toBe(false);
    await presence.setInCall(USER, `${USER}-a`, 'c1', true);
    expect(await presence.show(USER, [VIEWER])).toBe(true);
    await presence.setOffline(USER, `${USER}-a`, 'socket');
    expect(await presence.show(USER, [VIEWER])).toBe(true);

    const expected = ['online', 'busy', 'offline'].map((state) => `${USER} ${state}`);
    await until('both have heard all', () => one.length === 3 && other.length === 3);
    expect([one, other]).toEqual([expected, expected]);
  });

  test('SES4 what is told is what is when it is told, and not what was when somebody began to tell', async () => {
    await presence.setOnline(deviceOf(VIEWER), claim());
    const heard = await listen(`${VIEWER}-a`);
    await presence.setOnline(deviceOf(USER), claim());
    // Two nodes have seen a change each, and tell of it at once.
    await presence.setInCall(USER, `${USER}-a`, 'c1', true);
    const told = await Promise.all([presence.show(USER, [VIEWER]), presence.show(USER, [VIEWER])]);
    expect(told).toEqual([true, false]);
    await until('it is heard', () => heard.length > 0);
    expect(heard).toEqual([`${USER} busy`]);
  });

  test('SES4 one viewer alone is told what the others were told, and all of the change', async () => {
    await presence.setOnline(deviceOf(VIEWER), claim());
    await presence.setOnline(deviceOf(OTHER), claim());
    const heard = await listen(`${VIEWER}-a`);
    const other = await listen(`${OTHER}-a`);
    await presence.setOnline(deviceOf(USER), claim());
    await presence.showTo(USER, VIEWER);
    expect(await presence.readShown(USER)).toBe('offline');
    expect(await presence.show(USER, [VIEWER, OTHER])).toBe(true);
    expect(await presence.readShown(USER)).toBe('online');
    await until('both have heard', () => heard.length === 2 && other.length === 1);
    expect([heard, other]).toEqual([[`${USER} offline`, `${USER} online`], [`${USER} online`]]);
  });

  test('nobody there is told nothing', async () => {
    const heard = await listen(`${VIEWER}-a`);
    await presence.setOnline(deviceOf(USER), claim());
    expect(await presence.show(USER, [VIEWER])).toBe(true);
    await presence.setOnline(deviceOf(VIEWER), claim());
    await presence.showTo(USER, VIEWER);
    await until('it is heard', () => heard.length > 0);
    expect(heard).toEqual([`${USER} online`]);
  });
});

const USER = '00000000-0000-4000-8000-000000000001';
const VIEWER = '00000000-0000-4000-8000-000000000002';
const OTHER = '00000000-0000-4000-8000-000000000003';
