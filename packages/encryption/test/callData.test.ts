import { describe, expect, test } from 'vitest';
import { type CallData, type DataResult, createCallData } from '../src/callData/callData.ts';
import { MAX_CONTENT, pad, unpad } from '../src/callData/padding.ts';
import { protectFrame } from '../src/frames/protect.ts';
import { packKeyId } from '../src/frames/keyId.ts';
import { CALL_SUITE, deriveKey, importBaseKey } from '../src/sframe/index.ts';
import { baseKeyOf } from './frameFixtures.ts';
import { createVirtualClock } from './virtualClock.ts';

const MEMBERS = [
  { device: 'a', leaf: 0, firstEpoch: 1n },
  { device: 'b', leaf: 1, firstEpoch: 1n },
];
const NOW = Promise.resolve();
const clock = createVirtualClock();
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));

async function createEnd(leaf: number, epoch = 1n, call = 1): Promise<CallData> {
  const end = createCallData(clock);
  end.setMembers(MEMBERS);
  await end.enter({ epoch, leaf, baseKey: baseKeyOf(epoch, call) });
  return end;
}
async function seal(end: CallData, content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const result = await end.seal(content);
  return result.type === 'done' ? result.bytes : expect.fail(result.reason);
}
const reasonOf = (result: DataResult) => (result.type === 'refused' ? result.reason : 'opened');

describe('what is said in a call besides media', () => {
  test('comes back as it was, in order, and is as long as other short things', async () => {
    const [a, b] = [await createEnd(0), await createEnd(1)];
    const contents = [new Uint8Array(), bytes('ha'), bytes('x'.repeat(200)), new Uint8Array(MAX_CONTENT)];
    const sealed = await Promise.all(contents.map(async (content) => seal(a, content)));
    expect(new Set(sealed.slice(0, 3).map(({ length }) => length)).size).toBe(1);
    const opened = await Promise.all(sealed.map(async (each) => b.open('a', each, NOW)));
    expect(opened.map((each) => (each.type === 'done' ? each.bytes : null))).toEqual(contents);
    expect(await a.seal(new Uint8Array(MAX_CONTENT + 1))).toEqual({ type: 'refused', reason: 'too_large' });
  });

  test('is refused twice, from another device, in another call, in another epoch, changed, cut and oversize', async () => {
    const [a, b] = [await createEnd(0), await createEnd(1)];
    const sealed = await seal(a, bytes('hello'));
    const changed = sealed.slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const of = async (device: string, each: Uint8Array<ArrayBuffer>, end = b) =>
      reasonOf(await end.open(device, each, NOW));
    expect(await of('b', sealed)).toBe('wrong_leaf');
    expect(await of('stranger', sealed)).toBe('no_track');
    expect(await of('a', changed)).toBe('not_authentic');
    expect(await of('a', sealed.slice(0, 12))).toBe('malformed');
    expect(await of('a', new Uint8Array())).toBe('malformed');
    expect(await of('a', new Uint8Array(MAX_CONTENT + 40))).toBe('too_large');
    expect(await of('a', sealed, await createEnd(1, 1n, 2))).toBe('not_authentic');
    expect(await of('a', sealed, await createEnd(1, 2n))).toBe('epoch_gone');
    const early = of('a', await seal(await createEnd(0, 2n), bytes('early')));
    await clock.run(2_000, settle);
    expect(await early).toBe('too_early');
    expect(await of('a', sealed)).toBe('opened');
    expect(await of('a', sealed)).toBe('replayed');
  });

  test('that is of the next epoch waits for it, and keeps nobody else waiting', async () => {
    const [a, b] = [await createEnd(0), await createEnd(1)];
    const old = await seal(b, bytes('old'));
    await a.enter({ epoch: 2n, leaf: 0, baseKey: baseKeyOf(2n, 1) });
    const next = await seal(a, bytes('next'));
    const opened: string[] = [];
    const other = await createEnd(0);
    const early = other.open('a', next, NOW).then(() => opened.push('a'));
    await other.open('b', old, NOW).then(() => opened.push('b'));
    await other.enter({ epoch: 2n, leaf: 0, baseKey: baseKeyOf(2n, 1) });
    await early;
    expect(opened).toEqual(['b', 'a']);
    expect(reasonOf(await other.open('a', next, NOW))).toBe('replayed');
  });

  test('that is of an epoch whose members are being looked at waits for it, be it in another generation', async () => {
    const generation = 1n << 32n;
    const [a, b] = [await createEnd(0, 9n), await createEnd(1, 9n)];
    await a.enter({ epoch: generation + 1n, leaf: 0, baseKey: baseKeyOf(generation, 1) });
    const said = await seal(a, bytes('said at once'));
    b.expect(generation);
    b.expect(generation + 1n);
    const waiting = b.open('a', said, NOW);
    await b.enter({ epoch: generation, leaf: 1, baseKey: baseKeyOf(1n, 2) });
    await b.enter({ epoch: generation + 1n, leaf: 1, baseKey: baseKeyOf(generation, 1) });
    expect(reasonOf(await waiting)).toBe('opened');
    expect(reasonOf(await (await createEnd(1, 9n)).open('a', said, NOW))).not.toBe('opened');
  });

  test('a frame of a microphone is no message, and one that is not padded is none either', async () => {
    const b = await createEnd(1);
    const base = await importBaseKey(baseKeyOf(1n, 1));
    const from = async (
      slot: 'microphone' | 'data',
      codec: 'opus' | 'data',
      content: Uint8Array<ArrayBuffer>,
    ) => {
      const key = await deriveKey(base, packKeyId({ slot, leaf: 0, epochBits: 1 }), CALL_SUITE);
      return (await protectFrame(key, 0n, { slot, codec }, 'delta', content)) ?? expect.fail();
    };
    expect(reasonOf(await b.open('a', await from('microphone', 'opus', pad(bytes('hello'))), NOW))).toBe(
      'wrong_slot',
    );
    expect(reasonOf(await b.open('a', await from('data', 'opus', pad(bytes('hello'))), NOW))).toBe(
      'not_authentic',
    );
    expect(reasonOf(await b.open('a', await from('data', 'data', bytes('hello')), NOW))).toBe('bad_padding');
  });

  test('nothing is sealed without a key, while this device is no member, and after the end', async () => {
    const none = createCallData(clock);
    expect(reasonOf(await none.seal(bytes('hello')))).toBe('no_key');
    const a = await createEnd(0);
    a.pause();
    expect(reasonOf(await a.seal(bytes('hello')))).toBe('no_key');
    await a.enter({ epoch: 2n, leaf: 0, baseKey: baseKeyOf(2n, 1) });
    expect(reasonOf(await a.seal(bytes('hello')))).toBe('opened');
    a.close();
    expect(reasonOf(await a.seal(bytes('hello')))).toBe('closed');
  });

  test('padding is taken only as it would be made', () => {
    for (const length of [0, 1, 254, 255, 5_000, MAX_CONTENT])
      expect(unpad(pad(new Uint8Array(length).fill(7)))).toHaveLength(length);
    const padded = pad(bytes('hi'));
    for (const wrong of [
      padded.slice(0, 255),
      new Uint8Array([...padded, 0]),
      padded.map((byte, at) => (at === 255 ? 1 : byte)),
      padded.map((byte, at) => (at === 0 ? 1 : byte)),
      new Uint8Array([0]),
      new Uint8Array(512),
    ])
      expect(unpad(wrong)).toBeNull();
    expect(() => pad(new Uint8Array(MAX_CONTENT + 1))).toThrow(RangeError);
  });
});
