import { errors } from 'mediasoup';
import { SfuRefusal } from '../../mediaPorts.ts';

/** What went wrong in mediasoup, by whose fault it is. */
export function toRefusal(error: unknown, isGone: boolean): SfuRefusal {
  if (error instanceof SfuRefusal) return error;
  if (error instanceof errors.WorkerClosedError) return new SfuRefusal('MEDIA_UNAVAILABLE', error);
  // Closed in the meantime, by its own device, by the end of the call or with its worker.
  if (isGone) return new SfuRefusal('NO_SUCH_TRANSPORT', error);
  return new SfuRefusal('BAD_MEDIA', error);
}
