import type { FrameSender } from '../frames/sender.ts';
import type { Counting } from './counters.ts';
import { type EncodedFrame, type FrameSink, isOfCodec, kindOf, passOn } from './encodedFrames.ts';
import type { TransformOptions } from './messages.ts';
import { createSlotChoice } from './slotChoice.ts';

/**
 * What happens to each frame of an encoder: it goes on encrypted, or not at all. A frame that fails is dropped and counted, and the
 * next one is tried; where a frame cannot even be read it rejects.
 */
export function createSealing(
  { slots, codec }: Extract<TransformOptions, { direction: 'send' }>,
  sender: FrameSender,
  counting: Counting,
): (encoded: EncodedFrame, sink: FrameSink) => Promise<void> {
  const slotOf = createSlotChoice(slots);

  return async (encoded, sink) => {
    const { synchronizationSource, mimeType } = encoded.getMetadata();
    const slot = slotOf(synchronizationSource);
    if (!isOfCodec(mimeType, codec)) return counting.refused(slot, 'wrong_codec');
    const kind = kindOf(encoded);
    const plain = new Uint8Array(encoded.data);
    const sent = await sender.protect({ slot, codec }, kind, plain);
    if (sent.type === 'refused') return counting.refused(slot, sent.reason);
    try {
      passOn(encoded, sent.frame, sink);
      counting.sent(slot, kind, sent.frame.length - plain.length);
    } catch {
      // The connection is closed.
      counting.refused(slot, 'closed');
    }
  };
}
