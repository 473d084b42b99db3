/** Samples that RNNoise takes at a time: 10 ms at 48 kHz, the only rate that it knows. */
export const FRAME = 480;
export const SAMPLE_RATE = 48_000;

/** RNNoise counts as 16 bit do. */
const SCALE = 32_767;
const BYTES = 4;

/** Takes the noise out of one channel, frame after frame: what it hears before tells it what noise is. */
export interface Denoiser {
  /**
   * Replaces a frame by what of it is voice, which comes one frame (10 ms) later.
   *
   * @param frame - {@link FRAME} samples, −1 to 1
   */
  process(frame: Float32Array): void;
}

/**
 * Makes ready RNNoise as `@sapphi-red/web-noise-suppressor` has it compiled.
 *
 * @param bytes - its WebAssembly
 * @throws when the browser may not compile it, or it is something else
 */
export async function createRnnoise(bytes: ArrayBuffer): Promise<Denoiser> {
  let memory: WebAssembly.Memory | null = null;
  const { instance } = await WebAssembly.instantiate(bytes, {
    env: {
      emscripten_memcpy_big(to: number, from: number, count: number): void {
        if (memory !== null) new Uint8Array(memory.buffer).copyWithin(to, from, from + count);
      },
      // One channel needs a small part of what there is from the start: views of it stay good.
      emscripten_resize_heap: (): number => 0,
      __assert_fail: (): never => {
        throw new Error('RNNoise gave up');
      },
    },
  });
  const { memory: exported } = instance.exports;
  if (!(exported instanceof WebAssembly.Memory)) throw new Error('RNNoise without a memory');
  memory = exported;
  const call = (name: string, ...given: readonly number[]): number => {
    const known = instance.exports[name];
    if (typeof known !== 'function') throw new Error(`RNNoise without ${name}`);
    const answer: unknown = Reflect.apply(known, undefined, given);
    return typeof answer === 'number' ? answer : 0;
  };
  call('__wasm_call_ctors');
  if (call('rnnoise_get_frame_size') !== FRAME) throw new Error('RNNoise of another frame');
  const state = call('rnnoise_create', 0);
  const into = call('malloc', FRAME * BYTES);
  const out = call('malloc', FRAME * BYTES);
  if (state === 0 || into === 0 || out === 0) throw new Error('RNNoise without room');
  const given = new Float32Array(memory.buffer, into, FRAME);
  const made = new Float32Array(memory.buffer, out, FRAME);

  return {
    process(frame) {
      for (let index = 0; index < FRAME; index += 1) given[index] = (frame[index] ?? 0) * SCALE;
      call('rnnoise_process_frame', state, out, into);
      for (let index = 0; index < FRAME; index += 1) frame[index] = (made[index] ?? 0) / SCALE;
    },
  };
}
