import type { DeviceRequest } from '@visavis/call';
import { ClientMessage, CLOSE, TIMES, type ServerEvent } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { createLink, type LinkState, type SocketHandlers } from '../../src/signaling/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

const DEVICE = '00000000-0000-4000-8000-00000000000d';
const SESSION = '00000000-0000-4000-8000-00000000005e';
const CALL = '00000000-0000-4000-8000-0000000000ca';

/** A link whose sockets the test holds the other ends of. */
function createBench() {
  const timers = createVirtualTimers();
  const sockets: { handlers: SocketHandlers; sent: unknown[]; closed: boolean }[] = [];
  const states: LinkState[] = [];
  const events: ServerEvent[] = [];
  const registrations: { resumed: boolean; clockOffsetMs: number }[] = [];
  let ids = 0;
  const link = createLink({
    url: 'ws://server/signaling',
    deviceId: DEVICE,
    timers,
    random: () => 0.5,
    makeId: () => `id-${(ids += 1)}`,
    openSocket(_url, handlers) {
      const socket = { handlers, sent: [] as unknown[], closed: false };
      sockets.push(socket);
      return {
        send(text) {
          socket.sent.push(ClientMessage.parse(JSON.parse(text)));
        },
        close() {
          socket.closed = true;
        },
      };
    },
    handlers: {
      onState: (state) => states.push(state),
      onRegistered: (session) => registrations.push(session),
      onEvent: (event) => events.push(event),
      onNotice: () => undefined,
    },
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const say = (message: object): void => last().handlers.onText(JSON.stringify(message));
  const lastSent = () => ClientMessage.parse(last().sent.at(-1));
  const register = (resumed = false): void => {
    last().handlers.onOpen();
    const message = lastSent();
    if (message.type !== 'register') throw new Error('the first message is not register');
    say({
      type: 'registered',
      id: message.id,
      payload: { sessionId: SESSION, resumed, serverTime: timers.now() + 5_000, calls: [] },
    });
  };
  return { timers, sockets, states, events, registrations, link, last, say, lastSent, register };
}

const ended = (seq: number): ServerEvent => ({
  type: 'call_ended',
  seq,
  callId: CALL,
  payload: { reason: 'hangup', endedAt: 1, connectedAt: null, by: null },
});
const cancel: DeviceRequest = { type: 'cancel_call', callId: CALL, payload: {} };

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
