import type { Bus, BusMessage } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { busAdapters } from './adapters.ts';

const notice = (text: string): BusMessage => ({ kind: 'notice', text });

describe.each(busAdapters)('bus: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let bus: Bus;
  beforeEach(async () => {
    opened = await adapter.open();
    bus = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  test('messages reach every subscriber of their device, in order, and nobody else', async () => {
    const heard: [string, BusMessage][] = [];
    await bus.subscribe('d1', (message) => heard.push(['one', message])).ready;
    await bus.subscribe('d2', (message) => heard.push(['two', message])).ready;
    bus.publish('d1', notice('a'));
    bus.publish('d2', notice('b'));
    bus.publish('d1', notice('c'));
    await vi.waitFor(() => {
      expect(heard.filter(([who]) => who === 'one').map(([, message]) => message)).toEqual([
        notice('a'),
        notice('c'),
      ]);
      expect(heard.filter(([who]) => who === 'two').map(([, message]) => message)).toEqual([notice('b')]);
    });
  });

  test('whoever has unsubscribed hears nothing, the others still do', async () => {
    const gone = vi.fn();
    const here = vi.fn();
    const { cancel, ready } = bus.subscribe('d1', gone);
    await ready;
    await bus.subscribe('d1', here).ready;
    cancel();
    cancel();
    bus.publish('d1', notice('a'));
    await vi.waitFor(() => {
      expect(here).toHaveBeenCalledExactlyOnceWith(notice('a'));
    });
    expect(gone).not.toHaveBeenCalled();
  });

  test('a subscriber may leave while it is told something', async () => {
    const heard: string[] = [];
    const { cancel, ready } = bus.subscribe('d1', () => {
      heard.push('once');
      cancel();
    });
    await ready;
    await bus.subscribe('d1', () => heard.push('other')).ready;
    bus.publish('d1', notice('a'));
    bus.publish('d1', notice('b'));
    await vi.waitFor(() => {
      expect(heard.toSorted()).toEqual(['once', 'other', 'other']);
    });
  });
});
