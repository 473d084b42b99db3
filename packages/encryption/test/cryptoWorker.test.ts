import { describe, expect, test } from 'vitest';
import { FRAME_LIMITS } from '../src/index.ts';
import { plainFrame } from './frameFixtures.ts';
import {
  type PlayedFrame,
  type WorkerBench,
  bind,
  createWorkerBench,
  encodedFrame,
  openWith,
  receiving,
  sendWith,
  sending,
} from './workerBench.ts';
import { soon } from './soon.ts';

const bytesOf = (frame: PlayedFrame | undefined): Uint8Array => new Uint8Array(frame?.data ?? []);
const copyOf = (frame: PlayedFrame): PlayedFrame => ({ ...frame, data: frame.data.slice(0) });

/** What leaves of so many VP8 frames, the first one of them a key frame, with lengths from 100 on. */
async function sealed(bench: WorkerBench, count: number): Promise<PlayedFrame[]> {
  const { put, out } = bench.attach(sending('camera_low', 'vp8'));
  for (let index = 0; index < count; index += 1) {
    const type = index === 0 ? 'key' : 'delta';
    await put(
      encodedFrame(`${index}`, plainFrame('vp8', type, 100 + index), { type, mimeType: 'video/VP8' }),
    );
  }
  await soon(() => expect(out).toHaveLength(count));
  return out;
}

/** A key frame and others that another device has sent under epoch 5. */
async function sentElsewhere(count: number, epoch = 5n, group = 1): Promise<PlayedFrame[]> {
  const other = createWorkerBench();
  await sendWith(other, epoch, group);
  return sealed(other, count);
}

describe('a worker with keys', () => {
  test('what one sends another one opens, in order, and both count it', async () => {
    const one = createWorkerBench();
    const two = createWorkerBench();
    await sendWith(one, 5n);
    await openWith(two, 5n);
    bind(two, 'vp8', ['camera_low']);
    const incoming = two.attach(receiving);
    const frames = await sealed(one, 20);
    expect(bytesOf(frames[3])).not.toEqual(plainFrame('vp8', 'delta', 103));
    for (const frame of frames) await incoming.put(copyOf(frame));
    await soon(() => expect(incoming.out).toHaveLength(20));
    expect(incoming.out.map(({ name }) => Number(name))).toEqual([...Array(20).keys()]);
    expect(incoming.out.map((frame) => [...bytesOf(frame)])).toEqual(
      frames.map((_, index) => [...plainFrame('vp8', index === 0 ? 'key' : 'delta', 100 + index)]),
    );
    const { sent } = one.counters();
    expect(sent).toEqual([
      expect.objectContaining({ slot: 'camera_low', frames: 20, keyFrames: 1, refused: {} }),
    ]);
    expect(sent[0]?.mostAddedBytes).toBeLessThanOrEqual(25);
    expect(sent[0]?.addedBytes).toBeGreaterThanOrEqual(20 * 17);
    expect(two.counters().received).toEqual([
      { track: 'track', frames: 20, keyFrames: 1, repaired: 0, dropped: {} },
    ]);
  });

  test('layers of a simulcast have a slot each', async () => {
    const bench = createWorkerBench();
    await sendWith(bench, 5n);
    const { put, out } = bench.attach(sending(['camera_low', 'camera_mid', 'camera_high'], 'vp8'));
    for (const ssrc of [11, 33, 22, 11, 33, 11]) {
      await put(encodedFrame(`${ssrc}`, plainFrame('vp8', 'key', 50), { type: 'key', ssrc }));
    }
    await soon(() => expect(out).toHaveLength(6));
    expect(bench.counters().sent.map(({ slot, frames }) => [slot, frames])).toEqual([
      ['camera_low', 3],
      ['camera_mid', 2],
      ['camera_high', 1],
    ]);
  });

  test('a layer that begins anew takes the slot that was taken first', async () => {
    const bench = createWorkerBench();
    await sendWith(bench, 5n);
    const { put, out } = bench.attach(sending(['camera_low', 'camera_mid'], 'vp8'));
    for (const ssrc of [1, 2, 3, 2, 3, 1])
      await put(encodedFrame('', plainFrame('vp8', 'key', 50), { ssrc }));
    await soon(() => expect(out).toHaveLength(6));
    expect(bench.counters().sent.map(({ slot, frames }) => [slot, frames])).toEqual([
      ['camera_low', 3],
      ['camera_mid', 3],
    ]);
  });

  test('a new key makes the cameras begin with a key frame, and a microphone go on', async () => {
    const bench = createWorkerBench();
    const camera = bench.attach(sending('camera_low', 'vp8'));
    const microphone = bench.attach(sending('microphone', 'opus'));
    // As in Chromium.
    const other = bench.attach(sending('screen', 'vp8'), false);
    await sendWith(bench, 5n);
    await sendWith(bench, 6n);
    await other.put(encodedFrame('', plainFrame('vp8', 'delta', 50)));
    await soon(() => expect(other.out).toHaveLength(1));
    expect([camera.keyFramesAsked(), microphone.keyFramesAsked()]).toEqual([2, 0]);
  });

  test('a new key makes the page ask where the worker cannot, once there have been pictures', async () => {
    const bench = createWorkerBench();
    const asked = () => bench.reports.filter(({ type }) => type === 'want_key_frames').length;
    const camera = bench.attach(sending('camera_low', 'vp8'), false);
    await sendWith(bench, 5n);
    expect(asked()).toBe(0);
    await camera.put(encodedFrame('', plainFrame('vp8', 'key', 50)));
    await soon(() => expect(camera.out).toHaveLength(1));
    await sendWith(bench, 6n);
    expect(asked()).toBe(1);
  });
});

describe('a worker fails closed', () => {
  test('without a key nothing leaves', async () => {
    const bench = createWorkerBench();
    const { put, out } = bench.attach(sending('microphone', 'opus'));
    for (let index = 0; index < 5; index += 1) await put(encodedFrame('', plainFrame('opus', 'delta', 80)));
    await soon(() => expect(bench.counters().sent[0]?.refused).toEqual({ no_key: 5 }));
    expect(out).toEqual([]);
  });

  test('with another key nothing opens', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 5n, 2);
    bind(bench, 'vp8', ['camera_low']);
    const { put, out } = bench.attach(receiving);
    for (const frame of await sentElsewhere(5)) await put(frame);
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ not_authentic: 5 }));
    expect(out).toEqual([]);
  });

  test('plaintext of others does not pass', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 5n);
    bind(bench, 'vp8', ['camera_low']);
    const { put, out } = bench.attach(receiving);
    for (let index = 0; index < 5; index += 1) {
      await put(encodedFrame('', plainFrame('vp8', 'key', 500), { type: 'key' }));
    }
    await put(encodedFrame('', plainFrame('vp8', 'key', 500), { type: 'key' }));
    await soon(() => {
      const [track] = bench.counters().received;
      const dropped = Object.values(track?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
      expect([dropped, track?.frames]).toEqual([6, 0]);
    });
    expect(out).toEqual([]);
  });

  test('a track that nobody has announced, and one that is gone, do not pass', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 5n);
    const { put, out } = bench.attach(receiving);
    const [key, first, second, third] = await sentElsewhere(4);
    if (key === undefined || first === undefined || second === undefined || third === undefined)
      return expect.fail();
    await put(first);
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ no_track: 1 }));
    bind(bench, 'vp8', ['camera_low']);
    await put(second);
    await soon(() => expect(out).toHaveLength(1));
    bench.say({ type: 'remove_track', track: 'track' });
    await put(third);
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ no_track: 1 }));
    expect(out).toHaveLength(1);
  });

  test('a codec that was not announced neither leaves nor comes in', async () => {
    const bench = createWorkerBench();
    await sendWith(bench, 5n);
    await openWith(bench, 5n);
    bind(bench, 'vp8', ['camera_low']);
    const outgoing = bench.attach(sending('camera_low', 'vp8'));
    await outgoing.put(encodedFrame('', plainFrame('vp9', 'key', 90), { mimeType: 'video/H264' }));
    await soon(() => expect(bench.counters().sent[0]?.refused).toEqual({ wrong_codec: 1 }));
    const incoming = bench.attach(receiving);
    const [frame] = await sentElsewhere(1);
    if (frame === undefined) return expect.fail();
    await incoming.put({ ...frame, getMetadata: () => ({ mimeType: 'video/VP9' }) });
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ wrong_codec: 1 }));
    expect([outgoing.out, incoming.out]).toEqual([[], []]);
  });

  test('after the end nothing passes, keys or not', async () => {
    const bench = createWorkerBench();
    await sendWith(bench, 5n);
    await openWith(bench, 5n);
    bind(bench, 'vp8', ['camera_low']);
    const outgoing = bench.attach(sending('camera_low', 'vp8'));
    const incoming = bench.attach(receiving);
    bench.say({ type: 'close' });
    await sendWith(bench, 6n);
    await openWith(bench, 6n);
    await outgoing.put(encodedFrame('', plainFrame('vp8', 'key', 90), { type: 'key' }));
    for (const frame of await sentElsewhere(1, 6n)) await incoming.put(frame);
    await soon(() => {
      expect(bench.counters().sent[0]?.refused).toEqual({ closed: 1 });
      expect(bench.counters().received[0]?.dropped).toEqual({ closed: 1 });
    });
    expect([outgoing.out, incoming.out]).toEqual([[], []]);
  });

  test.each([
    null,
    'send',
    {},
    { direction: 'send', slots: ['camera_low'] },
    { direction: 'send', slots: [], codec: 'vp8' },
    { direction: 'send', slots: ['camera_low', 'camera_low'], codec: 'vp8' },
    { direction: 'send', slots: ['camera_huge'], codec: 'vp8' },
    { direction: 'send', slots: ['camera_low'], codec: 'h264' },
    { direction: 'receive' },
    { direction: 'receive', track: '' },
    { direction: 'passthrough', track: 'track' },
  ])('a transform with the options %j lets nothing pass', async (options) => {
    const bench = createWorkerBench();
    await sendWith(bench, 5n);
    await openWith(bench, 5n);
    const { put, out } = bench.attach(options);
    void put(encodedFrame('', plainFrame('vp8', 'key', 90), { type: 'key' }));
    expect(bench.reports).toEqual([{ type: 'refused', what: 'transform' }]);
    await sealed(bench, 3);
    expect(out).toEqual([]);
  });

  test.each([
    null,
    {},
    { type: 'use_key', epoch: 5n, baseKey: new Uint8Array(16) },
    { type: 'bind_track', track: 'track' },
    { type: 'bind_track', track: 'track', device: '', slots: ['data'], codec: 'data' },
    { type: 'bind_track', track: 'track', device: 'd', slots: new Set(['data']), codec: 'data' },
    { type: 'bind_track', track: 'track', device: 'd', slots: [], codec: 'data' },
    { type: 'bind_track', track: 'track', device: 'd', slots: ['data'], codec: 'h264' },
    { type: 'bind_track', track: 'x'.repeat(129), device: 'd', slots: ['data'], codec: 'data' },
    { type: 'hear', heard: { type: 'reset', generation: 1 } },
    { type: 'hear', heard: { type: 'reset', generation: -1 } },
    {
      type: 'start_keys',
      callId: 'call',
      device: { userId: 'u', deviceId: 'd', deviceKey: null, confirmation: null },
    },
    {
      type: 'start_keys',
      callId: 'call',
      device: { userId: 'u', deviceId: 'd', deviceKey: {}, confirmation: null },
    },
    { type: 'get_counters', request: 0.5 },
  ])('message %# of a wrong form is refused, and the next one is heard', (message) => {
    const bench = createWorkerBench();
    bench.sayAnything(message);
    expect(bench.reports).toEqual([{ type: 'refused', what: 'message' }]);
    expect(bench.counters()).toEqual({ sent: [], received: [], messages: {} });
  });
});

describe('a worker that waits for an epoch', () => {
  test('holds 32 frames and lets them go in order, before those that come after', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 4n);
    bind(bench, 'vp8', ['camera_low']);
    const { put, out } = bench.attach(receiving);
    const frames = await sentElsewhere(36);
    for (const frame of frames.slice(0, 34)) await put(copyOf(frame));
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ hold_full: 2 }));
    expect(out).toEqual([]);
    const opened = openWith(bench, 5n);
    for (const frame of frames.slice(34)) await put(copyOf(frame));
    await opened;
    await soon(() => expect(out).toHaveLength(34));
    expect(out.map(({ name }) => Number(name))).toEqual([...Array(32).keys(), 34, 35]);
  });

  test('holds them for 300 ms, and says so in time', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 4n);
    bind(bench, 'vp8', ['camera_low']);
    const { put, out } = bench.attach(receiving);
    for (const frame of await sentElsewhere(3)) await put(frame);
    await soon(() => expect(bench.timers()).toBe(1));
    bench.pass(FRAME_LIMITS.holdMs);
    await soon(() => expect(bench.counters().received[0]?.dropped.hold_expired).toBeGreaterThan(0));
    bench.pass(FRAME_LIMITS.holdMs);
    expect(bench.counters().received[0]?.dropped).toEqual({ hold_expired: 3 });
    await openWith(bench, 5n);
    expect(out).toEqual([]);
  });

  test('forgets an old key after 5 s though nothing comes any more', async () => {
    const bench = createWorkerBench();
    await openWith(bench, 5n);
    await openWith(bench, 6n);
    bind(bench, 'vp8', ['camera_low']);
    const { put, out } = bench.attach(receiving);
    const [first, second] = await sentElsewhere(2);
    if (first === undefined || second === undefined) return expect.fail();
    await put(first);
    await soon(() => expect(out).toHaveLength(1));
    expect(bench.timers()).toBe(1);
    bench.pass(FRAME_LIMITS.oldEpochMs);
    expect(bench.timers()).toBe(0);
    await put(second);
    await soon(() => expect(bench.counters().received[0]?.dropped).toEqual({ epoch_gone: 1 }));
  });
});

test('no key is in anything that the worker says', async () => {
  const bench = createWorkerBench();
  await sendWith(bench, 5n);
  await openWith(bench, 5n);
  await sealed(bench, 3);
  bench.sayAnything({ type: 'get_keys' });
  bench.counters();
  const said = JSON.stringify(bench.reports, (_, value: unknown) =>
    ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? 'BYTES' : value,
  );
  expect(said).not.toMatch(/BYTES|[Kk]ey"/);
  expect(said).toContain('keyFrames');
});
