import { describe, expect, test, vi } from 'vitest';
import { createDeviceKey } from '../src/index.ts';
import { plainFrame } from './frameFixtures.ts';
import { copyOf, createCall, droppedOf, listen, speak, until } from './workerCall.ts';
import { encodedFrame } from './workerBench.ts';

describe('two workers that the page tells nothing but who they are and what the server says', () => {
  test('hear each other, by the ids of their devices', async () => {
    const { start } = await createCall();
    const a = await start('a', await createDeviceKey());
    await until(a, ['a']);
    const b = await start('b');
    // Before b is in, its track is nobody's.
    const atA = listen(a, 'b');
    await Promise.all([until(a, ['a', 'b']), until(b, ['a', 'b'])]);
    expect(a.keys()?.authenticator).toEqual(b.keys()?.authenticator);
    expect(a.keys()?.members[1]).toMatchObject({ userId: 'user of b', deviceId: 'b', leaf: 1 });
    const atB = listen(b, 'a');
    await atB.put(copyOf(await speak(a, 'from a')));
    await atA.put(copyOf(await speak(b, 'from b')));
    await vi.waitFor(() => expect([atA.out.length, atB.out.length]).toEqual([1, 1]));
    expect(new Uint8Array(atB.out[0]?.data ?? new ArrayBuffer(0))).toEqual(plainFrame('opus', 'delta', 60));
  });

  test('a frame of one does not pass as one of the other', async () => {
    const { start } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const b = await start('b');
    const c = await start('c');
    await Promise.all([a, b, c].map((each) => until(each, ['a', 'b', 'c'])));
    const atC = listen(c, 'b');
    await atC.put(copyOf(await speak(a, 'from a')));
    await vi.waitFor(() => expect(droppedOf(c)).toEqual({ wrong_leaf: 1 }));
    expect(atC.out).toEqual([]);
  });

  test('who has left hears nothing of what comes after, and who comes nothing of what was before', async () => {
    const { start, delivery } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const b = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(b, ['a', 'b'])]);
    const atB = listen(b, 'a');
    const early = await speak(a, 'early');
    await atB.put(copyOf(early));
    await vi.waitFor(() => expect(atB.out).toHaveLength(1));
    delivery.leave('b');
    await until(a, ['a']);
    const c = await start('c');
    await Promise.all([until(a, ['a', 'c']), until(c, ['a', 'c'])]);
    const late = await speak(a, 'late');
    const atC = listen(c, 'a');
    await atC.put(copyOf(early));
    await atC.put(copyOf(late));
    await vi.waitFor(() => expect(atC.out.map(({ name }) => name)).toEqual(['late']));
    await atB.put(copyOf(late));
    await vi.waitFor(() => expect(b.bench.timers()).toBeGreaterThan(0));
    b.bench.pass(1_000);
    expect(atB.out).toHaveLength(1);
  });

  test('no second group in one worker, and none after the end', async () => {
    const { start } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const device = { userId: 'u', deviceId: 'a', deviceKey: null, confirmation: null };
    a.bench.say({ type: 'start_keys', callId: 'another', device });
    expect(a.bench.reports.at(-1)).toEqual({ type: 'refused', what: 'message' });
    a.bench.say({ type: 'close' });
    const before = a.bench.reports.length;
    a.bench.say({ type: 'hear', heard: { type: 'reset', generation: 4 } });
    a.bench.pass(20_000);
    await a.microphone.put(encodedFrame('', plainFrame('opus', 'delta', 60)));
    await vi.waitFor(() => expect(a.bench.counters().sent[0]?.refused).toEqual({ closed: 1 }));
    expect(a.bench.reports.slice(before).map(({ type }) => type)).toEqual(
      a.bench.reports.slice(before).map(() => 'counters'),
    );
  });

  test('no secret is in anything that the workers say', async () => {
    const { start } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    await start('b');
    await until(a, ['a', 'b']);
    const fields = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (ArrayBuffer.isView(inner)) fields.add(name);
        else walk(inner);
      }
    };
    walk(a.bench.reports);
    const open = ['authenticator', 'commit', 'credential', 'keyPackage', 'leafKey', 'welcome'];
    expect([...fields].sort()).toEqual(open);
  });
});
