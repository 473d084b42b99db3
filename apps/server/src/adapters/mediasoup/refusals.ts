import { SfuRefusal } from '../../mediaPorts.ts';

/**
 * What went wrong in mediasoup, by whose fault it is.
 *
 * @param place - how things stand now: whether the worker has ended, and whether the device's media have closed, by
 *   itself, by its opening anew or by the end of the call
 */
export function toRefusal(
  error: unknown,
  { isDead, isGone }: { readonly isDead: boolean; readonly isGone: boolean },
): SfuRefusal {
  if (error instanceof SfuRefusal) return error;
  if (isDead) return new SfuRefusal('MEDIA_UNAVAILABLE', error);
  return new SfuRefusal(isGone ? 'NO_SUCH_TRANSPORT' : 'BAD_MEDIA', error);
}
