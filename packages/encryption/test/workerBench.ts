import type { Codec, Slot } from '../src/index.ts';
import {
  type CryptoCounters,
  type TransformOptions,
  type WorkerReport,
  type WorkerRequest,
  readReport,
} from '../src/worker/messages.ts';
import type { EncodedFrame } from '../src/worker/encodedFrames.ts';
import {
  type AdmittedKeys,
  type StartMember,
  type WorkerTimers,
  startCryptoWorker,
} from '../src/worker/index.ts';
import { type Bytes, baseKeyOf } from './frameFixtures.ts';

/** A frame of a browser that is played. */
export interface PlayedFrame extends EncodedFrame {
  readonly name: string;
}

export interface FrameFacts {
  readonly type?: 'key' | 'delta';
  readonly mimeType?: string;
  readonly ssrc?: number;
  /** RTP time. */
  readonly at?: number;
}

export function encodedFrame(name: string, bytes: Bytes, facts: FrameFacts = {}): PlayedFrame {
  const { type, mimeType, ssrc, at } = facts;
  return {
    name,
    data: bytes.slice().buffer,
    ...(type === undefined ? {} : { type }),
    getMetadata: () => ({
      ...(at === undefined ? {} : { rtpTimestamp: at }),
      ...(mimeType === undefined ? {} : { mimeType }),
      ...(ssrc === undefined ? {} : { synchronizationSource: ssrc }),
    }),
  };
}

/** One transform of a connection: frames go in, and some come out. */
export interface PlayedTransform {
  readonly put: (frame: PlayedFrame) => Promise<void>;
  readonly out: PlayedFrame[];
  keyFramesAsked(): number;
}

export interface WorkerBench {
  readonly keys: AdmittedKeys;
  readonly reports: WorkerReport[];
  say(request: WorkerRequest): void;
  sayAnything(message: unknown): void;
  /** `canAsk`: whether its encoder can be asked for a key frame. */
  attach(options: unknown, canAsk?: boolean): PlayedTransform;
  counters(): CryptoCounters;
  /** Lets so much time pass. */
  pass(ms: number): void;
  /** How many things wait for their time. */
  timers(): number;
}

/** A crypto worker with its page and its browser. With `clock` its time is that of others, and `pass` does nothing. */
export function createWorkerBench(
  startMember: StartMember | null = null,
  clock: WorkerTimers | null = null,
): WorkerBench {
  const scope = new EventTarget();
  const reports: WorkerReport[] = [];
  let now = 0;
  let pending: { readonly at: number; readonly callback: () => void }[] = [];
  const timers: WorkerTimers = clock ?? {
    now: () => now,
    after(delayMs: number, callback: () => void) {
      const entry = { at: now + delayMs, callback };
      pending.push(entry);
      return () => {
        pending = pending.filter((other) => other !== entry);
      };
    },
  };
  const listening = {
    addEventListener: (type: string, listener: (event: Event) => void) =>
      scope.addEventListener(type, listener),
  };
  const keys = startCryptoWorker(
    listening,
    (report) => reports.push(structuredClone(report)),
    timers,
    startMember,
  );
  const dispatch = (type: string, members: object): void =>
    void scope.dispatchEvent(Object.assign(new Event(type), members));

  return {
    keys,
    reports,
    say: (request) => dispatch('message', { data: structuredClone(request) }),
    sayAnything: (message) => dispatch('message', { data: message }),
    attach(options, canAsk = true) {
      const input = new TransformStream<EncodedFrame, EncodedFrame>();
      const writer = input.writable.getWriter();
      const out: PlayedFrame[] = [];
      let asked = 0;
      const writable = new WritableStream<EncodedFrame>({
        write: (frame) => void out.push(frame as PlayedFrame),
      });
      const generateKeyFrame = (): Promise<void> => {
        asked += 1;
        return Promise.reject(new Error('no encoder yet'));
      };
      dispatch('rtctransform', {
        transformer: {
          options,
          readable: input.readable,
          writable,
          ...(canAsk ? { generateKeyFrame } : {}),
        },
      });
      return { put: (frame) => writer.write(frame), out, keyFramesAsked: () => asked };
    },
    counters() {
      dispatch('message', { data: { type: 'get_counters', request: 7 } });
      const last = readReport(reports.at(-1));
      if (last?.type !== 'counters' || last.request !== 7) throw new Error('no counters');
      return last.counters;
    },
    pass(ms) {
      now += ms;
      const due = pending.filter(({ at }) => at <= now);
      pending = pending.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
    timers: () => pending.length,
  };
}

export const sending = (slot: Slot | readonly Slot[], codec: Codec): TransformOptions => ({
  direction: 'send',
  slots: typeof slot === 'string' ? [slot] : slot,
  codec,
});

export const receiving: TransformOptions = { direction: 'receive', track: 'track' };

/** Frames of leaf 3 come in as `track` from now on. */
export function bind(bench: WorkerBench, codec: Codec, slots: readonly Slot[], leaf = 3): void {
  bench.keys.knowMembers([{ device: 'other', leaf, firstEpoch: 0n }]);
  bench.say({ type: 'bind_track', track: 'track', device: 'other', slots, codec });
}

export const openWith = (bench: WorkerBench, epoch: bigint, group = 1): Promise<void> =>
  bench.keys.openWith({ epoch, baseKey: baseKeyOf(epoch, group) });

export const sendWith = (bench: WorkerBench, epoch: bigint, group = 1): Promise<void> =>
  bench.keys.sendWith({ epoch, leaf: 3, baseKey: baseKeyOf(epoch, group) });
