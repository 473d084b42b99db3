import { TIMES } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { SESSION, cancel, createBench } from './linkBench.ts';

describe('whether the signaling link is alive', () => {
  it('SES4 notices a dead socket however often something is asked over it', () => {
    const bench = createBench();
    bench.register();
    const LONGEST_MS = TIMES.busyPingMs + 4_000;
    for (let askedMs = 0; askedMs <= LONGEST_MS; askedMs += 1_000) {
      void bench.link.request(cancel);
      bench.link.setBusy(true);
      bench.timers.advance(1_000);
    }
    expect(bench.sockets[0]?.closed).toBe(true);
  });

  describe('SES4 when the network has changed or the page is visible again', () => {
    it('does not wait for the next try', () => {
      const bench = createBench();
      bench.register();
      for (const waited of [0, 300, 1_000]) {
        bench.last().handlers.onClose(1006);
        bench.timers.advance(waited);
      }
      const before = bench.sockets.length;
      bench.last().handlers.onClose(1006);
      bench.link.reconnectNow();
      expect(bench.sockets).toHaveLength(before + 1);
      bench.register(true);
      expect(bench.states.at(-1)).toEqual({ name: 'registered' });
    });

    it('leaves a dead socket after 2 s instead of half a minute', () => {
      const bench = createBench();
      bench.register();
      bench.timers.advance(1_000);
      bench.link.reconnectNow();
      expect(bench.lastSent()).toEqual({ type: 'ping', payload: {} });
      bench.timers.advance(1_999);
      expect(bench.sockets).toHaveLength(1);
      bench.timers.advance(1);
      expect(bench.sockets[0]?.closed).toBe(true);
      // The first try after a loss is at once.
      bench.timers.advance(1);
      expect(bench.sockets).toHaveLength(2);
      bench.last().handlers.onOpen();
      expect(bench.lastSent()).toMatchObject({ payload: { resume: { sessionId: SESSION, lastSeq: 0 } } });
    });

    it('NEG4 in a call after half a second: the media wait for it', () => {
      const bench = createBench();
      bench.register();
      bench.link.setBusy(true);
      bench.link.reconnectNow();
      bench.timers.advance(499);
      expect(bench.sockets).toHaveLength(1);
      bench.timers.advance(1);
      expect(bench.sockets[0]?.closed).toBe(true);
      bench.timers.advance(1);
      expect(bench.sockets).toHaveLength(2);
    });

    it('keeps a socket that answers, and asks no more than once', () => {
      const bench = createBench();
      bench.register();
      const sent = bench.last().sent.length;
      for (let count = 0; count < 3; count += 1) bench.link.reconnectNow();
      expect(bench.last().sent).toHaveLength(sent + 1);
      bench.timers.advance(500);
      bench.say({ type: 'pong', payload: {} });
      bench.timers.advance(5_000);
      expect(bench.sockets).toHaveLength(1);
      expect(bench.states.at(-1)).toEqual({ name: 'registered' });
    });

    it('is not put off by more reasons to doubt, nor by what is said meanwhile', () => {
      const bench = createBench();
      bench.register();
      bench.link.reconnectNow();
      for (let count = 0; count < 4; count += 1) {
        bench.timers.advance(400);
        bench.link.reconnectNow();
        bench.link.setBusy(true);
        void bench.link.request(cancel);
      }
      bench.timers.advance(400);
      expect(bench.sockets[0]?.closed).toBe(true);
    });

    it('opens a socket anew that hangs, and not one that was just begun', () => {
      const bench = createBench();
      bench.link.reconnectNow();
      bench.timers.advance(400);
      bench.link.reconnectNow();
      expect(bench.sockets).toHaveLength(1);
      bench.timers.advance(200);
      bench.link.reconnectNow();
      expect(bench.sockets.map(({ closed }) => closed)).toEqual([true, false]);
      // What becomes of the old one is nobody's business.
      bench.sockets[0]?.handlers.onClose(1006);
      bench.register();
      expect(bench.states.at(-1)).toEqual({ name: 'registered' });
    });

    it('does nothing after the end', () => {
      const bench = createBench();
      bench.register();
      bench.link.close();
      bench.link.reconnectNow();
      bench.timers.advance(60_000);
      expect(bench.sockets).toHaveLength(1);
    });
  });

  it('SES4 asks for a sign of life when it is quiet and leaves a dead socket', () => {
    const bench = createBench();
    bench.register();
    bench.timers.advance(25_000);
    expect(bench.lastSent()).toEqual({ type: 'ping', payload: {} });
    bench.say({ type: 'pong', payload: {} });
    bench.timers.advance(25_000);
    expect(bench.sockets).toHaveLength(1);
    bench.timers.advance(4_000);
    expect(bench.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('SES4 measures how long the server takes, each answer for the ping that it belongs to', async () => {
    const bench = createBench();
    expect(await bench.link.measure()).toBeNull();
    bench.register();
    const first = bench.link.measure();
    bench.timers.advance(30);
    const second = bench.link.measure();
    bench.timers.advance(50);
    bench.say({ type: 'pong', payload: {} });
    bench.timers.advance(5);
    bench.say({ type: 'pong', payload: {} });
    expect(await Promise.all([first, second])).toEqual([80, 55]);
  });

  it('SES4 a ping that asks for a sign of life is answered before one that measures', async () => {
    const bench = createBench();
    bench.register();
    bench.timers.advance(25_000);
    const measured = bench.link.measure();
    bench.timers.advance(10);
    bench.say({ type: 'pong', payload: {} });
    bench.timers.advance(10);
    bench.say({ type: 'pong', payload: {} });
    expect(await measured).toBe(20);
  });

  it('SES4 what was asked over a socket that is gone has no answer, nor one over the next', async () => {
    const bench = createBench();
    bench.register();
    const lost = bench.link.measure();
    bench.last().handlers.onClose(1006);
    expect(await lost).toBeNull();
    bench.timers.advance(1_000);
    bench.register();
    const measured = bench.link.measure();
    bench.timers.advance(40);
    bench.say({ type: 'pong', payload: {} });
    expect(await measured).toBe(40);
    const left = bench.link.measure();
    bench.link.close();
    expect(await left).toBeNull();
  });

  it('SES4 looks closer during a call', () => {
    const bench = createBench();
    bench.register();
    bench.link.setBusy(true);
    bench.timers.advance(4_000);
    expect(bench.lastSent()).toEqual({ type: 'ping', payload: {} });
  });
});
