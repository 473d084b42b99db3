import type { FromWorker, Look, ToWorker } from './messages.ts';
import type { Effort, PaceReport } from './pace.ts';

/** Where the page finds what backgrounds need, on its own server. */
export interface BackgroundFiles {
  readonly workerUrl: string;
  readonly wasmUrl: string;
  readonly modelUrl: string;
}

export interface BackgroundHandlers {
  /** Twice a second as long as it works, whether the camera gives pictures or not. */
  readonly onPace: (report: Omit<PaceReport, 'atMs'>) => void;
  /** It works no more, and nothing more comes out. Called once at most. */
  readonly onDied: () => void;
}

/** A camera with another background. */
export interface BackgroundGraph {
  readonly track: MediaStreamTrack;
  setLook(look: Look): void;
  setEffort(effort: Effort): void;
  close(): void;
}

/**
 * Resolves once its first picture has been made.
 *
 * @throws when it cannot be had here, or is aborted before
 */
export type OpenBackgroundGraph = (
  source: MediaStreamTrack,
  look: Look,
  handlers: BackgroundHandlers,
  signal: AbortSignal,
) => Promise<BackgroundGraph>;

/** Chromium has both for pages (its own `MediaStreamTrackGenerator`, and the draft of mediacapture-transform that comes with it). */
interface ChromiumStreams {
  readonly MediaStreamTrackProcessor?: new (options: {
    readonly track: MediaStreamTrack;
    readonly maxBufferSize: number;
  }) => { readonly readable: ReadableStream<VideoFrame> };
  readonly MediaStreamTrackGenerator?: new (options: {
    readonly kind: 'video';
  }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
}

/** Pictures that wait: a newer one takes the place of the oldest, so that what is seen is what is heard. */
const WAITING_PICTURES = 1;

/** @returns null in browsers that do not give the pictures of a camera to a worker */
export function backgroundGraphs(files: BackgroundFiles): OpenBackgroundGraph | null {
  const page: typeof globalThis & ChromiumStreams = globalThis;
  const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = page;
  if (Processor === undefined || Generator === undefined || typeof WebAssembly === 'undefined') return null;
  return (source, look, handlers, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const generator = new Generator({ kind: 'video' });
      const { readable } = new Processor({ track: source, maxBufferSize: WAITING_PICTURES });
      const worker = new Worker(files.workerUrl, { type: 'module' });
      const tell = (message: ToWorker, transfer: Transferable[] = []): void =>
        worker.postMessage(message, transfer);
      let isOver = false;
      let isReady = false;
      let seen = deliveredBy(source);

      const close = (): void => {
        isOver = true;
        worker.terminate();
        generator.stop();
      };
      const fail = (): void => {
        if (isOver) return;
        close();
        if (isReady) handlers.onDied();
        else reject(new Error('no background'));
      };
      signal.addEventListener('abort', fail);
      worker.addEventListener('error', fail);
      worker.addEventListener('messageerror', fail);
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (isOver) return;
        switch (data.type) {
          case 'failed':
            return fail();
          case 'ready':
            isReady = true;
            seen = deliveredBy(source);
            return resolve({
              track: generator,
              setLook: (look) => tell({ type: 'look', look }),
              setEffort: (effort) => tell({ type: 'effort', effort }),
              close,
            });
          case 'pace': {
            const now = deliveredBy(source);
            const given = now === null || seen === null ? null : now - seen;
            seen = now;
            const { spanMs, made, busyMs } = data;
            const rate = source.getSettings().frameRate;
            const expected = rate === undefined ? null : (rate * spanMs) / 1_000;
            return handlers.onPace({ spanMs, given, expected, made, busyMs });
          }
        }
      });
      const { wasmUrl, modelUrl } = files;
      const streams = { from: readable, into: generator.writable };
      tell({ type: 'start', ...streams, wasmUrl, modelUrl, look }, [readable, generator.writable]);
    });
}

/** Pictures that a camera has given so far; null where the browser does not count them (W3C mediacapture-extensions §9). */
function deliveredBy(track: MediaStreamTrack & { readonly stats?: unknown }): number | null {
  const { stats } = track;
  if (typeof stats !== 'object' || stats === null || !('deliveredFrames' in stats)) return null;
  return typeof stats.deliveredFrames === 'number' ? stats.deliveredFrames : null;
}
