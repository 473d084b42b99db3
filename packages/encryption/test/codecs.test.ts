import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Codec,
  type FrameContext,
  CALL_SUITE,
  clearBytes,
  deriveKey,
  importBaseKey,
  openFrame,
  packKeyId,
  parseFrame,
  protectFrame,
} from '../src/index.ts';
import { readObu, wrapInObu } from '../src/frames/obu.ts';
import { type Bytes, baseKeyOf, plainFrame } from './frameFixtures.ts';

const base = importBaseKey(baseKeyOf(1n));
const keyFor = async (leaf: number) =>
  deriveKey(await base, packKeyId({ slot: 'camera_high', leaf, epochBits: 9 }), CALL_SUITE);

const CODECS = ['opus', 'vp8', 'vp9', 'av1', 'data'] as const satisfies readonly Codec[];
const KINDS = ['key', 'delta'] as const;
const matrix = CODECS.flatMap((codec) => KINDS.map((kind) => ({ codec, kind })));
const context = (codec: Codec): FrameContext => ({ slot: 'camera_high', codec });

const firstByte = fc.nat({ max: 255 });

describe('how much stays clear', () => {
  test('is nothing of Opus, VP9, AV1 and data, whatever they start with', () => {
    fc.assert(
      fc.property(firstByte, fc.constantFrom('opus', 'vp9', 'av1', 'data'), (first, codec) => {
        expect(clearBytes(codec, first)).toBe(0);
      }),
    );
  });

  test('is 10 bytes of VP8 key frames and 1 of others, by the lowest bit of the first byte', () => {
    fc.assert(
      fc.property(firstByte, (first) => {
        expect(clearBytes('vp8', first)).toBe(first % 2 === 0 ? 10 : 1);
      }),
    );
  });
});

describe.each(matrix)('$codec, $kind', ({ codec, kind }) => {
  test('comes back as it was, and shows only what has to be clear', async () => {
    const key = await keyFor(20);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 3_000 }),
        fc.nat({ max: 70_000 }),
        async (length, counter) => {
          const plain = plainFrame(codec, kind, length);
          const wire = await protectFrame(key, BigInt(counter), context(codec), kind, plain);
          if (wire === null) return expect.fail();
          const clear = clearBytes(codec, plain[0] ?? 0);
          if (codec !== 'av1') expect(wire.slice(0, clear)).toEqual(plain.slice(0, clear));
          const parsed = parseFrame(codec, kind, wire);
          if (parsed === null) return expect.fail();
          const opened = await openFrame(key, context(codec), parsed);
          expect(opened?.frame).toEqual(plain);
          expect(opened?.kind).toBe(codec === 'opus' || codec === 'data' ? 'delta' : kind);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('an empty frame is not sent, and nothing shorter than header and tag is received', async () => {
    expect(await protectFrame(await keyFor(1), 0n, context(codec), kind, new Uint8Array())).toBeNull();
    const wire = await protectFrame(await keyFor(1), 0n, context(codec), kind, plainFrame(codec, kind, 10));
    if (wire === null) return expect.fail();
    const shortest = wire.length - (10 - clearBytes(codec, plainFrame(codec, kind, 10)[0] ?? 0));
    for (let length = 0; length < shortest; length += 1) {
      expect(parseFrame(codec, kind, wire.slice(0, length))).toBeNull();
    }
  });
});

const added = async (codec: Codec, leaf: number, counter: bigint, length: number): Promise<number> => {
  const plain = plainFrame(codec, 'delta', length);
  const wire = await protectFrame(await keyFor(leaf), counter, context(codec), 'delta', plain);
  return wire === null ? Number.NaN : wire.length - length;
};

/** What the design allows, in bytes. */
const MOST_BYTES = 25;

describe('bytes added to a frame', () => {
  test.each(CODECS)(
    `of %s are at most ${MOST_BYTES} at the highest leaf, for 65,536 frames of an epoch`,
    async (codec) => {
      for (const length of [10, 1_200, 20_000, 2_000_000]) {
        for (const counter of [0n, 255n, 65_535n]) {
          expect(await added(codec, 511, counter, length)).toBeLessThanOrEqual(MOST_BYTES);
        }
      }
    },
  );

  test.each(['opus', 'vp8', 'vp9', 'data'] as const)(
    `of %s are at most ${MOST_BYTES} for every counter`,
    async (codec) => {
      for (const counter of [65_536n, 0xff_ffffn, 0xffff_ffffn]) {
        expect(await added(codec, 511, counter, 200_000)).toBeLessThanOrEqual(MOST_BYTES);
      }
    },
  );

  test(`of AV1 are at most ${MOST_BYTES} in the following frames too, up to 16 kB, and 26 above`, async () => {
    expect(await added('av1', 511, 0xff_ffffn, 16_000)).toBe(MOST_BYTES);
    expect(await added('av1', 511, 0xff_ffffn, 20_000)).toBe(MOST_BYTES + 1);
  });

  test('are 17 to 21 between two, of all but AV1', async () => {
    expect(await added('opus', 1, 0n, 100)).toBe(18);
    expect(await added('opus', 1, 65_535n, 100)).toBe(20);
    expect(await added('vp9', 1, 0xff_ffffn, 1_000)).toBe(21);
  });
});

describe('the envelope of AV1', () => {
  test('is one OBU: a sequence header for key frames, a frame for others, with its size', () => {
    const payload = new Uint8Array(300).fill(1);
    expect(Array.from(wrapInObu('key', payload).subarray(0, 3))).toEqual([0b0_0001_0_1_0, 0b1010_1100, 0b10]);
    expect(Array.from(wrapInObu('delta', payload).subarray(0, 3))).toEqual([
      0b0_0110_0_1_0, 0b1010_1100, 0b10,
    ]);
  });

  test('whatever is read as an envelope is the one that would be written', () => {
    const start = fc.constantFrom(0x0a, 0x32, 0x0b, 0x08, 0x12);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (first, rest) => {
        const bytes: Bytes = new Uint8Array([first, ...rest]);
        const read = readObu(bytes);
        if (read !== null) expect(wrapInObu(read.kind, read.sframe)).toEqual(bytes);
      }),
    );
  });

  test.each([
    ['nothing', []],
    ['a temporal delimiter before it', [0x12, 0x00, 0x0a, 0x01, 0xff]],
    ['no size field', [0x08, 0xff]],
    ['an extension', [0x0e, 0x00, 0x01, 0xff]],
    ['the forbidden bit', [0x8a, 0x01, 0xff]],
    ['the reserved bit', [0x0b, 0x01, 0xff]],
    ['a size that is too large', [0x0a, 0x02, 0xff]],
    ['bytes behind it', [0x0a, 0x01, 0xff, 0x00]],
    ['a size that is longer than it needs to be', [0x0a, 0x81, 0x00, 0xff]],
    ['a size without an end', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ['another type', [0x22, 0x01, 0xff]],
  ])('is refused with %s', (_, bytes) => {
    expect(readObu(new Uint8Array(bytes))).toBeNull();
  });
});

test('a VP8 key frame shorter than its clear bytes is neither sent nor received', async () => {
  const short = plainFrame('vp8', 'key', 9);
  expect(await protectFrame(await keyFor(0), 0n, context('vp8'), 'key', short)).toBeNull();
  expect(parseFrame('vp8', 'key', short)).toBeNull();
});

test('VP8 says itself whether it is a key frame, whatever the browser says', async () => {
  const key = await keyFor(0);
  const wire = await protectFrame(key, 0n, context('vp8'), 'delta', plainFrame('vp8', 'key', 100));
  const parsed = wire === null ? null : parseFrame('vp8', 'delta', wire);
  if (parsed === null) return expect.fail();
  expect((await openFrame(key, context('vp8'), parsed))?.kind).toBe('key');
});

test.each<[string, FrameContext, 'key' | 'delta']>([
  ['another slot', { slot: 'camera_low', codec: 'vp9' }, 'key'],
  ['another codec', { slot: 'camera_high', codec: 'opus' }, 'key'],
  ['another kind', { slot: 'camera_high', codec: 'vp9' }, 'delta'],
])('a frame does not open with %s', async (_, other, kind) => {
  const key = await keyFor(0);
  const wire = await protectFrame(key, 0n, context('vp9'), 'key', plainFrame('vp9', 'key', 100));
  const parsed = wire === null ? null : parseFrame(other.codec, kind, wire);
  if (parsed === null) return expect.fail();
  expect(await openFrame(key, other, parsed)).toBeNull();
});
