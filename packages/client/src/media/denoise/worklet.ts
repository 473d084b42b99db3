import { createBlocks, type Blocks } from './blocks.ts';
import { PROCESSOR, type WorkletMessage } from './messages.ts';
import { createRnnoise } from './rnnoise.ts';

/** TypeScript's library has no worklets (W3C webaudio §1.32). */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions?: unknown }) => AudioWorkletProcessor,
): void;

/** Blocks between two beats: a second, at 128 samples each. */
const BEAT = 375;

/** Strong noise suppression on the browser's audio thread. What it cannot clean it passes on as it is. */
class DenoiseProcessor extends AudioWorkletProcessor {
  private blocks: Blocks | null = null;
  private count = 0;

  constructor({ processorOptions }: { readonly processorOptions?: unknown }) {
    super();
    if (processorOptions instanceof ArrayBuffer) void this.load(processorOptions);
    else this.say('failed');
  }

  process(inputs: readonly Float32Array[][], outputs: readonly Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    const output = outputs[0]?.[0];
    if (input !== undefined && output !== undefined) this.run(input, output);
    return true;
  }

  private run(input: Float32Array, output: Float32Array): void {
    if (this.blocks === null) return output.set(input);
    try {
      this.blocks(input, output);
    } catch {
      this.blocks = null;
      output.set(input);
      return this.say('failed');
    }
    if (this.count % BEAT === 0) this.say(this.count === 0 ? 'ready' : 'beat');
    this.count += 1;
  }

  private async load(bytes: ArrayBuffer): Promise<void> {
    try {
      const denoiser = await createRnnoise(bytes);
      this.blocks = createBlocks((frame) => denoiser.process(frame));
    } catch {
      this.say('failed');
    }
  }

  private say(message: WorkletMessage): void {
    // A port within this page, not a window.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.port.postMessage(message);
  }
}

registerProcessor(PROCESSOR, DenoiseProcessor);
