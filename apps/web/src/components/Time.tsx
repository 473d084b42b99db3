import { words } from '../words/index.ts';
import { formatDuration, fullTime, relativeTime, speakDuration } from '../words/time.ts';
import { useNow } from './useNow.ts';

/** `2 min ago`, kept right while it is on screen; the full time on hover. */
export function RelativeTime({ at }: { readonly at: number }) {
  const now = useNow(30_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

/** A running clock since `at`. Silent: a clock that speaks each second is no help. */
export function RunningDuration({ since }: { readonly since: number }) {
  const now = useNow(1_000, since);
  return (
    <span role="timer" aria-live="off" className="tabular">
      {formatDuration(now - since)}
    </span>
  );
}

export function Duration({ ms }: { readonly ms: number }) {
  return (
    <>
      <span aria-hidden="true" className="tabular">
        {formatDuration(ms)}
      </span>
      <span className="sr-only">{speakDuration(ms, words.locale)}</span>
    </>
  );
}
