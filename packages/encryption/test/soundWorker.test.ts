import { describe, expect, test } from 'vitest';
import { joinOpus, readOpus } from '../src/sound/opus.ts';
import { createFrameSender } from '../src/index.ts';
import { baseKeyOf, type Bytes, plainFrame } from './frameFixtures.ts';
import {
  bind,
  createWorkerBench,
  encodedFrame,
  openWith,
  type PlayedFrame,
  type PlayedTransform,
  receiving,
  sending,
  sendWith,
  type WorkerBench,
} from './workerBench.ts';
import { soon } from './soon.ts';

const STEP = 960;
/** Frames of 20 ms that are told apart. */
const voice = (number: number): Bytes => {
  const frame = plainFrame('opus', 'delta', 60, number);
  frame[0] = 0x48;
  return frame;
};
const bytesOf = (frame: PlayedFrame | undefined): Bytes => new Uint8Array(frame?.data ?? []);

/** A microphone whose frames come again so many times. */
async function speaking(count: number) {
  const bench = createWorkerBench();
  await sendWith(bench, 5n);
  bench.say({ type: 'repeat_sound', count });
  const microphone = bench.attach(sending('microphone', 'opus'));
  return { bench, microphone };
}

async function say(microphone: PlayedTransform, from: number, to: number): Promise<PlayedFrame[]> {
  const before = microphone.out.length;
  for (let number = from; number <= to; number += 1)
    await microphone.put(encodedFrame(`${number}`, voice(number), { at: number * STEP }));
  await soon(() => expect(microphone.out).toHaveLength(before + to - from + 1));
  return microphone.out.slice(before);
}

async function listening(): Promise<{ readonly bench: WorkerBench; readonly speaker: PlayedTransform }> {
  const bench = createWorkerBench();
  await openWith(bench, 5n);
  bind(bench, 'opus', ['microphone']);
  return { bench, speaker: bench.attach(receiving) };
}

const joined = (...numbers: readonly number[]): Bytes =>
  joinOpus(numbers.map((number) => readOpus(voice(number)) ?? expect.fail())) ?? expect.fail();

describe('sound that comes again', () => {
  test('is put where it was lost, once, and both count it', async () => {
    const { bench, microphone } = await speaking(2);
    const sent = await say(microphone, 0, 9);
    const { bench: other, speaker } = await listening();
    for (const number of [0, 1, 4, 5, 7, 3, 9]) await speaker.put(sent[number] ?? expect.fail());
    await soon(() => expect(speaker.out).toHaveLength(5));
    // The last one waits for another.
    other.pass(70);
    await soon(() => expect(speaker.out).toHaveLength(6));
    expect(speaker.out.map(({ name }) => name)).toEqual(['0', '1', '4', '5', '7', '9']);
    expect(speaker.out.map(bytesOf)).toEqual([
      voice(0),
      joined(1, 2, 3),
      voice(4),
      joined(5, 6),
      joined(7, 8),
      voice(9),
    ]);
    const [received] = other.counters().received;
    expect(received).toMatchObject({ frames: 6, repaired: 4, dropped: { repeated: 1 } });
    expect(other.timers()).toBe(0);
    const [counted] = bench.counters().sent;
    // 20 of SFrame, and the number of repeats.
    expect(counted).toMatchObject({ frames: 10, mostAddedBytes: 21 });
    expect(counted?.repeatedBytes).toBe(17 * 63);
  });

  test('is not there until it is asked for, and not any more when it is not', async () => {
    const { bench, microphone } = await speaking(0);
    await say(microphone, 0, 4);
    expect(bench.counters().sent[0]?.repeatedBytes).toBe(0);
    bench.say({ type: 'repeat_sound', count: 1 });
    await say(microphone, 5, 5);
    bench.say({ type: 'repeat_sound', count: 0 });
    await say(microphone, 6, 9);
    expect(bench.counters().sent[0]?.repeatedBytes).toBe(63);
  });

  test('goes to nobody who has come since: nothing of another epoch comes again', async () => {
    const { bench, microphone } = await speaking(2);
    await say(microphone, 0, 3);
    await sendWith(bench, 6n);
    const before = bench.counters().sent[0]?.repeatedBytes;
    await say(microphone, 4, 4);
    expect(bench.counters().sent[0]?.repeatedBytes).toBe(before);
  });

  test('is not what was said while nothing might leave', async () => {
    const { bench, microphone } = await speaking(2);
    await say(microphone, 0, 1);
    bench.keys.holdSending(true);
    await microphone.put(encodedFrame('held', voice(2), { at: 2 * STEP }));
    await soon(() => expect(bench.counters().sent[0]?.refused).toEqual({ held: 1 }));
    bench.keys.holdSending(false);
    const before = bench.counters().sent[0]?.repeatedBytes;
    await say(microphone, 3, 3);
    expect(bench.counters().sent[0]?.repeatedBytes).toBe(before);
  });

  test('is left out where the browser does not say when a frame begins', async () => {
    const { bench, microphone } = await speaking(2);
    for (let number = 0; number < 4; number += 1) await microphone.put(encodedFrame('', voice(number)));
    await soon(() => expect(bench.counters().sent[0]?.frames).toBe(4));
    expect(bench.counters().sent[0]?.repeatedBytes).toBe(0);

    const sent = await say((await speaking(2)).microphone, 0, 5);
    const { bench: other, speaker } = await listening();
    for (const number of [0, 3, 5]) await speaker.put(encodedFrame('', bytesOf(sent[number])));
    await soon(() => expect(speaker.out).toHaveLength(3));
    expect(speaker.out.map(bytesOf)).toEqual([voice(0), voice(3), voice(5)]);
    expect(other.counters().received[0]).toMatchObject({ frames: 3, repaired: 0, dropped: {} });
  });

  test('of a track that is gone is not played any more', async () => {
    const [first, second] = await say((await speaking(2)).microphone, 0, 1);
    const { bench, speaker } = await listening();
    for (const frame of [first, second]) await speaker.put(frame ?? expect.fail());
    await soon(() => expect(speaker.out).toHaveLength(1));
    bench.say({ type: 'remove_track', track: 'track' });
    bench.pass(70);
    expect(speaker.out).toHaveLength(1);
  });

  test('of a form that there is not is dropped and counted, though a member sealed it', async () => {
    const sender = createFrameSender();
    await sender.useEpoch({ epoch: 5n, leaf: 3, baseKey: baseKeyOf(5n) });
    const { bench, speaker } = await listening();
    const hostile = [
      [0],
      [3, ...voice(0)],
      [1, 8, 255, 255, ...voice(0)],
      [2, 8, 0, 1, 8, 0, 1, 1, 1, 1],
      [1, 0, 0, 1, 1, 1],
    ];
    for (const bytes of hostile) {
      const sent = await sender.protect(
        { slot: 'microphone', codec: 'opus' },
        'delta',
        new Uint8Array(bytes),
      );
      if (sent.type === 'refused') return expect.fail();
      await speaker.put(encodedFrame('', sent.frame, { at: 0 }));
    }
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ bad_sound: hostile.length }));
    expect(speaker.out).toEqual([]);
  });

  test('is asked for in numbers from 0 to 2', () => {
    const bench = createWorkerBench();
    for (const count of [-1, 3, 1.5, '1', null]) bench.sayAnything({ type: 'repeat_sound', count });
    expect(bench.reports.filter(({ type }) => type === 'refused')).toHaveLength(5);
  });
});
