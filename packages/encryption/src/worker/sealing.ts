import type { FrameSender } from '../frames/sender.ts';
import type { Counting } from './counters.ts';
import {
  type EncodedFrame,
  type FrameSink,
  isOfCodec,
  kindOf,
  passOn,
  timestampOf,
} from './encodedFrames.ts';
import type { TransformOptions } from './messages.ts';
import { createRepeating, packSound } from '../sound/index.ts';
import { createSlotChoice } from './slotChoice.ts';

/**
 * What happens to each frame of an encoder: it goes on encrypted, or not at all. A frame that fails is dropped and counted, and the
 * next one is tried; where a frame cannot even be read it rejects.
 *
 * @param repeats - how many earlier frames of sound come again with each
 */
export function createSealing(
  { slots, codec }: Extract<TransformOptions, { direction: 'send' }>,
  sender: FrameSender,
  counting: Counting,
  repeats: () => number,
): (encoded: EncodedFrame, sink: FrameSink) => Promise<void> {
  const slotOf = createSlotChoice(slots);
  const repeating = createRepeating();

  return async (encoded, sink) => {
    const { synchronizationSource, mimeType } = encoded.getMetadata();
    const slot = slotOf(synchronizationSource);
    if (!isOfCodec(mimeType, codec)) return counting.refused(slot, 'wrong_codec');
    const kind = kindOf(encoded);
    const plain = new Uint8Array(encoded.data);
    const timestamp = codec === 'opus' ? timestampOf(encoded) : null;
    const { era } = sender;
    let body = plain;
    let repeatedBytes = 0;
    // An empty frame is refused, and stays one.
    if (codec === 'opus' && plain.length > 0) {
      const again = timestamp === null ? [] : repeating.before(timestamp, era, repeats());
      body = packSound({ frame: plain, repeats: again });
      repeatedBytes = body.length - plain.length - 1;
    }
    const sent = await sender.protect({ slot, codec }, kind, body);
    if (sent.type === 'refused') return counting.refused(slot, sent.reason);
    try {
      passOn(encoded, sent.frame, sink);
      if (timestamp !== null) repeating.remember(timestamp, era, plain);
      counting.sent(slot, kind, sent.frame.length - plain.length - repeatedBytes, repeatedBytes);
    } catch {
      // The connection is closed.
      counting.refused(slot, 'closed');
    }
  };
}
