import { CLOSE, LIMITS, type ServerMessage } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import { detach, handleBusMessage, startSession, takeDevice, type Link } from '../src/signaling/link.ts';

const SESSION = 'session';
const registered: Extract<ServerMessage, { type: 'registered' }> = {
  type: 'registered',
  id: 'r',
  payload: { sessionId: SESSION, resumed: true, serverTime: 0, calls: [] },
};
const event = (seq: number): string =>
  JSON.stringify({
    type: 'call_progress',
    seq,
    callId: 'call',
    payload: { progress: [], ringDeadlineAt: 0 },
  });
const readEvent = (seq: number): unknown => JSON.parse(event(seq));

const replaced = (by: string, order: number) => ({ kind: 'replaced', byConnectionId: by, order }) as const;

function createLink() {
  const sent: unknown[] = [];
  const closed: number[] = [];
  let buffered = 0;
  let startedAnew = 0;
  const link: Link = {
    connectionId: 'mine',
    device: {
      userId: 'u',
      deviceId: 'd',
      name: 'n',
      kind: 'phone',
      createdAt: 0,
      lastSeenAt: 0,
      isGuest: false,
    },
    address: 'a',
    resume: null,
    window: 'window',
    order: null,
    successor: null,
    openedAt: 0,
    connection: {
      send: (text) => sent.push(JSON.parse(text)),
      ping: () => {},
      close: (code) => closed.push(code),
      terminate: () => {},
      bufferedBytes: () => buffered,
    },
    state: { phase: 'registering', early: [] },
    lastHeardAt: 0,
    lastPingAt: 0,
    underWay: 0,
    calls: new Set(),
    subscription: { ready: Promise.resolve(), cancel: () => {} },
  };
  const tell = (message: Parameters<typeof handleBusMessage>[1]) => {
    handleBusMessage(link, message, {
      signOut: () => {},
      rename: () => {},
      startAnew: () => {
        startedAnew += 1;
      },
    });
  };
  return {
    link,
    sent,
    closed,
    countStartedAnew: () => startedAnew,
    tell,
    tellEvent: (seq: number, sessionId = SESSION) => {
      tell({ kind: 'event', sessionId, seq, text: event(seq) });
    },
    block: () => {
      buffered = LIMITS.bufferedBytes + 1;
    },
  };
}

describe('a link', () => {
  test('SES2 after registered comes what was missed, then what came meanwhile, each once and in order', () => {
    const { link, sent, tellEvent } = createLink();
    tellEvent(4);
    tellEvent(5);
    startSession(link, registered, { after: 2, events: [event(3), event(4)] });
    tellEvent(5);
    tellEvent(6);
    expect(sent).toEqual([registered, ...[3, 4, 5, 6].map(readEvent)]);
  });

  test('SES2 events of a former session of the device are not for this one', () => {
    const { link, sent, tellEvent, countStartedAnew } = createLink();
    tellEvent(1, 'former');
    startSession(link, registered, { after: 0, events: [] });
    tellEvent(1);
    expect(sent).toEqual([registered, readEvent(1)]);
    expect(countStartedAnew()).toBe(0);
  });

  test('SES3 a link whose device has another session by now lets it come back', () => {
    const { link, sent, tellEvent, countStartedAnew } = createLink();
    startSession(link, registered, { after: 0, events: [] });
    tellEvent(1, 'later');
    expect(sent).toEqual([registered]);
    expect(countStartedAnew()).toBe(1);
  });

  test('notices before registered are dropped: what they tell is fetched anew', () => {
    const { link, sent, tell } = createLink();
    tell({ kind: 'notice', text: '{"type":"profile_changed","payload":{}}' });
    startSession(link, registered, { after: 0, events: [] });
    tell({ kind: 'notice', text: '{"type":"profile_changed","payload":{}}' });
    expect(sent).toEqual([registered, { type: 'profile_changed', payload: {} }]);
  });

  test('SES3 a link that has its device is replaced by a later one, and not by itself', () => {
    const { link, closed, tell } = createLink();
    takeDevice(link, 5);
    startSession(link, registered, { after: 0, events: [] });
    tell(replaced('mine', 5));
    tell(replaced('earlier', 4));
    expect(closed).toEqual([]);
    tell(replaced('later', 6));
    tell(replaced('still later', 7));
    expect(closed).toEqual([CLOSE.replaced]);
  });

  test('SES3 a link that still registers is given up to one that took the device later, and not to one that did before', () => {
    const earlier = createLink();
    earlier.tell(replaced('earlier', 4));
    takeDevice(earlier.link, 5);
    expect(earlier.closed).toEqual([]);
    earlier.tell(replaced('later', 6));
    expect(earlier.closed).toEqual([CLOSE.replaced]);
    expect(earlier.link.state.phase).toBe('closed');
    // What the later one did may be heard before the answer to what this one did.
    const later = createLink();
    later.tell({ ...replaced('later', 6), byWindow: 'window' });
    later.tell(replaced('earlier', 4));
    expect(later.closed).toEqual([]);
    takeDevice(later.link, 5);
    expect(later.closed).toEqual([CLOSE.restart]);
  });

  test('SES3 a socket that the same window gave up, heard late, makes it come back and does not end it', () => {
    const { link, closed, tell } = createLink();
    takeDevice(link, 1);
    startSession(link, registered, { after: 0, events: [] });
    tell({ ...replaced('other', 2), byResume: registered.payload.sessionId });
    expect(closed).toEqual([CLOSE.restart]);
  });

  test('SES3 a socket that its window gave up before it had a session, heard late, makes it come back as well', () => {
    const { link, closed, tell } = createLink();
    takeDevice(link, 1);
    startSession(link, registered, { after: 0, events: [] });
    tell({ ...replaced('other', 2), byWindow: 'window' });
    expect(closed).toEqual([CLOSE.restart]);
  });

  test('SES3 a socket of another window takes over', () => {
    const { link, closed, tell } = createLink();
    takeDevice(link, 1);
    startSession(link, registered, { after: 0, events: [] });
    tell({ ...replaced('other', 2), byWindow: 'another window' });
    expect(closed).toEqual([CLOSE.replaced]);
  });

  test('nothing is sent once it is closed, and it closes once', () => {
    const { link, sent, closed, tellEvent } = createLink();
    startSession(link, registered, { after: 0, events: [] });
    detach(link, CLOSE.restart);
    detach(link, CLOSE.abuse);
    tellEvent(1);
    expect(sent).toEqual([registered]);
    expect(closed).toEqual([CLOSE.restart]);
  });

  test('a device that does not read is given up', () => {
    const { link, sent, closed, tellEvent, block } = createLink();
    startSession(link, registered, { after: 0, events: [] });
    block();
    tellEvent(1);
    expect(sent).toEqual([registered]);
    expect(closed).toEqual([CLOSE.tooSlow]);
  });
});
