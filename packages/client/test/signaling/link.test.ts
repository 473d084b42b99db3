import { CLOSE } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { DEVICE, SESSION, cancel, createBench, ended } from './linkBench.ts';

describe('the signaling link', () => {
  it('SES1 says register first, with nothing to resume, and learns the difference of the clocks', () => {
    const bench = createBench();
    bench.register();
    expect(bench.last().sent[0]).toMatchObject({
      type: 'register',
      payload: { deviceId: DEVICE, resume: null },
    });
    expect(bench.registrations).toEqual([{ resumed: false, calls: [], clockOffsetMs: 5_000 }]);
    expect(bench.states.at(-1)).toEqual({ name: 'registered' });
  });

  it('SES1 gives up for good when the server speaks another version', () => {
    const bench = createBench();
    bench.last().handlers.onOpen();
    bench.say({ type: 'error', payload: { code: 'UNSUPPORTED_VERSION', message: 'no' } });
    expect(bench.states.at(-1)).toEqual({ name: 'ended', reason: 'unsupported_version' });
    bench.timers.advance(60_000);
    expect(bench.sockets).toHaveLength(1);
  });

  it('SES1 tries again when the server does not answer register', () => {
    const bench = createBench();
    bench.last().handlers.onOpen();
    bench.timers.advance(4_999);
    expect(bench.sockets).toHaveLength(1);
    bench.timers.advance(1);
    expect(bench.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('SES2 handles each event once and in order, acknowledges, and resumes after the last one', () => {
    const bench = createBench();
    bench.register();
    bench.say(ended(1));
    bench.say(ended(2));
    bench.say(ended(2));
    bench.timers.advance(50);
    expect(bench.events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(bench.lastSent()).toEqual({ type: 'ack', payload: { seq: 2 } });
    bench.last().handlers.onClose(1006);
    bench.timers.advance(1_000);
    bench.last().handlers.onOpen();
    expect(bench.lastSent()).toMatchObject({ payload: { resume: { sessionId: SESSION, lastSeq: 2 } } });
  });

  it('SES2 hands on what is said of keys like every other event', () => {
    const bench = createBench();
    bench.register();
    const { callId } = ended(1);
    const place = { generation: 0, epoch: 1 };
    bench.say({ type: 'keys_reset', seq: 1, callId, payload: { generation: 1 } });
    bench.say({ type: 'keys_proposed', seq: 2, callId, payload: { ...place, from: 0, proposals: ['AQ=='] } });
    bench.say({ type: 'keys_committed', seq: 3, callId, payload: { ...place, by: callId, commit: 'AQ==' } });
    bench.say({ type: 'keys_welcome', seq: 4, callId, payload: { ...place, welcome: 'AQ==' } });
    expect(bench.events.map(({ type }) => type)).toEqual([
      'keys_reset',
      'keys_proposed',
      'keys_committed',
      'keys_welcome',
    ]);
  });

  it('SES2 reconnects and resumes when an event is missing', () => {
    const bench = createBench();
    bench.register();
    bench.say(ended(1));
    bench.say(ended(3));
    expect(bench.events.map(({ seq }) => seq)).toEqual([1]);
    bench.timers.advance(1_000);
    bench.last().handlers.onOpen();
    expect(bench.lastSent()).toMatchObject({ payload: { resume: { lastSeq: 1 } } });
  });

  it('SES2 counts from the start in a session that could not be resumed', () => {
    const bench = createBench();
    bench.register();
    bench.say(ended(1));
    bench.last().handlers.onClose(1006);
    bench.timers.advance(1_000);
    bench.register(false);
    bench.say(ended(1));
    expect(bench.events).toHaveLength(2);
  });

  it('SES3 says on each socket when it was opened, later than on the one before, also where the clock stands still', () => {
    const bench = createBench();
    const openedAt: unknown[] = [];
    for (const waitMs of [0, 1_000, 0]) {
      bench.register();
      openedAt.push(bench.last().sent[0]);
      bench.timers.advance(waitMs);
      bench.last().handlers.onClose(CLOSE.restart);
      bench.timers.advance(0);
    }
    expect(openedAt).toMatchObject(
      [1_000_000, 1_000_001, 1_001_000].map((at) => ({ type: 'register', payload: { openedAt: at } })),
    );
  });

  it('SES3 stays away when another window has taken the device over', () => {
    const bench = createBench();
    bench.register();
    bench.last().handlers.onClose(CLOSE.replaced);
    expect(bench.states.at(-1)).toEqual({ name: 'ended', reason: 'replaced' });
    bench.timers.advance(60_000);
    expect(bench.sockets).toHaveLength(1);
  });

  it('SES5 sends a request that has no answer again after a reconnect, with the same id', async () => {
    const bench = createBench();
    bench.register();
    const answer = bench.link.request(cancel);
    const first = bench.lastSent();
    bench.last().handlers.onClose(1006);
    bench.timers.advance(1_000);
    bench.register(true);
    expect(bench.lastSent()).toEqual(first);
    if (!('id' in first)) throw new Error('a request has an id');
    bench.say({ type: 'ok', id: first.id, payload: {} });
    await expect(answer).resolves.toMatchObject({ type: 'ok' });
  });

  it('SES5 keeps a request that is made while the socket is away', () => {
    const bench = createBench();
    void bench.link.request(cancel);
    expect(bench.last().sent).toEqual([]);
    bench.register();
    expect(bench.lastSent()).toMatchObject(cancel);
  });

  it('ERR2 tries again later, under a new id, what came too fast; but tells a person who dials too often', async () => {
    const bench = createBench();
    bench.register();
    void bench.link.request(cancel);
    const first = bench.lastSent();
    if (!('id' in first)) throw new Error('a request has an id');
    const refusal = { code: 'RATE_LIMITED', message: 'slower', retryAfterMs: 700 };
    bench.say({ type: 'error', id: first.id, payload: refusal });
    bench.timers.advance(700);
    expect(bench.lastSent()).toMatchObject(cancel);
    expect(bench.lastSent()).not.toEqual(first);
    const dialed = bench.link.request({
      type: 'initiate_call',
      payload: { idempotencyKey: 'key', calleeId: DEVICE, callType: 'audio' },
    });
    const dial = bench.lastSent();
    if (!('id' in dial)) throw new Error('a request has an id');
    bench.say({ type: 'error', id: dial.id, payload: refusal });
    await expect(dialed).resolves.toMatchObject({ payload: { code: 'RATE_LIMITED' } });
  });

  it('CALL2 tells the server again that a call is over when it met a fault there', () => {
    const bench = createBench();
    bench.register();
    void bench.link.request(cancel);
    const first = bench.lastSent();
    if (!('id' in first)) throw new Error('a request has an id');
    bench.say({ type: 'error', id: first.id, payload: { code: 'INTERNAL', message: 'a fault' } });
    bench.timers.advance(1_000);
    expect(bench.lastSent()).toMatchObject(cancel);
    expect(bench.lastSent()).not.toEqual(first);
  });

  it('tries at once when the network is back, and not twice at a time', () => {
    const bench = createBench();
    bench.register();
    bench.last().handlers.onClose(1006);
    bench.link.reconnectNow();
    expect(bench.sockets).toHaveLength(2);
    bench.timers.advance(4_999);
    expect(bench.sockets).toHaveLength(2);
  });

  it('leaves nothing open when it is closed', async () => {
    const bench = createBench();
    bench.register();
    const answer = bench.link.request(cancel);
    bench.link.close();
    await expect(answer).resolves.toMatchObject({ type: 'lost' });
    expect(bench.last().closed).toBe(true);
    expect(bench.timers.waiting).toBe(0);
  });
});
