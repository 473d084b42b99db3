import { useEffect } from 'react';
import { useActions } from '../../components/store.tsx';

/** Puts an ended call away after a while; null leaves it until somebody does. */
export function useDismissAfter(callKey: string, afterMs: number | null): void {
  const { dismiss } = useActions();
  useEffect(() => {
    if (afterMs === null) return undefined;
    const timer = setTimeout(() => dismiss(callKey), afterMs);
    return () => clearTimeout(timer);
  }, [callKey, afterMs, dismiss]);
}
