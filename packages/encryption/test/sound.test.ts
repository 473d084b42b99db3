import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinOpus, readOpus } from '../src/sound/opus.ts';
import {
  createRepairing,
  createRepeating,
  MOST_REPEATS,
  packSound,
  type Repaired,
  type Repeat,
  unpackSound,
  WAIT_MS,
} from '../src/sound/index.ts';
import { type Bytes, createRandom } from './frameFixtures.ts';

/** 20 ms of SILK, wideband, one channel. */
const KIND = 0x48;
const STEP = 960;
const voice = (number: number, length = 60, kind = KIND): Bytes => {
  const frame = new Uint8Array(length).fill(number & 0xff);
  frame[0] = kind;
  return frame;
};
const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);

/** The bodies of a packet of code 3, as a decoder takes it apart (RFC 6716 §3.2.5). */
function split(packet: Uint8Array): number[][] {
  expect((packet[0] ?? 0) & 3).toBe(3);
  const count = (packet[1] ?? 0) & 0x3f;
  // Lengths differ, and there is no padding.
  expect((packet[1] ?? 0) & 0xc0).toBe(0x80);
  let at = 2;
  const lengths: number[] = [];
  for (let index = 1; index < count; index += 1) {
    const first = packet[at] ?? 0;
    at += first < 252 ? 1 : 2;
    lengths.push(first < 252 ? first : first + 4 * (packet[at - 1] ?? 0));
  }
  return [...lengths, packet.length].map((length) => {
    const body = [...packet.subarray(at, at + length)];
    at += length;
    return body;
  });
}

const read = (packet: Bytes) => readOpus(packet) ?? expect.fail();
const bodiesOf = (...packets: readonly Bytes[]): number[][] =>
  packets.map((packet) => Array.from(packet.subarray(1)));

describe('Opus packets', () => {
  test.each([
    [0x00, 480],
    [0x48, 960],
    [0x50, 1_920],
    [0x58, 2_880],
    [0x78, 960],
    [0x80, 120],
    [0xfc, 960],
  ])('of kind %i have a length', (first, samples) => {
    expect(readOpus(new Uint8Array([first, 1, 2]))?.samples).toBe(samples);
  });

  test('with none, two or any number of frames are left alone', () => {
    for (const packet of [[], [KIND | 1, 5], [KIND | 2, 5], [KIND | 3, 1, 5]])
      expect(readOpus(new Uint8Array(packet))).toBeNull();
  });

  test('come apart again as they were joined, whatever their lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_276 }), { minLength: 1, maxLength: 6 }), (lengths) => {
        const packets = lengths.map((length, index) => voice(index, length));
        const joined = joinOpus(packets.flatMap((packet) => readOpus(packet) ?? []));
        expect(joined === null ? null : split(joined)).toEqual(bodiesOf(...packets));
      }),
    );
  });

  test('of different kinds, or longer than 120 ms, are not joined', () => {
    expect(joinOpus([read(voice(1)), read(voice(2, 60, 0x78))])).toBeNull();
    expect(joinOpus(Array.from({ length: 7 }, () => read(voice(1))))).toBeNull();
    expect(joinOpus([])).toBeNull();
  });
});

const repeat = (age: number, frame = voice(age)): Repeat => ({ age, frame });

describe('what is encrypted of a frame of sound', () => {
  test('is one byte more where nothing comes again', () => {
    expect(packSound({ frame: voice(1), repeats: [] })).toEqual(new Uint8Array([0, ...voice(1)]));
  });

  test('comes back as it was', () => {
    const sound = { frame: voice(3), repeats: [repeat(2 * STEP, voice(1, 300)), repeat(STEP, voice(2, 2))] };
    expect(unpackSound(packSound(sound))).toEqual(sound);
  });

  test('is never larger than a packet: the oldest stay out', () => {
    const sound = {
      frame: voice(3, 500),
      repeats: [repeat(2 * STEP, voice(1, 500)), repeat(STEP, voice(2, 500))],
    };
    expect(unpackSound(packSound(sound))?.repeats).toEqual(sound.repeats.slice(1));
    const huge = { frame: voice(3, 1_200), repeats: sound.repeats };
    expect(unpackSound(packSound(huge))).toEqual({ frame: huge.frame, repeats: [] });
  });

  test('has no repeat that is too old, of the future, off the clock, empty, or one too many', () => {
    const bad = [0, 119, 121, 5_880, 0xffff_ffff].map((age) => repeat(age));
    for (const one of [...bad, repeat(STEP, new Uint8Array())])
      expect(unpackSound(packSound({ frame: voice(1), repeats: [one] }))?.repeats).toEqual([]);
    const many = [3, 2, 1].map((steps) => repeat(steps * STEP));
    expect(unpackSound(packSound({ frame: voice(1), repeats: many }))?.repeats).toEqual(
      many.slice(-MOST_REPEATS),
    );
  });

  test.each([
    ['nothing', []],
    ['no frame', [0]],
    ['too many repeats', [3, 3, 0, 1, 2, 0, 1, 1, 0, 1, KIND, KIND, KIND, KIND]],
    ['entries cut off', [1, 8, 0]],
    ['a repeat of no length', [1, 8, 0, 0, KIND]],
    ['a repeat that is all', [1, 8, 0, 2, KIND, 1]],
    ['a repeat beyond the end', [1, 8, 4, 200, KIND, 1]],
    ['a repeat longer than Opus has', [1, 8, 5, 0, ...Array.from({ length: 1_300 }, () => 1)]],
    ['a repeat of now', [1, 0, 0, 1, KIND, KIND]],
    ['a repeat of long ago', [1, 49, 0, 1, KIND, KIND]],
    ['repeats in another order', [2, 8, 0, 1, 16, 0, 1, KIND, KIND, KIND]],
    ['one repeat twice', [2, 8, 0, 1, 8, 0, 1, KIND, KIND, KIND]],
  ])('with %s is none', (_, bytes) => {
    expect(unpackSound(new Uint8Array(bytes))).toBeNull();
  });

  test('of any bytes is what packs to them, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const some = new Uint8Array(bytes);
        const sound = unpackSound(some);
        if (sound !== null) expect(packSound(sound)).toEqual(some);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what comes again', () => {
  test('is what was sent last, with its age, across the end of RTP time', () => {
    const repeating = createRepeating();
    repeating.remember(0xffff_ffff - STEP + 1, 1, voice(1));
    repeating.remember(0, 1, voice(2));
    expect(repeating.before(STEP, 1, 2)).toEqual([repeat(2 * STEP, voice(1)), repeat(STEP, voice(2))]);
    expect(repeating.before(STEP, 1, 1)).toEqual([repeat(STEP, voice(2))]);
    expect(repeating.before(STEP, 1, 0)).toEqual([]);
  });

  test('is nothing that others heard, or nobody: of another era of the keys', () => {
    const repeating = createRepeating();
    repeating.remember(0, 1, voice(1));
    expect(repeating.before(STEP, 2, 2)).toEqual([]);
    repeating.remember(STEP, 2, voice(2));
    expect(repeating.before(2 * STEP, 2, 2)).toEqual([repeat(STEP, voice(2))]);
  });
});

const sound = (number: number, ...ages: number[]) => ({
  frame: voice(number),
  repeats: ages.map((age) => repeat(age * STEP, voice(number - age))),
});

/** What goes on to the decoder of frames that come, each 20 ms after the one before: its first number, and how many were put back. */
const play = (...arriving: readonly (readonly [number, ...number[]])[]) => {
  const repairing = createRepairing<number>();
  const going = arriving.map(([number, ...ages], index) =>
    repairing.next(number, number * STEP, sound(number, ...ages), index * 20),
  );
  return {
    repairing,
    going: going.map((some) => some?.map(({ frame, repaired }) => [frame, repaired]) ?? null),
  };
};

describe('a gap', () => {
  test('is filled with what comes again, behind the frame before it', () => {
    const repairing = createRepairing<string>();
    expect(repairing.next('a', 0, sound(0, 1), 0)).toEqual([]);
    const [repaired, ...more] = repairing.next('b', 3 * STEP, sound(3, 2, 1), 60) ?? expect.fail();
    expect([repaired?.frame, repaired?.repaired, more]).toEqual(['a', 2, []]);
    expect(split(repaired?.packet ?? expect.fail())).toEqual(bodiesOf(voice(0), voice(1), voice(2)));
    expect(repairing.takeDue(60 + WAIT_MS)).toEqual([{ frame: 'b', packet: voice(3), repaired: 0 }]);
  });

  test('makes no frame wait where none brings others', () => {
    expect(play([0], [1], [3]).going).toEqual([[[0, 0]], [[1, 0]], [[3, 0]]]);
    // One waits as soon as there are some, and none any more when there are no more.
    expect(play([0, 1], [1, 1], [2], [3]).going).toEqual([
      [],
      [[0, 0]],
      [
        [1, 0],
        [2, 0],
      ],
      [[3, 0]],
    ]);
  });

  test('is filled as far as there is something right behind the frame before it', () => {
    // Two are lost and one comes again, the later one: there is a hole.
    expect(play([0, 1], [3, 1]).going).toEqual([[], [[0, 0]]]);
    expect(play([0, 1], [2, 1], [3, 1]).going).toEqual([[], [[0, 1]], [[2, 0]]]);
  });

  test('is left where the frames are of two kinds, or there is a hole between them', () => {
    const other = { frame: voice(2), repeats: [repeat(STEP, voice(1, 60, 0x78))] };
    const holed = { frame: voice(2), repeats: [repeat(STEP - 120, voice(1))] };
    for (const one of [other, holed]) {
      const repairing = createRepairing<number>();
      repairing.next(0, 0, sound(0, 1), 0);
      expect(repairing.next(2, 2 * STEP, one, 40)).toEqual([{ frame: 0, packet: voice(0), repaired: 0 }]);
    }
  });

  test('that was filled is not filled again by what comes late', () => {
    const { repairing } = play([0, 1], [3, 2, 1]);
    for (const late of [0, 1, 2, 3]) expect(repairing.next(late, late * STEP, sound(late), 100)).toBeNull();
  });

  test('does not keep a frame back for longer than 70 ms', () => {
    const { repairing } = play([0, 1]);
    expect(repairing.nextDeadline()).toBe(WAIT_MS);
    expect(repairing.takeDue(WAIT_MS - 1)).toEqual([]);
    expect(repairing.takeDue(WAIT_MS)).toHaveLength(1);
    expect(repairing.nextDeadline()).toBeNull();
    expect(repairing.takeDue(10_000)).toEqual([]);
  });

  test(`never makes sound be heard twice or in another order, whatever is lost or late (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 200; run += 1) {
      const loss = random(60);
      const sent = Array.from({ length: 60 }, (_, number) =>
        sound(number, ...[2, 1].filter((age) => number >= age)),
      );
      const due = Array.from({ length: 60 * 20 + 90 }, (): number[] => []);
      for (const number of sent.keys())
        if (random(100) >= loss) due[number * 20 + (random(10) === 0 ? random(90) : 0)]?.push(number);
      const arriving = due.flatMap((numbers, at) => numbers.map((number) => ({ number, at })));
      const begin = (0xffff_ffff - 20 * STEP) >>> 0;
      const repairing = createRepairing<number>();
      const heard: number[] = [];
      const hear = (some: readonly Repaired<number>[] | null): void => {
        for (const { frame, packet, repaired } of some ?? []) {
          const bodies = repaired === 0 ? bodiesOf(packet) : split(packet);
          expect(bodies).toHaveLength(repaired + 1);
          for (const [index, body] of bodies.entries()) {
            expect(body[0]).toBe(frame + index);
            heard.push(frame + index);
          }
        }
      };
      for (const { number, at } of arriving) {
        hear(repairing.takeDue(at));
        hear(repairing.next(number, (begin + number * STEP) >>> 0, sent[number] ?? expect.fail(), at));
      }
      hear(repairing.takeDue(Infinity));
      expect(new Set(heard).size, `run ${run}`).toBe(heard.length);
      for (const { number } of arriving) expect(heard, `run ${run}`).toContain(number);
    }
  });
});
