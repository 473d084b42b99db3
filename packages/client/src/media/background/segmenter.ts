// The names are the package's.
// oxlint-disable no-underscore-dangle
import createTflite from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js';

/** Tells a person from what is behind them. */
export interface Segmenter {
  readonly width: number;
  readonly height: number;
  /** RGB of a picture, each 0 to 1, row by row: to be filled before each {@link run}. */
  readonly input: Float32Array;
  /** For each pixel of the input how surely it is of a person, 0 to 1. Good until the next run. */
  run(): Float32Array;
}

const silent = (): void => {};

/**
 * Makes ready the selfie model with TensorFlow Lite, as `@twilio/video-processors` has them.
 *
 * @param wasm - the WebAssembly of TensorFlow Lite
 * @throws when the browser may not compile it, or the model is not one
 */
export async function createSegmenter(wasm: ArrayBuffer, model: ArrayBuffer): Promise<Segmenter> {
  const tflite = await createTflite({ wasmBinary: wasm, print: silent, printErr: silent });
  tflite.HEAPU8.set(new Uint8Array(model), tflite._getModelBufferMemoryOffset());
  if (tflite._loadModel(model.byteLength) !== 0) throw new Error('not a model');
  const [width, height] = [tflite._getInputWidth(), tflite._getInputHeight()];
  if (tflite._getOutputWidth() !== width || tflite._getOutputHeight() !== height)
    throw new Error('a model of another kind');
  const area = width * height;
  /** Its memory may have grown, and views of it are empty then: asked for anew each time. */
  const view = (offset: number, length: number): Float32Array =>
    new Float32Array(tflite.HEAPF32.buffer, offset, length);
  return {
    width,
    height,
    get input() {
      return view(tflite._getInputMemoryOffset(), area * 3);
    },
    run() {
      if (tflite._runInference() !== 0) throw new Error('the model failed');
      return view(tflite._getOutputMemoryOffset(), area);
    },
  };
}
