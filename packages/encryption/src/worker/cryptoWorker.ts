import type { Bytes } from '../bytes.ts';
import { createCallData } from '../callData/callData.ts';
import { type ReceivingEpoch, createFrameReceiver } from '../frames/receiver.ts';
import { type SendingEpoch, createFrameSender } from '../frames/sender.ts';
import { type AdmittedKeys, createAdmissions } from './admissions.ts';
import { createCounting } from './counters.ts';
import type { EncodedFrame, FrameTransformer } from './encodedFrames.ts';
import {
  type CurrentKeys,
  type HeardKeys,
  type SaidKeys,
  type StartKeys,
  type TransformOptions,
  type WorkerReport,
  readRequest,
  readTransformOptions,
} from './messages.ts';
import { createOpening } from './opening.ts';
import { createSealing } from './sealing.ts';
import type { WorkerTimers } from './timers.ts';
import { type MemberLeaf, createTracks } from './tracks.ts';

/** What is used of `DedicatedWorkerGlobalScope`. */
export interface WorkerScope {
  addEventListener(type: 'message' | 'rtctransform', listener: (event: Event) => void): void;
}

/**
 * Where the keys of a call come in: from the group that the worker itself is a member of, never from the page. A key is used by
 * one worker and once, because counters begin anew with each.
 */
export interface CallKeys {
  /** Frames of this epoch can be opened from now on. Rejects with a `RangeError` what is not newer than all before. */
  openWith(epoch: ReceivingEpoch): Promise<void>;
  /**
   * Frames leave under this epoch from now on; encoders that can be asked for a key frame begin with one. Rejects as
   * `FrameSender.useEpoch` does.
   */
  sendWith(epoch: SendingEpoch): Promise<void>;
  /**
   * What is said besides media is sealed and opened under this epoch from now on: it comes to everybody behind what made the epoch, so
   * that nobody has to be waited for. Rejects as `openWith` does.
   */
  talkWith(epoch: SendingEpoch): Promise<void>;
  /** Nothing leaves until there is a newer epoch to send with: this device is no member any more. */
  stopSending(): void;
  /** Who is in the group: tracks are bound to the leaves of their devices. To be said before the keys of that epoch come. */
  knowMembers(members: readonly MemberLeaf[]): void;
}

/** What a member of the call's group works with in its worker. */
export interface MemberSurroundings {
  readonly keys: CallKeys;
  readonly timers: WorkerTimers;
  readonly say: (request: number, said: SaidKeys) => void;
  readonly report: (keys: CurrentKeys | null) => void;
  /** Something that the server sent was not taken. */
  readonly ignored: (reason: string) => void;
}

/** Makes a member, which is told in their order what comes from the server. */
export type StartMember = (
  start: StartKeys,
  surroundings: MemberSurroundings,
) => {
  hear(heard: HeardKeys): void;
  /** When everything that was heard by now has been looked at. */
  settled(): Promise<void>;
  close(): void;
};

/**
 * Makes a worker the one of a call: it encrypts and decrypts the frames of every `RTCRtpScriptTransform` that is made with it, and
 * answers the page with counters through `report`. Without a key, with options or messages of a wrong form, and after `close`, nothing passes.
 *
 * @param startMember - what takes part in the call's group, and gives keys that wait for the page's judgement; without it the worker takes no `start_keys`, and
 *   gets its keys by what is returned, which wait for nothing
 */
export function startCryptoWorker(
  scope: WorkerScope,
  report: (report: WorkerReport) => void,
  timers: WorkerTimers,
  startMember: StartMember | null = null,
): AdmittedKeys {
  const counting = createCounting();
  const sender = createFrameSender();
  const receiver = createFrameReceiver((track, reason) => counting.dropped(track, reason));
  const opening = createOpening(receiver, counting, timers);
  const cameras = new Set<FrameTransformer>();
  let hasSeenPictures = false;
  const data = createCallData(timers);
  const forget = createForgetting(receiver, timers);
  const forgetData = createForgetting(data, timers);
  const tracks = createTracks(opening);
  let member: ReturnType<StartMember> | null = null;
  let isClosed = false;
  let repeats = 0;

  const keys: AdmittedKeys = {
    async openWith(epoch) {
      await opening.addEpoch(epoch);
      forget();
    },
    async sendWith(epoch) {
      await sender.useEpoch(epoch);
      askKeyFrames();
    },
    async talkWith(epoch) {
      await data.enter(epoch);
      forgetData();
    },
    stopSending() {
      sender.pause();
      data.pause();
    },
    knowMembers(members) {
      tracks.setMembers(members);
      data.setMembers(members);
    },
    holdSending(isHeld) {
      const wasHeld = sender.isHeld;
      sender.hold(isHeld);
      data.hold(isHeld);
      if (wasHeld && !isHeld) askKeyFrames();
    },
  };
  const admissions = createAdmissions(keys, () => counting.ignored('failed'));

  /** A decoder that missed what came before under another key, or none, has something to begin with. */
  function askKeyFrames(): void {
    let isAsked = true;
    for (const camera of cameras) {
      const asking = camera.generateKeyFrame?.();
      if (asking === undefined) isAsked = false;
      else asking.catch(() => {});
    }
    // The first picture of all is one by itself.
    if (!isAsked && hasSeenPictures) report({ type: 'want_key_frames' });
  }

  /** One group in a worker, and no second one. */
  function start(asked: StartKeys): void {
    if (startMember === null || member !== null || isClosed)
      return report({ type: 'refused', what: 'message' });
    member = startMember(asked, {
      keys: {
        ...admissions,
        talkWith(epoch) {
          data.expect(epoch.epoch);
          return admissions.talkWith(epoch);
        },
      },
      timers,
      say: (request, said) => report({ type: 'say', request, said }),
      report: (current) => report({ type: 'keys', keys: current }),
      ignored: (reason) => counting.ignored(reason),
    });
  }

  async function sealData(request: number, content: Bytes): Promise<void> {
    const result = await data.seal(content);
    if (result.type === 'refused') counting.ignored(`data_${result.reason}`);
    report({ type: 'sealed_data', request, sealed: result.type === 'done' ? result.bytes : null });
  }

  async function openData(request: number, device: string, sealed: Bytes): Promise<void> {
    // The server orders what makes an epoch and what is said in it: all of the first is known when this is opened.
    const result = await data.open(device, sealed, member?.settled() ?? Promise.resolve());
    if (result.type === 'refused') counting.ignored(`data_${result.reason}`);
    forgetData();
    report({ type: 'opened_data', request, content: result.type === 'done' ? result.bytes : null });
  }

  function attach(transformer: FrameTransformer, options: TransformOptions): void {
    if (options.direction === 'receive') {
      const { track } = options;
      run(transformer, async (encoded, sink) => {
        await opening.open(track, encoded, sink);
        forget();
      });
      return;
    }
    const isPicture = options.codec !== 'opus' && options.codec !== 'data';
    if (isPicture) cameras.add(transformer);
    const seal = createSealing(options, sender, counting, () => repeats);
    const sealPicture: typeof seal = (encoded, sink) => {
      hasSeenPictures = true;
      return seal(encoded, sink);
    };
    run(transformer, isPicture ? sealPicture : seal, () => cameras.delete(transformer));
  }

  scope.addEventListener('rtctransform', (event) => {
    const transformer = transformerOf(event);
    const options = transformer === null ? null : readTransformOptions(transformer.options);
    if (transformer === null || options === null) report({ type: 'refused', what: 'transform' });
    else attach(transformer, options);
  });

  scope.addEventListener('message', (event) => {
    const request = readRequest('data' in event ? event.data : null);
    switch (request?.type) {
      case 'start_keys':
        return start(request);
      case 'hear':
        if (member === null) return report({ type: 'refused', what: 'message' });
        return member.hear(request.heard);
      case 'admit_members':
        return admissions.judge(request.members);
      case 'repeat_sound':
        repeats = request.count;
        return;
      case 'bind_track':
        return tracks.bind(request.track, request);
      case 'remove_track':
        return tracks.remove(request.track);
      case 'seal_data':
        return void sealData(request.request, request.content);
      case 'open_data':
        return void openData(request.request, request.device, request.sealed);
      case 'get_counters':
        return report({ type: 'counters', request: request.request, counters: counting.read() });
      case 'close':
        isClosed = true;
        member?.close();
        sender.close();
        data.close();
        return receiver.close();
      case undefined:
        return report({ type: 'refused', what: 'message' });
    }
  });

  return keys;
}

/** Where a transform throws, its connection gets nothing more of it. */
function run(
  { readable, writable }: FrameTransformer,
  transform: (encoded: EncodedFrame, sink: { enqueue(frame: EncodedFrame): void }) => Promise<void>,
  handleEnd: () => void = () => {},
): void {
  readable
    .pipeThrough(new TransformStream<EncodedFrame, EncodedFrame>({ transform }))
    .pipeTo(writable)
    .catch(() => {})
    .finally(handleEnd);
}

/** Sees to it that old keys and frames that waited too long are dropped in time; called whenever there may be new ones. */
function createForgetting(
  receiver: { tick(now: number): void; nextDeadline(): number | null },
  timers: WorkerTimers,
): () => void {
  let next: { readonly at: number; readonly cancel: () => void } | null = null;
  const schedule = (): void => {
    const at = receiver.nextDeadline();
    if (at === null || (next !== null && next.at <= at)) return;
    next?.cancel();
    const cancel = timers.after(Math.max(0, at - timers.now()), () => {
      next = null;
      receiver.tick(timers.now());
      schedule();
    });
    next = { at, cancel };
  };
  return schedule;
}

function transformerOf(event: Event): FrameTransformer | null {
  const transformer: unknown = 'transformer' in event ? event.transformer : null;
  return isTransformer(transformer) ? transformer : null;
}

const isTransformer = (value: unknown): value is FrameTransformer =>
  typeof value === 'object' &&
  value !== null &&
  'readable' in value &&
  value.readable instanceof ReadableStream &&
  'writable' in value &&
  value.writable instanceof WritableStream;
