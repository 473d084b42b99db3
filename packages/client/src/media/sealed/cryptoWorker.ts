import type { Bytes } from '@visavis/encryption';
import {
  type CryptoCounters,
  type CurrentKeys,
  type HeardKeys,
  type JudgedMember,
  type SaidKeys,
  type StartKeys,
  type TrackOwner,
  type TransformOptions,
  type WorkerRequest,
  readReport,
} from '@visavis/encryption/messages';

/** The page's handle on the crypto worker of a call. It knows no key and sees no frame. */
export interface CryptoWorker {
  /** What a sender or receiver is given, so that its frames go through the worker. Made by the factory only. */
  createTransform(options: TransformOptions): RTCRtpScriptTransform;
  /** Whose frames a track has. Before this, and while that device is no member of the group, none of them passes. */
  bindTrack(track: string, owner: TrackOwner): void;
  removeTrack(track: string): void;
  /** How many of the frames of sound that were sent last come again with each from now on, 0 to 2. */
  repeatSound(count: number): void;
  /** Who of the members may be sent to and played; before that, nothing passes under keys that others have, too. */
  admit(members: readonly JudgedMember[]): void;
  /** Makes the worker a member of the call's group (`createCallKeys` does). Throws where that was done before. */
  startKeys(start: StartKeys, handlers: KeysHandlers): void;
  /** An answer or an event of the server, for that member. */
  hear(heard: HeardKeys): void;
  /**
   * Seals for every member, padded; at most 8,190 bytes. Null where nothing may leave at this moment, for want of a key, say, or the
   * worker has died.
   */
  sealData(content: Bytes): Promise<Bytes | null>;
  /** What this device sealed; null where it is not its, or cannot be opened (any more). In the order of the calls. */
  openData(device: string, sealed: Bytes): Promise<Bytes | null>;
  /** Calls the listener whenever pictures are to be encoded whole and the worker cannot ask for that itself. */
  onKeyFramesWanted(listener: () => void): void;
  /** Rejects where the worker has died, or dies before it answers. */
  getCounters(): Promise<CryptoCounters>;
  /** No frame passes any more. */
  close(): void;
}

/** What the worker's member of the group has to say. */
export interface KeysHandlers {
  /** To be asked of the server; the answer is to be heard under this number. */
  onSay(request: number, said: SaidKeys): void;
  /** Null while the device is no member. */
  onKeys(keys: CurrentKeys | null): void;
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
  const waitingForData = new Map<number, (bytes: Bytes | null) => void>();
  let handlers: KeysHandlers | null = null;
  let keyFramesWanted: (() => void) | null = null;
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
    for (const resolve of waitingForData.values()) resolve(null);
    waitingForData.clear();
  };
  const askForData = (toRequest: (request: number) => WorkerRequest): Promise<Bytes | null> => {
    if (isOver) return Promise.resolve(null);
    return new Promise((resolve) => {
      requests += 1;
      waitingForData.set(requests, resolve);
      say(toRequest(requests));
    });
  };
  const answerData = (request: number, bytes: Bytes | null): void => {
    waitingForData.get(request)?.(bytes);
    waitingForData.delete(request);
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
    switch (report?.type) {
      case 'counters':
        waiting.get(report.request)?.resolve(report.counters);
        waiting.delete(report.request);
        return;
      case 'sealed_data':
        return answerData(report.request, report.sealed);
      case 'opened_data':
        return answerData(report.request, report.content);
      case 'say':
        return handlers?.onSay(report.request, report.said);
      case 'keys':
        return handlers?.onKeys(report.keys);
      case 'want_key_frames':
        return keyFramesWanted?.();
      case 'refused':
      case undefined:
        // It refuses what this file never says: one of the two is not what it should be.
        return fail();
    }
  });

  return {
    createTransform: (options) => new RTCRtpScriptTransform(worker, options),
    bindTrack: (track, { device, slots, codec }) => say({ type: 'bind_track', track, device, slots, codec }),
    removeTrack: (track) => say({ type: 'remove_track', track }),
    repeatSound: (count) => say({ type: 'repeat_sound', count }),
    admit: (members) => say({ type: 'admit_members', members }),
    startKeys({ callId, device }, next) {
      if (handlers !== null) throw new Error('The worker is a member already.');
      handlers = next;
      say({ type: 'start_keys', callId, device });
    },
    hear: (heard) => say({ type: 'hear', heard }),
    sealData: (content) => askForData((request) => ({ type: 'seal_data', request, content })),
    openData: (device, sealed) => askForData((request) => ({ type: 'open_data', request, device, sealed })),
    onKeyFramesWanted(listener) {
      keyFramesWanted = listener;
    },
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
