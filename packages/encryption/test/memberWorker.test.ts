import { describe, expect, test } from 'vitest';
import { createDeviceKey } from '../src/index.ts';
import { plainFrame } from './frameFixtures.ts';
import { type Device, copyOf, createCall, droppedOf, listen, speak, until } from './workerCall.ts';
import { encodedFrame } from './workerBench.ts';
import { soon } from './soon.ts';

let requests = 0;
async function seal({ bench }: Device, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const request = (requests += 1);
  bench.say({ type: 'seal_data', request, content: new Uint8Array(new TextEncoder().encode(text)) });
  const sealed = await soon(
    () =>
      bench.reports.find((report) => report.type === 'sealed_data' && report.request === request) ??
      expect.fail(),
  );
  return (sealed.type === 'sealed_data' ? sealed.sealed : null) ?? expect.fail();
}
/** @param passMs - lets so much time pass as long as there is no answer */
async function open({ bench }: Device, device: string, sealed: Uint8Array<ArrayBuffer>, passMs = 0) {
  const request = (requests += 1);
  bench.say({ type: 'open_data', request, device, sealed });
  const opened = await soon(() => {
    bench.pass(passMs);
    return (
      bench.reports.find((report) => report.type === 'opened_data' && report.request === request) ??
      expect.fail()
    );
  });
  const content = opened.type === 'opened_data' ? opened.content : null;
  return content === null ? null : new TextDecoder().decode(content);
}

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
    await soon(() => expect([atA.out.length, atB.out.length]).toEqual([1, 1]));
    expect(new Uint8Array(atB.out[0]?.data ?? new ArrayBuffer(0))).toEqual(plainFrame('opus', 'delta', 60));
  });

  test('a frame of one does not pass as one of the other', async () => {
    const { start } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const b = await start('b');
    await until(b, ['a', 'b']);
    const c = await start('c');
    await Promise.all([a, b, c].map((each) => until(each, ['a', 'b', 'c'])));
    const atC = listen(c, 'b');
    await atC.put(copyOf(await speak(a, 'from a')));
    await soon(() => expect(droppedOf(c)).toEqual({ wrong_leaf: 1 }));
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
    await soon(() => expect(atB.out).toHaveLength(1));
    delivery.leave('b');
    await until(a, ['a']);
    const c = await start('c');
    await Promise.all([until(a, ['a', 'c']), until(c, ['a', 'c'])]);
    const late = await speak(a, 'late');
    const atC = listen(c, 'a');
    await atC.put(copyOf(early));
    await atC.put(copyOf(late));
    await soon(() => expect(atC.out.map(({ name }) => name)).toEqual(['late']));
    await atB.put(copyOf(late));
    await soon(() => expect(b.bench.timers()).toBeGreaterThan(0));
    b.bench.pass(1_000);
    expect(atB.out).toHaveLength(1);
  });

  test('what is said besides media is opened as its sender’s alone, once, and by nobody who was not in at the time', async () => {
    const { start, delivery } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const b = await start('b');
    await Promise.all([a, b].map((each) => until(each, ['a', 'b'])));
    const early = await seal(a, 'early');
    expect(await open(b, 'a', early)).toBe('early');
    expect(await open(b, 'a', early)).toBeNull();
    const c = await start('c');
    await Promise.all([a, b, c].map((each) => until(each, ['a', 'b', 'c'])));
    expect(await open(c, 'a', early)).toBeNull();
    // At once, though frames wait a moment until everybody has the epoch.
    const late = await seal(a, 'late');
    expect(await open(c, 'b', late)).toBeNull();
    expect(await open(c, 'a', late)).toBe('late');
    delivery.leave('b');
    await Promise.all([a, c].map((each) => until(each, ['a', 'c'])));
    const last = await seal(c, 'last');
    expect(await open(b, 'c', last, 500)).toBeNull();
    expect(await open(a, 'c', last)).toBe('last');
    expect(c.bench.counters().messages).toMatchObject({ data_wrong_leaf: 1 });
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
    await soon(() => expect(a.bench.counters().sent[0]?.refused).toEqual({ closed: 1 }));
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
