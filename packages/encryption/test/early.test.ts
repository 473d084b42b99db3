import { describe, expect, test } from 'vitest';
import { plainFrame } from './frameFixtures.ts';
import {
  bind,
  createWorkerBench,
  encodedFrame,
  openWith,
  receiving,
  sendWith,
  sending,
} from './workerBench.ts';
import type { PlayedFrame, WorkerBench } from './workerBench.ts';
import { soon } from './soon.ts';

/** What another device sends under epoch 5: by `k` a key frame, by `d` another one, named by their places. */
async function sent(kinds: string): Promise<PlayedFrame[]> {
  const other = createWorkerBench();
  await sendWith(other, 5n);
  const { put, out } = other.attach(sending('camera_low', 'vp8'));
  for (const [index, kind] of kinds.split('').entries()) {
    const type = kind === 'k' ? 'key' : 'delta';
    await put(encodedFrame(`${index}`, plainFrame('vp8', type, 100), { type, mimeType: 'video/VP8' }));
  }
  await soon(() => expect(out).toHaveLength(kinds.length));
  return out;
}

async function receive(bench: WorkerBench, frames: readonly PlayedFrame[]): Promise<readonly PlayedFrame[]> {
  const { put, out } = bench.attach(receiving);
  for (const frame of frames) await put(frame);
  return out;
}

const namesOf = (frames: readonly PlayedFrame[]): string => frames.map(({ name }) => name).join('');
const droppedOf = (bench: WorkerBench): object => bench.counters().received[0]?.dropped ?? {};

describe('pictures that come before it is known whose they are', () => {
  test('are played in their order once it is, from the newest key frame on', async () => {
    const bench = createWorkerBench();
    const out = await receive(bench, await sent('kdkdd'));
    bench.pass(999);
    // As when a member is admitted: its leaf first, then the keys.
    bind(bench, 'vp8', ['camera_low']);
    await openWith(bench, 5n);
    await soon(() => expect(namesOf(out)).toBe('234'));
    expect(bench.counters().received).toEqual([
      { track: 'track', frames: 3, keyFrames: 1, repaired: 0, dropped: {} },
    ]);
  });

  test('are held back from all but the one whose they turn out to be', async () => {
    const bench = createWorkerBench();
    const out = await receive(bench, await sent('kd'));
    bind(bench, 'vp8', ['camera_low'], 4);
    await openWith(bench, 5n);
    await soon(() => expect(droppedOf(bench)).toEqual({ wrong_leaf: 2 }));
    expect(out).toEqual([]);
  });

  test('are dropped and counted after a second, and those that follow at once', async () => {
    const bench = createWorkerBench();
    const [key, second, third] = await sent('kdd');
    if (key === undefined || second === undefined || third === undefined) return expect.fail();
    const { put, out } = bench.attach(receiving);
    await put(key);
    await put(second);
    await soon(() => expect(bench.timers()).toBe(1));
    bench.pass(1_000);
    expect(droppedOf(bench)).toEqual({ no_track: 2 });
    await put(third);
    await soon(() => expect(droppedOf(bench)).toEqual({ no_track: 3 }));
    bind(bench, 'vp8', ['camera_low']);
    await openWith(bench, 5n);
    expect(out).toEqual([]);
    expect(bench.timers()).toBe(0);
  });

  test('are no more than 32, and none without a key frame before it', async () => {
    const bench = createWorkerBench();
    const out = await receive(bench, await sent(`dk${'d'.repeat(40)}`));
    await soon(() => expect(droppedOf(bench)).toEqual({ no_track: 10 }));
    bind(bench, 'vp8', ['camera_low']);
    await openWith(bench, 5n);
    await soon(() => expect(out).toHaveLength(32));
  });
});
