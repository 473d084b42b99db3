import type { Bytes } from '../bytes.ts';
import type { FrameReceiver, Received, ReceivingEpoch, TrackBinding } from '../frames/receiver.ts';
import type { Counting } from './counters.ts';
import { createEarlyFrames } from './early.ts';
import type { WorkerTimers } from './timers.ts';
import { type Repaired, type Repairing, createRepairing, unpackSound } from '../sound/index.ts';
import {
  type EncodedFrame,
  type FrameSink,
  isOfCodec,
  kindOf,
  passOn,
  timestampOf,
} from './encodedFrames.ts';

/** The receiving half of a crypto worker: frames of all tracks come in here, and those that open go on to their decoder. */
export interface Opening {
  bindTrack(track: string, binding: TrackBinding): void;
  /** Nobody's any more, and counted on. */
  unbindTrack(track: string): void;
  /** Gone, with its counters. */
  removeTrack(track: string): void;
  /** What waited for this epoch goes on, before anything that comes after it. Rejects as `FrameReceiver.addEpoch` does. */
  addEpoch(epoch: ReceivingEpoch): Promise<void>;
  /** Never rejects: a frame that fails is dropped and counted. */
  open(track: string, encoded: EncodedFrame, sink: FrameSink): Promise<void>;
}

interface Waiting {
  readonly encoded: EncodedFrame;
  readonly sink: FrameSink;
}

export function createOpening(receiver: FrameReceiver, counting: Counting, timers: WorkerTimers): Opening {
  const bindings = new Map<string, TrackBinding>();
  /** The browser's frames, by the bytes that are held for them: what is dropped meanwhile is let go of by itself. */
  const waiting = new WeakMap<Bytes, Waiting>();
  /** By the way to the decoder that they repair. */
  const repairings = new WeakMap<FrameSink, Repairing<Waiting>>();
  const scheduled = new WeakSet<Repairing<Waiting>>();
  let releasing: Promise<void> = Promise.resolve();
  const early = createEarlyFrames();
  let cancelEarly: (() => void) | null = null;

  function unbindTrack(track: string): void {
    bindings.delete(track);
    receiver.removeTrack(track);
  }

  /** What is dropped the receiver has counted. */
  function settle(track: string, result: Received, { encoded, sink }: Waiting): void {
    if (result.type !== 'opened') return;
    if (bindings.get(track)?.codec === 'opus') return playSound(track, result.frame, { encoded, sink });
    try {
      passOn(encoded, result.frame, sink);
      counting.received(track, result.kind);
    } catch {
      // The connection is closed.
      counting.dropped(track, 'closed');
    }
  }

  function playSound(track: string, bytes: Bytes, arrived: Waiting): void {
    const sound = unpackSound(bytes);
    if (sound === null) return counting.dropped(track, 'bad_sound');
    const timestamp = timestampOf(arrived.encoded);
    // Without its time nobody knows what is missing before it.
    if (timestamp === null) return play(track, { frame: arrived, packet: sound.frame, repaired: 0 });
    const repairing = repairings.get(arrived.sink) ?? createRepairing();
    repairings.set(arrived.sink, repairing);
    const due = repairing.next(arrived, timestamp, sound, timers.now());
    if (due === null) return counting.dropped(track, 'repeated');
    for (const each of due) play(track, each);
    playDue(track, repairing);
  }

  /** Sees to it that what waits for a frame that does not come goes on without it. */
  function playDue(track: string, repairing: Repairing<Waiting>): void {
    const deadline = repairing.nextDeadline();
    if (deadline === null || scheduled.has(repairing)) return;
    scheduled.add(repairing);
    timers.after(Math.max(0, deadline - timers.now()), () => {
      scheduled.delete(repairing);
      for (const each of repairing.takeDue(timers.now())) play(track, each);
      playDue(track, repairing);
    });
  }

  function play(track: string, { frame: { encoded, sink }, packet, repaired }: Repaired<Waiting>): void {
    // The track is gone while this frame waited, and its counters with it.
    if (!bindings.has(track)) return;
    try {
      passOn(encoded, packet, sink);
      counting.received(track, 'delta', repaired);
    } catch {
      // The connection is closed.
      counting.dropped(track, 'closed');
    }
  }

  function dropEarly(): void {
    for (const { track, frames } of early.takeExpired(timers.now()))
      for (const _ of frames) counting.dropped(track, 'no_track');
    const at = early.nextExpiry();
    cancelEarly?.();
    cancelEarly = at === null ? null : timers.after(Math.max(0, at - timers.now()), dropEarly);
  }

  /** Whether this picture waits until its track is somebody's. */
  function holdEarly(track: string, frame: Waiting): boolean {
    if (bindings.has(track) || !early.add(track, frame, timers.now())) return false;
    if (cancelEarly === null) dropEarly();
    return true;
  }

  async function receive(track: string, { encoded, sink }: Waiting): Promise<void> {
    try {
      const { mimeType } = encoded.getMetadata();
      const codec = bindings.get(track)?.codec;
      if (codec !== undefined && !isOfCodec(mimeType, codec)) {
        return counting.dropped(track, 'wrong_codec');
      }
      const sealed = new Uint8Array(encoded.data);
      waiting.set(sealed, { encoded, sink });
      settle(track, await receiver.receive(track, kindOf(encoded), sealed, timers.now()), {
        encoded,
        sink,
      });
    } catch {
      counting.dropped(track, 'failed');
    }
  }

  async function release(epoch: ReceivingEpoch): Promise<void> {
    for (const { track, held, result } of await receiver.addEpoch(epoch, timers.now())) {
      const entry = waiting.get(held);
      if (entry !== undefined) settle(track, result, entry);
    }
  }

  return {
    bindTrack(track, binding) {
      bindings.set(track, binding);
      receiver.bindTrack(track, binding);
      const frames = early.take(track, timers.now());
      if (frames.length === 0) return;
      releasing = releasing.then(async () => {
        for (const frame of frames) await receive(track, frame);
      });
    },
    unbindTrack,
    removeTrack(track) {
      unbindTrack(track);
      counting.forget(track);
    },
    addEpoch(epoch) {
      const released = releasing.then(() => release(epoch));
      releasing = released.catch(() => {});
      return released;
    },
    async open(track, encoded, sink) {
      await releasing;
      if (!holdEarly(track, { encoded, sink })) await receive(track, { encoded, sink });
    },
  };
}
