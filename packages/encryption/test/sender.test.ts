import { describe, expect, test, vi } from 'vitest';
import { createFrameSender, decodeHeader, unpackKeyId } from '../src/index.ts';
import { baseKeyOf, plainFrame, protect } from './frameFixtures.ts';

const frame = plainFrame('opus', 'delta', 80);
const opus = { slot: 'microphone', codec: 'opus' } as const;
const epochOf = (epoch: bigint, leaf = 0) => ({ epoch, leaf, baseKey: baseKeyOf(epoch) });

const headerOf = async (sender: ReturnType<typeof createFrameSender>, slot: 'microphone' | 'data') => {
  const codec = slot === 'data' ? 'data' : 'opus';
  return decodeHeader(await protect(sender, slot, codec, 'delta', frame));
};

describe('nothing leaves', () => {
  test('without a key', async () => {
    const sender = createFrameSender();
    expect(await sender.protect(opus, 'delta', frame)).toEqual({ type: 'refused', reason: 'no_key' });
  });

  test('after it was closed, not even what was being encrypted', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    const running = sender.protect(opus, 'delta', frame);
    sender.close();
    expect(await running).toEqual({ type: 'refused', reason: 'closed' });
    expect(await sender.protect(opus, 'delta', frame)).toEqual({ type: 'refused', reason: 'closed' });
    await sender.useEpoch(epochOf(2n));
    expect(await sender.protect(opus, 'delta', frame)).toEqual({ type: 'refused', reason: 'closed' });
  });

  test('while it is held, not even what was being encrypted; counters go on where they were', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    expect((await headerOf(sender, 'microphone'))?.counter).toBe(0n);
    const running = sender.protect(opus, 'delta', frame);
    sender.hold(true);
    expect(await running).toEqual({ type: 'refused', reason: 'held' });
    await sender.useEpoch(epochOf(2n));
    expect(await sender.protect(opus, 'delta', frame)).toEqual({ type: 'refused', reason: 'held' });
    sender.hold(false);
    expect((await headerOf(sender, 'microphone'))?.counter).toBe(0n);
    sender.hold(true);
    sender.hold(false);
    expect((await headerOf(sender, 'microphone'))?.counter).toBe(1n);
  });

  test('of a frame that is none', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    const sent = await sender.protect(opus, 'delta', new Uint8Array());
    expect(sent).toEqual({ type: 'refused', reason: 'bad_frame' });
  });

  test('where WebCrypto fails', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValueOnce(new Error('out of memory'));
    expect(await sender.protect(opus, 'delta', frame)).toEqual({ type: 'refused', reason: 'crypto_failed' });
    encrypt.mockRestore();
  });
});

describe('counters', () => {
  test('are never given twice, however many frames are encrypted at once', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    const headers = await Promise.all(Array.from({ length: 500 }, () => headerOf(sender, 'microphone')));
    expect(headers.map((header) => header?.counter)).toEqual(
      Array.from({ length: 500 }, (_, n) => BigInt(n)),
    );
  });

  test('each slot has its own', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n, 2));
    await headerOf(sender, 'microphone');
    const [sound, data] = [await headerOf(sender, 'microphone'), await headerOf(sender, 'data')];
    expect([sound?.counter, data?.counter]).toEqual([1n, 0n]);
    expect(unpackKeyId(data?.keyId ?? -1n)).toEqual({ slot: 'data', leaf: 2, epochBits: 1 });
  });

  test('a frame that failed has used its counter', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    await sender.protect(opus, 'delta', new Uint8Array());
    expect((await headerOf(sender, 'microphone'))?.counter).toBe(1n);
  });

  test('start anew with an epoch, under another key', async () => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(1n));
    const first = await protect(sender, 'microphone', 'opus', 'delta', frame);
    await sender.useEpoch(epochOf(17n));
    const second = await protect(sender, 'microphone', 'opus', 'delta', frame);
    // The same key id and counter, because 17 has the low bits of 1.
    expect(decodeHeader(first)).toEqual(decodeHeader(second));
    expect(first).not.toEqual(second);
  });
});

describe('an epoch is refused', () => {
  test.each([
    ['that is the one in use', epochOf(4n)],
    ['that is the one in use, with another key', { epoch: 4n, leaf: 0, baseKey: baseKeyOf(9n) }],
    ['that is older', epochOf(3n)],
    ['that brings the same key', { epoch: 5n, leaf: 0, baseKey: baseKeyOf(4n) }],
    ['whose leaf fits no key id', epochOf(5n, 512)],
  ])('%s, and the one in use goes on', async (_, next) => {
    const sender = createFrameSender();
    await sender.useEpoch(epochOf(4n));
    await protect(sender, 'microphone', 'opus', 'delta', frame);
    await expect(sender.useEpoch(next)).rejects.toThrow(RangeError);
    const header = decodeHeader(await protect(sender, 'microphone', 'opus', 'delta', frame));
    expect(header?.counter).toBe(1n);
  });
});
