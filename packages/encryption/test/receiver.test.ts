import { describe, expect, test } from 'vitest';
import { FRAME_LIMITS, createFrameReceiver, createFrameSender } from '../src/index.ts';
import { type Bytes, baseKeyOf, createPair, plainFrame, protect, reasonOf } from './frameFixtures.ts';

const plain = plainFrame('vp8', 'delta', 200);
const createVideo = () => createPair(['camera_low', 'camera_high'], 'vp8');
type Video = Awaited<ReturnType<typeof createVideo>>;

const sendFrom = (sender: Video['sender'], slot: 'camera_low' | 'camera_high' | 'screen' = 'camera_low') =>
  protect(sender, slot, 'vp8', 'delta', plain);
const receive = async ({ receiver }: Pick<Video, 'receiver'>, frame: Bytes, now = 0): Promise<string> =>
  reasonOf(await receiver.receive('track', 'delta', frame, now));

describe('frames of a bound track', () => {
  test('are opened, from any of the announced slots', async () => {
    const pair = await createVideo();
    for (const slot of ['camera_low', 'camera_high'] as const) {
      const frame = await sendFrom(pair.sender, slot);
      const received = await pair.receiver.receive('track', 'delta', frame, 0);
      expect(received).toEqual({ type: 'opened', epoch: 5n, kind: 'delta', frame: plain });
    }
  });

  test('are opened once, also where the same one comes twice at the same time', async () => {
    const pair = await createVideo();
    const frame = await sendFrom(pair.sender);
    const results = await Promise.all([receive(pair, frame), receive(pair, frame), receive(pair, frame)]);
    expect(results.sort()).toEqual(['opened', 'replayed', 'replayed']);
    expect(await receive(pair, frame)).toBe('replayed');
    expect(pair.receiver.dropped().get('replayed')).toBe(3);
  });

  test('are opened out of order within the window, and not behind it', async () => {
    const pair = await createVideo();
    const frames: Bytes[] = [];
    for (let index = 0; index < 1_030; index += 1) frames.push(await sendFrom(pair.sender));
    const [first, second] = [frames[0], frames[6]];
    const last = frames.at(-1);
    if (first === undefined || second === undefined || last === undefined) return expect.fail();
    expect(await receive(pair, last)).toBe('opened');
    expect(await receive(pair, first)).toBe('replayed');
    expect(await receive(pair, second)).toBe('opened');
  });

  test('a forged counter does not move the window', async () => {
    const pair = await createVideo();
    const frame = await sendFrom(pair.sender);
    for (let index = 0; index < 3_000; index += 1) await sendFrom(pair.sender);
    const later = await sendFrom(pair.sender);
    const forged = later.slice();
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(await receive(pair, forged)).toBe('not_authentic');
    expect(await receive(pair, frame)).toBe('opened');
    expect(await receive(pair, later)).toBe('opened');
  });
});

describe('what is dropped, by the first reason that fits', () => {
  test('no_track: nobody announced it', async () => {
    const { sender, receiver } = await createVideo();
    const received = await receiver.receive('other', 'delta', await sendFrom(sender), 0);
    expect(reasonOf(received)).toBe('no_track');
  });

  test('malformed: plaintext, empty, cut, or a key id that names no slot', async () => {
    const pair = await createVideo();
    const frame = await sendFrom(pair.sender);
    const noSlot = new Uint8Array([0x11, 0x80, 0x07, ...new Uint8Array(40)]);
    const wideKeyId = new Uint8Array([0x11, 0xa0, 1, 0, 0, ...new Uint8Array(40)]);
    const wideCounter = new Uint8Array([0x11, 0x0c, 1, 0, 0, 0, 0, ...new Uint8Array(40)]);
    for (const bad of [new Uint8Array(), frame.slice(0, 12), noSlot, wideKeyId, wideCounter]) {
      expect(await receive(pair, bad)).toBe('malformed');
    }
    expect(['malformed', 'wrong_leaf']).toContain(await receive(pair, plain));
  });

  test('wrong_leaf: another member, with a key that everybody has', async () => {
    const { receiver } = await createVideo();
    const other = createFrameSender();
    await other.useEpoch({ epoch: 5n, leaf: 4, baseKey: baseKeyOf(5n) });
    expect(await receive({ receiver }, await sendFrom(other))).toBe('wrong_leaf');
  });

  test('wrong_slot: the right member, another stream of it', async () => {
    const pair = await createVideo();
    expect(await receive(pair, await sendFrom(pair.sender, 'screen'))).toBe('wrong_slot');
  });

  test('before_binding: somebody else had the leaf in that epoch', async () => {
    const pair = await createVideo();
    const frame = await sendFrom(pair.sender);
    await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 0);
    pair.receiver.bindTrack('track', {
      leaf: 3,
      firstEpoch: 6n,
      slots: new Set(['camera_low']),
      codec: 'vp8',
    });
    expect(await receive(pair, frame)).toBe('before_binding');
  });

  test('not_authentic: the key of another group', async () => {
    const { receiver } = await createVideo();
    const other = createFrameSender();
    await other.useEpoch({ epoch: 5n, leaf: 3, baseKey: baseKeyOf(5n, 2) });
    expect(await receive({ receiver }, await sendFrom(other))).toBe('not_authentic');
  });

  test('no_track: removed, also while a frame is being decrypted', async () => {
    const pair = await createVideo();
    const running = receive(pair, await sendFrom(pair.sender));
    pair.receiver.removeTrack('track');
    expect(await running).toBe('no_track');
  });

  test('closed: after the end, also while a frame is being decrypted', async () => {
    const pair = await createVideo();
    const running = receive(pair, await sendFrom(pair.sender));
    pair.receiver.close();
    expect(await running).toBe('closed');
    expect(await receive(pair, await sendFrom(pair.sender))).toBe('closed');
    expect(await pair.receiver.addEpoch({ epoch: 9n, baseKey: baseKeyOf(9n) }, 0)).toEqual([]);
  });

  test('nothing is disabled by failures: after 1,000 of them a good frame is opened', async () => {
    const pair = await createVideo();
    const frame = await sendFrom(pair.sender);
    const bad = frame.slice();
    bad[20] = (bad[20] ?? 0) ^ 0xff;
    for (let index = 0; index < 1_000; index += 1) await receive(pair, bad);
    expect(pair.receiver.dropped().get('not_authentic')).toBe(1_000);
    expect(await receive(pair, frame)).toBe('opened');
  });
});

const ahead = async (epoch: bigint) => {
  const pair = await createVideo();
  await pair.sender.useEpoch({ epoch, leaf: 3, baseKey: baseKeyOf(epoch) });
  return pair;
};

describe('frames that come before their epoch', () => {
  test('are held, and come out in their order with the key', async () => {
    const pair = await ahead(6n);
    for (let index = 0; index < 3; index += 1) {
      const frame = await protect(
        pair.sender,
        'camera_low',
        'vp8',
        'delta',
        plainFrame('vp8', 'delta', 100, index),
      );
      expect(await receive(pair, frame, 100)).toBe('held');
    }
    expect(pair.receiver.nextDeadline()).toBe(100 + FRAME_LIMITS.holdMs);
    const released = await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 250);
    expect(released.map(({ result }) => (result.type === 'opened' ? result.frame.at(-1) : result))).toEqual([
      0, 1, 2,
    ]);
  });

  test('are dropped after 300 ms', async () => {
    const pair = await ahead(6n);
    await receive(pair, await sendFrom(pair.sender), 100);
    pair.receiver.tick(399);
    expect(pair.receiver.dropped().size).toBe(0);
    pair.receiver.tick(400);
    expect(pair.receiver.dropped().get('hold_expired')).toBe(1);
    expect(await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 400)).toEqual([]);
  });

  test('are held up to 32 of a track', async () => {
    const pair = await ahead(6n);
    const results: string[] = [];
    for (let index = 0; index < 34; index += 1)
      results.push(await receive(pair, await sendFrom(pair.sender)));
    expect(results.slice(31)).toEqual(['held', 'hold_full', 'hold_full']);
    expect(await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 0)).toHaveLength(32);
  });

  test('wait on, where an epoch between comes first', async () => {
    const pair = await ahead(7n);
    expect(await receive(pair, await sendFrom(pair.sender))).toBe('held');
    expect(await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 10)).toEqual([]);
    expect(await pair.receiver.addEpoch({ epoch: 7n, baseKey: baseKeyOf(7n) }, 20)).toHaveLength(1);
  });

  test('are held before the first epoch of a newcomer too', async () => {
    const { sender } = await createVideo();
    const receiver = createFrameReceiver();
    receiver.bindTrack('track', { leaf: 3, firstEpoch: 0n, slots: new Set(['camera_low']), codec: 'vp8' });
    expect(await receive({ receiver }, await sendFrom(sender))).toBe('held');
    expect(await receiver.addEpoch({ epoch: 5n, baseKey: baseKeyOf(5n) }, 10)).toHaveLength(1);
  });

  test('are not held where they are too far ahead', async () => {
    const pair = await ahead(9n);
    expect(await receive(pair, await sendFrom(pair.sender))).toBe('epoch_unknown');
  });

  test('are not held for another leaf or slot', async () => {
    const pair = await ahead(6n);
    expect(await receive(pair, await sendFrom(pair.sender, 'screen'))).toBe('wrong_slot');
  });

  test('are forgotten with their track', async () => {
    const pair = await ahead(6n);
    await receive(pair, await sendFrom(pair.sender));
    pair.receiver.removeTrack('track');
    expect(await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 0)).toEqual([]);
  });
});

describe('old epochs', () => {
  test('are opened for 5 s after a newer one came', async () => {
    const pair = await createVideo();
    await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 1_000);
    expect(await receive(pair, await sendFrom(pair.sender), 5_999)).toBe('opened');
    expect(pair.receiver.nextDeadline()).toBe(6_000);
    expect(await receive(pair, await sendFrom(pair.sender), 6_000)).toBe('epoch_gone');
    expect(pair.receiver.nextDeadline()).toBeNull();
  });

  test('do not live longer because more epochs follow', async () => {
    const pair = await createVideo();
    await pair.receiver.addEpoch({ epoch: 6n, baseKey: baseKeyOf(6n) }, 1_000);
    await pair.receiver.addEpoch({ epoch: 7n, baseKey: baseKeyOf(7n) }, 4_000);
    expect(await receive(pair, await sendFrom(pair.sender), 6_000)).toBe('epoch_gone');
    expect(pair.receiver.nextDeadline()).toBe(9_000);
  });

  test('are opened while there are at most 3 newer ones', async () => {
    const pair = await createVideo();
    for (const epoch of [6n, 7n, 8n]) await pair.receiver.addEpoch({ epoch, baseKey: baseKeyOf(epoch) }, 0);
    expect(await receive(pair, await sendFrom(pair.sender))).toBe('opened');
    await pair.receiver.addEpoch({ epoch: 9n, baseKey: baseKeyOf(9n) }, 0);
    expect(await receive(pair, await sendFrom(pair.sender))).toBe('epoch_gone');
  });

  test('never come back, and no epoch comes twice, so that replay windows are never forgotten', async () => {
    const { receiver } = await createVideo();
    for (const epoch of [5n, 4n]) {
      await expect(receiver.addEpoch({ epoch, baseKey: baseKeyOf(epoch) }, 0)).rejects.toThrow(RangeError);
    }
  });
});
