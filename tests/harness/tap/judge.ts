import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FRAME_LIMITS, decodeHeader, unpackKeyId } from '@visavis/encryption';
import { splitWire } from '../../../packages/encryption/src/frames/codecs.ts';
import { bundleForPage } from '../bundle.ts';
import { type TappedStream, framesOf } from './frames.ts';
import type { Decoded } from './inPage.ts';
import type { TappedPacket } from './record.ts';

/** What came of the packets at a tap. */
export interface Verdict {
  readonly sounds: Decoded;
  readonly pictures: Decoded;
  /** Whole frames that were looked at. */
  readonly frames: { readonly opus: number; readonly vp8: number };
  /** Of them those that are not what a sealed frame looks like. */
  readonly unsealed: number;
}

/**
 * How many of so many sealed pictures a decoder may make something smooth of by chance: it did of 8 in 654 over some calls, and of 4 in
 * 78 of one. Of what is not sealed all are pictures.
 */
export function mostByChance(frames: number): number {
  const expected = 0.05 * frames;
  return expected + 3 * Math.sqrt(expected);
}

/** Packets that a tapped server has written; none where there was no call over it. */
export async function readTap(file: string): Promise<readonly TappedPacket[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [producer = '', mimeType = '', packet = ''] = line.split(' ');
      return { producer, mimeType, packet: Buffer.from(packet, 'base64') };
    });
}

/** @param evaluate - runs a script in a page that is a secure context, in Chromium: Firefox decodes less */
export async function judgeTap(
  packets: readonly TappedPacket[],
  evaluate: <Result>(script: string) => Promise<Result>,
): Promise<Verdict> {
  const streams = framesOf(packets);
  await evaluate(`${await bundleForPage(fileURLToPath(new URL('inPage.ts', import.meta.url)), 'tap')};0`);
  const decode = async (codec: 'opus' | 'vp8', name: string): Promise<Decoded> => {
    const sum = { outputs: 0, likely: 0, failures: 0, best: codec === 'opus' ? 0 : 255 };
    for (const { frames } of streams.filter((stream) => stream.codec === codec)) {
      const given = JSON.stringify(frames.map((frame) => Buffer.from(frame).toString('base64')));
      const decoded = await evaluate<Decoded>(`tap.${name}(${given})`);
      sum.outputs += decoded.outputs;
      sum.likely += decoded.likely;
      sum.failures += decoded.failures;
      sum.best = codec === 'opus' ? Math.max(sum.best, decoded.best) : Math.min(sum.best, decoded.best);
    }
    return sum;
  };
  const count = (codec: 'opus' | 'vp8'): number =>
    streams.filter((stream) => stream.codec === codec).reduce((sum, { frames }) => sum + frames.length, 0);
  return {
    sounds: await decode('opus', 'decodeSounds'),
    pictures: await decode('vp8', 'decodePictures'),
    frames: { opus: count('opus'), vp8: count('vp8') },
    unsealed: streams.reduce((sum, stream) => sum + countUnsealed(stream), 0),
  };
}

/** Frames without an SFrame header of ours, or with a counter that was there before: plaintext has neither. */
function countUnsealed({ codec, frames }: Pick<TappedStream, 'codec' | 'frames'>): number {
  const seen = new Set<string>();
  return frames.filter((frame) => {
    // Whether a picture of VP8 is a key frame stands in its first bit.
    const wire = splitWire(codec, 'delta', frame);
    const header = wire === null ? null : decodeHeader(wire.sframe);
    if (header === null || unpackKeyId(header.keyId) === null || header.counter > FRAME_LIMITS.maxCounter)
      return true;
    const name = `${header.keyId} ${header.counter}`;
    const isNew = !seen.has(name);
    seen.add(name);
    return !isNew;
  }).length;
}
