import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSfuBench, published, settle } from './fakeSfu.ts';
import { ben, connected, own } from './forwardedBench.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('NEG4 GRP9 when the way is lost', () => {
  it('NEG4 restarts ICE 2 s after it was cut, and at once when the network changes', async () => {
    const bench = await connected();
    bench.newest('send').become('disconnected');
    await settle();
    expect(bench.media.getState().flow).toBe('lost');
    bench.timers.advance(2_000);
    await settle();
    expect(bench.of('restart_media')).toHaveLength(2);
    expect(bench.newest('receive').log).toContain('restart');
    bench.changeNetwork();
    expect(bench.of('restart_media')).toHaveLength(4);
  });

  it('NEG4 opens anew what a restart does not mend, and what comes over it takes its place', async () => {
    const bench = await connected();
    bench.newest('send').become('failed');
    bench.timers.advance(5_000);
    await settle();
    bench.timers.advance(5_000);
    await settle();
    expect(bench.of('open_media').length).toBeGreaterThan(1);
    for (const transport of bench.transports.slice(-2)) transport.become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('NEG4 gives up after 60 s', async () => {
    const bench = await connected();
    bench.newest('send').become('failed');
    for (let second = 0; second < 62; second += 1) {
      bench.timers.advance(1_000);
      await settle();
    }
    expect(bench.media.getState().gaveUp).toBe(true);
  });

  it('GRP9 opens anew when the media server is gone, and publishes and receives again', async () => {
    const bench = await connected();
    bench.media.handleNotice({ type: 'media_lost', callId: 'x', payload: {} });
    await settle();
    expect(bench.of('open_media')).toHaveLength(2);
    expect(bench.of('publish_track')).toHaveLength(4);
    expect(bench.transports.slice(0, 2).every(({ state }) => state === 'closed')).toBe(true);
    for (const transport of bench.transports.slice(-2)) transport.become('connected');
    await settle();
    expect(bench.media.getState().flow).toBe('flowing');
  });

  it('GRP9 the call goes on while there is no media server, and media come when there is one again', async () => {
    const bench = createSfuBench({ local: own() });
    bench.refuse('MEDIA_UNAVAILABLE');
    bench.media.start();
    for (let second = 0; second < 120; second += 1) {
      bench.timers.advance(1_000);
      await settle();
    }
    expect(bench.media.getState().gaveUp).toBe(false);
    bench.refuse(null);
    bench.timers.advance(60_000);
    await settle();
    expect(bench.transports).toHaveLength(2);
  });

  it('SES2 asks again what the others publish after every new socket', async () => {
    const bench = await connected();
    bench.publish([...ben, published('screen')]);
    bench.media.refresh();
    await settle();
    expect(bench.media.getState().screens).toHaveLength(1);
  });
});
