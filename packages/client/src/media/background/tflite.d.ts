/** The package describes its processors, not what they are made of. */
declare module '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js' {
  interface Tflite {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF32: Float32Array;
    _getModelBufferMemoryOffset(): number;
    _loadModel(bytes: number): number;
    _getInputMemoryOffset(): number;
    _getInputWidth(): number;
    _getInputHeight(): number;
    _getOutputMemoryOffset(): number;
    _getOutputWidth(): number;
    _getOutputHeight(): number;
    _runInference(): number;
  }
  export default function createTflite(options: {
    readonly wasmBinary: ArrayBuffer;
    readonly print: (text: string) => void;
    readonly printErr: (text: string) => void;
  }): Promise<Tflite>;
}
