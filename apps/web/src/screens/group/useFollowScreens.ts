import { useEffect, useRef } from 'react';
import { useActions } from '../../components/store.tsx';
import type { Cast } from './arrangement.ts';

/** A screen that somebody begins to share wants to be read: it comes to the front, and the grid comes back after it. */
export function useFollowScreens(callKey: string, cast: Cast | null): void {
  const { setLayout } = useActions();
  const seen = useRef(0);
  const moved = useRef(false);
  const count = cast?.screens.length ?? 0;
  const layout = cast?.layout ?? 'grid';
  useEffect(() => {
    const before = seen.current;
    seen.current = count;
    if (count > before && layout === 'grid') {
      moved.current = true;
      setLayout(callKey, 'spotlight');
    } else if (count === 0 && before > 0) {
      if (moved.current && layout === 'spotlight') setLayout(callKey, 'grid');
      moved.current = false;
    }
  }, [callKey, count, layout, setLayout]);
}
