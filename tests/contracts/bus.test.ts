import type { Bus, BusMessage, PartMessage, PipeMessage } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { busAdapters } from './adapters.ts';
import { camera } from './sfu/browser.ts';

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

  test('MED6 what nodes that share a call say to each other arrives as it was said', async () => {
    const end = {
      ip: '10.1.0.20',
      port: 41_000,
      cryptoSuite: 'AEAD_AES_256_GCM',
      keyBase64: 'a2V5',
    } as const;
    const trackId = 'track';
    const track = { trackId, deviceId: 'd1', source: 'camera', kind: 'video', paused: false } as const;
    const pipes: readonly PipeMessage[] = [
      { type: 'ask', trackId },
      {
        type: 'opened',
        trackId,
        wayId: 'way',
        end,
        kind: 'video',
        rtpParameters: camera(),
        paused: true,
      },
      { type: 'refused', trackId },
      { type: 'connect', wayId: 'way', end },
      { type: 'watch', trackId, maxSpatialLayer: null },
      { type: 'watch', trackId, maxSpatialLayer: 2 },
      { type: 'paused', trackId, paused: false },
      { type: 'closed', trackId },
      { type: 'end' },
    ];
    const all: readonly PartMessage[] = [
      ...pipes.map((message) => ({ type: 'pipe', message }) as const),
      { type: 'tracks', tracks: [{ ...track, nodeId: 'node' }] },
      { type: 'levels', volumes: [{ deviceId: 'd1', volume: -30 }] },
      { type: 'leaving' },
      { type: 'lost' },
    ];
    const messages = all.map((said): BusMessage => ({
      kind: 'media_part',
      callId: 'call',
      home: 'home',
      from: 'node',
      said,
    }));
    const heard: BusMessage[] = [];
    await bus.subscribe('media-home', (message) => heard.push(message)).ready;
    for (const message of messages) bus.publish('media-home', message);
    await vi.waitFor(() => {
      expect(heard).toEqual(messages);
    });
  });
});
