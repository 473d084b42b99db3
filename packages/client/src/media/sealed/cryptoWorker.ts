import type { TrackBinding } from '@visavis/encryption';
import {
  type CryptoCounters,
  type TransformOptions,
  type WorkerRequest,
  readReport,
} from '@visavis/encryption/messages';

/** The page's handle on the crypto worker of a call. It knows no key and sees no frame. */
export interface CryptoWorker {
  /** What a sender or receiver is given, so that its frames go through the worker. Made by the factory only. */
  createTransform(options: TransformOptions): RTCRtpScriptTransform;
  /** Whose frames a track has. Before this none of them passes. */
  bindTrack(track: string, binding: TrackBinding): void;
  removeTrack(track: string): void;
  /** Rejects where the worker has died, or dies before it answers. */
  getCounters(): Promise<CryptoCounters>;
  /** No frame passes any more. */
  close(): void;
}

export interface CryptoWorkerOptions {
  /** The worker died, or did what it never does. It has been ended: nothing passes, and nothing will. Called once at most. */
  readonly onFailed: () => void;
  /** Default: the worker of this package. */
  readonly createWorker?: () => Worker;
}

interface Waiting {
  readonly resolve: (counters: CryptoCounters) => void;
  readonly reject: (reason: Error) => void;
}

const createRealWorker = (): Worker => new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });

/** Starts the crypto worker of one call; a call that begins anew has a new one. Throws where the browser cannot. */
export function startCryptoWorker({
  onFailed,
  createWorker = createRealWorker,
}: CryptoWorkerOptions): CryptoWorker {
  const worker = createWorker();
  const waiting = new Map<number, Waiting>();
  let requests = 0;
  let isOver = false;

  const say = (request: WorkerRequest): void => {
    // A worker has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (!isOver) worker.postMessage(request);
  };
  const end = (): void => {
    isOver = true;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(new Error('The crypto worker has ended.'));
    waiting.clear();
  };
  const fail = (): void => {
    if (isOver) return;
    end();
    onFailed();
  };
  worker.addEventListener('error', fail);
  worker.addEventListener('messageerror', fail);
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const report = readReport(data);
    // It refuses what this file never says: one of the two is not what it should be.
    if (report?.type !== 'counters') return fail();
    waiting.get(report.request)?.resolve(report.counters);
    waiting.delete(report.request);
  });

  return {
    createTransform: (options) => new RTCRtpScriptTransform(worker, options),
    bindTrack: (track, binding) => say({ type: 'bind_track', track, binding }),
    removeTrack: (track) => say({ type: 'remove_track', track }),
    getCounters() {
      if (isOver) return Promise.reject(new Error('The crypto worker has ended.'));
      return new Promise((resolve, reject) => {
        requests += 1;
        waiting.set(requests, { resolve, reject });
        say({ type: 'get_counters', request: requests });
      });
    },
    close() {
      if (isOver) return;
      say({ type: 'close' });
      end();
    },
  };
}
