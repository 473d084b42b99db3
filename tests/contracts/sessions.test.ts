import { decodeServerMessage, LIMITS, type ServerEvent, type UnnumberedEvent } from '@visavis/protocol';
import type { SessionEvent, Sessions } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionsAdapters } from './adapters.ts';

const event = (n: number): UnnumberedEvent => ({
  type: 'call_progress',
  callId: '00000000-0000-4000-8000-000000000000',
  payload: { progress: [], ringDeadlineAt: n },
});

const end: UnnumberedEvent = {
  type: 'call_ended',
  callId: '00000000-0000-4000-8000-000000000000',
  payload: { reason: 'cancelled', endedAt: 1, connectedAt: null, by: null },
};
const of = (name: string, number: number) => ({ of: name, number });
const OTHER_CALL = '00000000-0000-4000-8000-000000000001';

/** What was kept, where something was. */
const numbered = (pushed: SessionEvent | 'known' | null): SessionEvent | null =>
  pushed === 'known' ? null : pushed;

const read = (text: string | undefined): ServerEvent | null => {
  const decoded = decodeServerMessage(text ?? '');
  return decoded.ok && 'seq' in decoded.message ? decoded.message : null;
};

describe.each(sessionsAdapters)('sessions: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let sessions: Sessions;
  beforeEach(async () => {
    opened = await adapter.open();
    sessions = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  test('SES2 events are numbered from 1, without gaps, for each session by itself', async () => {
    await sessions.open('d1', 's1', 1);
    await sessions.open('d2', 's2', 1);
    expect(numbered(await sessions.push('d1', event(1)))?.seq).toBe(1);
    const second = numbered(await sessions.push('d1', event(2)));
    expect(second).toMatchObject({ sessionId: 's1', seq: 2 });
    expect(read(second?.text)).toEqual({ ...event(2), seq: 2 });
    expect(numbered(await sessions.push('d2', event(3)))?.seq).toBe(1);
  });

  test('SES2 pushes that are not waited for keep their order', async () => {
    await sessions.open('d1', 's1', 1);
    const pushed = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => sessions.push('d1', event(n))),
    );
    expect(pushed.map((each) => read(numbered(each)?.text))).toEqual(
      Array.from({ length: 50 }, (_, n) => ({ ...event(n), seq: n + 1 })),
    );
  });

  test('SES2 what is handed over again under the same key is heard once', async () => {
    await sessions.open('d1', 's1', 1);
    expect(numbered(await sessions.push('d1', event(1), 'k1'))?.seq).toBe(1);
    expect(await sessions.push('d1', event(1), 'k1')).toBe('known');
    expect(numbered(await sessions.push('d1', event(2), 'k2'))?.seq).toBe(2);
    expect(numbered(await sessions.push('d1', event(2)))?.seq).toBe(3);
    expect((await sessions.resume('d1', 's1', 0, 1))?.length).toBe(3);
  });

  test('CALL6 what says something anew is not followed by what said it before, for each thing by itself, also over sessions', async () => {
    await sessions.open('d1', 's1', 1);
    expect(numbered(await sessions.push('d1', event(1), 'k1', of('ana', 4)))?.seq).toBe(1);
    expect(await sessions.push('d1', event(2), 'k2', of('ana', 3))).toBe('known');
    expect(numbered(await sessions.push('d1', event(3), 'k3', of('ben', 3)))?.seq).toBe(2);
    expect(numbered(await sessions.push('d1', event(4), 'k4', of('ana', 5)))?.seq).toBe(3);
    expect(await sessions.push('d2', event(5), 'k5', of('ana', 9))).toBeNull();
    await sessions.open('d1', 's2', 1);
    await sessions.open('d2', 's3', 1);
    expect(await sessions.push('d1', event(6), 'k6', of('ana', 4))).toBe('known');
    expect(await sessions.push('d2', event(7), 'k7', of('ana', 8))).toBe('known');
    expect(numbered(await sessions.push('d2', event(8), 'k8', of('ana', 9)))?.seq).toBe(1);
  });

  test('RING5 what makes no sense after the end of its call is not heard after it, and of other calls it is', async () => {
    await sessions.open('d1', 's1', 1);
    expect(numbered(await sessions.push('d1', event(1), 'k1'))?.seq).toBe(1);
    expect(numbered(await sessions.push('d1', end, 'k3'))?.seq).toBe(2);
    expect(await sessions.push('d1', event(2), 'k2')).toBe('known');
    expect(numbered(await sessions.push('d1', { ...event(3), callId: OTHER_CALL }, 'k4'))?.seq).toBe(3);
    await sessions.open('d2', 's2', 1);
    expect(numbered(await sessions.push('d2', event(2), 'k2'))?.seq).toBe(1);
  });

  test('SES2 a resume gives what was not handled, in order, and again if it is asked again', async () => {
    await sessions.open('d1', 's1', 1);
    for (let n = 1; n <= 5; n += 1) await sessions.push('d1', event(n));
    await sessions.acknowledge('d1', 's1', 2);
    const seqs = async (lastSeq: number) =>
      (await sessions.resume('d1', 's1', lastSeq, 1))?.map((text) => read(text)?.seq);
    expect(await seqs(3)).toEqual([4, 5]);
    expect(await seqs(3)).toEqual([4, 5]);
    expect(await seqs(5)).toEqual([]);
  });

  test('SES2 what is gone or never was cannot be resumed', async () => {
    await sessions.open('d1', 's1', 1);
    for (let n = 1; n <= 5; n += 1) await sessions.push('d1', event(n));
    await sessions.acknowledge('d1', 's1', 2);
    expect(await sessions.resume('d1', 's1', 1, 1)).toBeNull();
    expect(await sessions.resume('d1', 's1', 6, 1)).toBeNull();
    expect(await sessions.resume('d1', 'other', 5, 1)).toBeNull();
    expect(await sessions.resume('d2', 's1', 5, 1)).toBeNull();
  });

  test('SES2 at most so many events are kept', async () => {
    await sessions.open('d1', 's1', 1);
    for (let n = 0; n <= LIMITS.outboxEvents; n += 1) await sessions.push('d1', event(n));
    expect(await sessions.resume('d1', 's1', 0, 1)).toBeNull();
    expect((await sessions.resume('d1', 's1', 1, 1))?.length).toBe(LIMITS.outboxEvents);
  });

  test('SES3 a new session forgets the old one; what is said for the old one has no effect', async () => {
    await sessions.open('d1', 's1', 1);
    await sessions.push('d1', event(1));
    await sessions.open('d1', 's2', 1);
    await sessions.acknowledge('d1', 's1', 1);
    await sessions.close('d1', 's1', 1);
    expect(numbered(await sessions.push('d1', event(2)))?.sessionId).toBe('s2');
    expect(await sessions.resume('d1', 's1', 0, 1)).toBeNull();
  });

  test('a closed session takes nothing', async () => {
    await sessions.open('d1', 's1', 1);
    await sessions.close('d1', 's1', 1);
    expect(await sessions.push('d1', event(1))).toBeNull();
    expect(await sessions.push('never', event(1))).toBeNull();
  });

  test('SES3 what a socket that was given up opens, resumes or closes comes too late', async () => {
    expect(await sessions.open('d1', 's1', 5)).toBe(true);
    await sessions.push('d1', event(1));
    expect(await sessions.resume('d1', 's1', 0, 6)).toHaveLength(1);
    expect(await sessions.open('d1', 's2', 5)).toBe(false);
    expect(await sessions.resume('d1', 's1', 1, 5)).toBeNull();
    await sessions.close('d1', 's1', 5);
    expect(numbered(await sessions.push('d1', event(2)))).toMatchObject({ sessionId: 's1', seq: 2 });
    expect(await sessions.resume('d1', 's1', 0, 6)).toHaveLength(2);
    await sessions.close('d1', 's1', 6);
    expect(await sessions.push('d1', event(3))).toBeNull();
    expect(await sessions.open('d1', 's3', 7)).toBe(true);
  });

  test('SES3 a socket that could not go on with a session does not keep it from the one that has it', async () => {
    await sessions.open('d1', 's1', 5);
    expect(await sessions.resume('d1', 'other', 0, 7)).toBeNull();
    expect(await sessions.resume('d1', 's1', 1, 7)).toBeNull();
    expect(await sessions.resume('d1', 's1', 0, 6)).toEqual([]);
  });
});
