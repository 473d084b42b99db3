import { useEffect, useState } from 'react';

/**
 * The time in ms, renewed every `everyMs`. With `alignTo` the steps fall on whole multiples counted from there, so that
 * a duration changes exactly when its second is full.
 */
export function useNow(everyMs: number, alignTo = 0): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = (): void => {
      setNow(Date.now());
      const untilNext = everyMs - ((((Date.now() - alignTo) % everyMs) + everyMs) % everyMs);
      timer = setTimeout(tick, Math.max(untilNext, 20));
    };
    tick();
    return () => clearTimeout(timer);
  }, [everyMs, alignTo]);
  return now;
}
