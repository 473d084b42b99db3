import type { Bytes } from '../bytes.ts';
import type { FrameReceiver, Received, ReceivingEpoch, TrackBinding } from '../frames/receiver.ts';
import type { Counting } from './counters.ts';
import { type EncodedFrame, type FrameSink, isOfCodec, kindOf, passOn } from './encodedFrames.ts';

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

export function createOpening(receiver: FrameReceiver, counting: Counting, now: () => number): Opening {
  const bindings = new Map<string, TrackBinding>();
  /** The browser's frames, by the bytes that are held for them: what is dropped meanwhile is let go of by itself. */
  const waiting = new WeakMap<Bytes, Waiting>();
  let releasing: Promise<void> = Promise.resolve();

  function unbindTrack(track: string): void {
    bindings.delete(track);
    receiver.removeTrack(track);
  }

  /** What is dropped the receiver has counted. */
  function settle(track: string, result: Received, { encoded, sink }: Waiting): void {
    if (result.type !== 'opened') return;
    try {
      passOn(encoded, result.frame, sink);
      counting.received(track, result.kind);
    } catch {
      // The connection is closed.
      counting.dropped(track, 'closed');
    }
  }

  async function release(epoch: ReceivingEpoch): Promise<void> {
    for (const { track, held, result } of await receiver.addEpoch(epoch, now())) {
      const entry = waiting.get(held);
      if (entry !== undefined) settle(track, result, entry);
    }
  }

  return {
    bindTrack(track, binding) {
      bindings.set(track, binding);
      receiver.bindTrack(track, binding);
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
      try {
        const { mimeType } = encoded.getMetadata();
        const codec = bindings.get(track)?.codec;
        if (codec !== undefined && !isOfCodec(mimeType, codec)) {
          return counting.dropped(track, 'wrong_codec');
        }
        const sealed = new Uint8Array(encoded.data);
        waiting.set(sealed, { encoded, sink });
        settle(track, await receiver.receive(track, kindOf(encoded), sealed, now()), { encoded, sink });
      } catch {
        counting.dropped(track, 'failed');
      }
    },
  };
}
