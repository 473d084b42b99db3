import { isWorkletMessage, PROCESSOR } from './messages.ts';
import { SAMPLE_RATE } from './rnnoise.ts';

/** Where the page finds what strong noise suppression needs, on its own server. */
export interface DenoiseFiles {
  readonly workletUrl: string;
  readonly wasmUrl: string;
}

export interface DenoiseHandlers {
  /** About once a second as long as it works. */
  readonly onBeat: () => void;
  /** It works no more, and what comes out is not to be used. Called once at most. */
  readonly onDied: () => void;
}

/** A microphone with its noise taken out. */
export interface DenoiseGraph {
  readonly track: MediaStreamTrack;
  close(): void;
}

/**
 * Resolves once voice comes out.
 *
 * @throws when it cannot be had here, or is aborted before
 */
export type OpenDenoiseGraph = (
  source: MediaStreamTrack,
  handlers: DenoiseHandlers,
  signal: AbortSignal,
) => Promise<DenoiseGraph>;

/** @returns null where the browser has no audio worklets or no WebAssembly */
export function denoiseGraphs(files: DenoiseFiles): OpenDenoiseGraph | null {
  const canDenoise =
    typeof AudioWorkletNode !== 'undefined' &&
    typeof WebAssembly !== 'undefined' &&
    typeof MediaStreamAudioDestinationNode !== 'undefined';
  return canDenoise ? (source, handlers, signal) => open(files, source, handlers, signal) : null;
}

async function open(
  { workletUrl, wasmUrl }: DenoiseFiles,
  source: MediaStreamTrack,
  handlers: DenoiseHandlers,
  signal: AbortSignal,
): Promise<DenoiseGraph> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  const parts: AudioNode[] = [];
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const part of parts) part.disconnect();
    void context.close().catch(() => {});
  };
  signal.addEventListener('abort', close);
  try {
    const [bytes] = await Promise.all([load(wasmUrl, signal), context.audioWorklet.addModule(workletUrl)]);
    signal.throwIfAborted();
    const microphone = context.createMediaStreamSource(new MediaStream([source]));
    const node = new AudioWorkletNode(context, PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: bytes,
    });
    const out = context.createMediaStreamDestination();
    parts.push(microphone, node, out);
    microphone.connect(node).connect(out);
    // Made before the first press on the page it waits for one; stopped by the system it is taken up again.
    const wake = (): void => {
      if (!isClosed && context.state !== 'running') void context.resume().catch(() => {});
    };
    context.addEventListener('statechange', wake);
    wake();
    await watch(node, handlers, signal);
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) throw new Error('no track');
    return { track, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Resolves with the first block that was cleaned; later endings are told. */
function watch(node: AudioWorkletNode, handlers: DenoiseHandlers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let isReady = false;
    let isDead = false;
    const fail = (): void => {
      if (isDead) return;
      isDead = true;
      if (isReady) handlers.onDied();
      else reject(new Error('the worklet failed'));
    };
    signal.addEventListener('abort', fail);
    node.addEventListener('processorerror', fail);
    node.port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isWorkletMessage(data) || isDead) return;
      if (data === 'failed') return fail();
      if (data === 'ready') {
        isReady = true;
        resolve();
      }
      handlers.onBeat();
    });
    node.port.start();
  });
}

async function load(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`no WebAssembly: ${response.status}`);
  return response.arrayBuffer();
}
