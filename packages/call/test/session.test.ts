import { describe, expect, it } from 'vitest';
import { LIMITS, type UnnumberedEvent } from '@visavis/protocol';
import {
  acknowledge,
  createOutbox,
  eventsAfter,
  pushEvent,
  receiveEvent,
  reconnectDelayMs,
  type Outbox,
} from '../src/index.ts';

const EVENT: UnnumberedEvent = {
  type: 'call_ended',
  callId: 'call',
  payload: { reason: 'hangup', endedAt: 1, connectedAt: null, by: null },
};

const filled = (count: number): Outbox => {
  let outbox = createOutbox();
  for (let index = 0; index < count; index += 1) outbox = pushEvent(outbox, EVENT).outbox;
  return outbox;
};
const seqs = (outbox: Outbox, lastSeq: number): readonly number[] | null =>
  eventsAfter(outbox, lastSeq)?.map(({ seq }) => seq) ?? null;

describe('the outbox', () => {
  it('SES2 events are numbered from 1, without gaps', () => {
    const first = pushEvent(createOutbox(), EVENT);
    expect(first.event).toEqual({ ...EVENT, seq: 1 });
    expect(pushEvent(first.outbox, EVENT).event.seq).toBe(2);
  });

  it('SES2 a resume gets what was missed, in order', () => {
    expect(seqs(filled(5), 3)).toEqual([4, 5]);
    expect(seqs(filled(5), 5)).toEqual([]);
    expect(seqs(createOutbox(), 0)).toEqual([]);
  });

  it('SES2 what was acknowledged is forgotten, and numbers go on', () => {
    const outbox = acknowledge(filled(5), 3);
    expect(outbox.events.map(({ seq }) => seq)).toEqual([4, 5]);
    expect(pushEvent(outbox, EVENT).event.seq).toBe(6);
    expect(seqs(outbox, 3)).toEqual([4, 5]);
  });

  it('SES2 whoever lacks an event that is forgotten cannot resume', () => {
    expect(seqs(acknowledge(filled(5), 3), 2)).toBeNull();
    expect(seqs(acknowledge(filled(5), 5), 4)).toBeNull();
  });

  it('SES2 nobody has handled what was never sent', () => {
    expect(seqs(filled(5), 6)).toBeNull();
  });

  it.each([0, 3, 6, 1_000_000])(
    'SES2 an acknowledgement of %i, old or from the future, changes nothing',
    (seq) => {
      const outbox = acknowledge(filled(5), 3);
      expect(acknowledge(outbox, seq)).toBe(outbox);
    },
  );

  it('SES2 the number of kept events is bounded; a longer absence needs a fresh start', () => {
    const outbox = filled(LIMITS.outboxEvents + 10);
    expect(outbox.events).toHaveLength(LIMITS.outboxEvents);
    expect(seqs(outbox, 9)).toBeNull();
    expect(seqs(outbox, 10)).toHaveLength(LIMITS.outboxEvents);
  });
});

describe('the inbox', () => {
  const inbox = { sessionId: 'session', lastSeq: 4 };

  it('SES2 takes the next event', () => {
    expect(receiveEvent(inbox, 5)).toEqual({ verdict: 'handle', inbox: { ...inbox, lastSeq: 5 } });
  });

  it.each([1, 4])('SES2 knows event %i again', (seq) => {
    expect(receiveEvent(inbox, seq)).toEqual({ verdict: 'repeat', inbox });
  });

  it.each([6, 100])('SES2 sees that something is missing before event %i', (seq) => {
    expect(receiveEvent(inbox, seq)).toEqual({ verdict: 'gap', inbox });
  });
});

describe('reconnecting', () => {
  it('SES2 waits longer from try to try, up to a bound', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => reconnectDelayMs(attempt, 1));
    expect(longest).toEqual([0, 300, 1_000, 2_000, 4_000, 7_000, 7_000, 7_000]);
  });

  it('SES2 spreads devices over the whole wait', () => {
    expect(reconnectDelayMs(3, 0)).toBe(0);
    expect(reconnectDelayMs(3, 0.25)).toBe(500);
  });
});
