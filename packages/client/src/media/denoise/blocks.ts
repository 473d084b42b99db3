import { FRAME } from './rnnoise.ts';

/** The most that a browser gives at a time; 128 in all of today. */
const LONGEST_BLOCK = 2_048;
const ROOM = LONGEST_BLOCK + 2 * FRAME;

/** Takes a block and gives one as long, which is what came {@link FRAME} samples before. */
export type Blocks = (input: Float32Array, output: Float32Array) => void;

/** Brings the blocks of Web Audio to the frames of RNNoise and back, without a sample more or less. */
export function createBlocks(process: (frame: Float32Array) => void): Blocks {
  const frame = new Float32Array(FRAME);
  let filled = 0;
  /** A ring of what is ready. A frame of silence ahead: without it there would not always be enough. */
  const ready = new Float32Array(ROOM);
  let from = 0;
  let to = FRAME;

  return (input, output) => {
    for (const sample of input) {
      frame[filled] = sample;
      filled += 1;
      if (filled < FRAME) continue;
      filled = 0;
      process(frame);
      for (const done of frame) {
        ready[to] = done;
        to = (to + 1) % ROOM;
      }
    }
    for (let index = 0; index < output.length; index += 1) {
      output[index] = ready[from] ?? 0;
      from = (from + 1) % ROOM;
    }
  };
}
