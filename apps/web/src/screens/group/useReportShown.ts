import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useActions } from '../../components/store.tsx';
import type { ShownTile } from '../../model/groups.ts';
import { sameShown } from './shown.ts';

/** Sizes that change while a window is drawn larger are told this often, and no more. */
const EVERY_MS = 250;

/** Tells the others what is seen of them, whenever that has changed. */
export function useReportShown(callKey: string, shown: readonly ShownTile[]): void {
  const { showTiles } = useActions();
  const told = useRef<{ readonly shown: readonly ShownTile[]; readonly at: number } | null>(null);
  useEffect(() => {
    if (told.current !== null && sameShown(told.current.shown, shown)) return undefined;
    const tell = (): void => {
      told.current = { shown, at: performance.now() };
      showTiles(callKey, shown);
    };
    const waitMs = told.current === null ? 0 : told.current.at + EVERY_MS - performance.now();
    if (waitMs <= 0) {
      tell();
      return undefined;
    }
    const timer = setTimeout(tell, waitMs);
    return () => clearTimeout(timer);
  }, [callKey, shown, showTiles]);
}

const subscribe = (notify: () => void): (() => void) => {
  document.addEventListener('visibilitychange', notify);
  return () => document.removeEventListener('visibilitychange', notify);
};

/** Whether the page can be seen at all. */
export const usePageVisible = (): boolean =>
  useSyncExternalStore(subscribe, () => document.visibilityState === 'visible');
