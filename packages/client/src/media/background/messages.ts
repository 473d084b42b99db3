import type { Effort } from './pace.ts';

/** What is behind a person: what is there, blurred, or a picture. */
export type Look = { readonly kind: 'blur' } | { readonly kind: 'picture'; readonly picture: ImageBitmap };

/** What the page tells the worker. */
export type ToWorker =
  | {
      readonly type: 'start';
      readonly from: ReadableStream<VideoFrame>;
      readonly into: WritableStream<VideoFrame>;
      readonly wasmUrl: string;
      readonly modelUrl: string;
      readonly look: Look;
    }
  | { readonly type: 'look'; readonly look: Look }
  | { readonly type: 'effort'; readonly effort: Effort };

/** How often the worker says how it goes, also when there was nothing to do. */
export const REPORT_MS = 500;

/** What the worker tells the page: the first picture has been made; how it goes; it cannot. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'pace'; readonly spanMs: number; readonly made: number; readonly busyMs: number }
  | { readonly type: 'failed' };
