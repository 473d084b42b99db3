import { useEffect, type RefObject } from 'react';
import { useApp } from '../../components/store.tsx';

/** Writes a level to the CSS property `--level` of an element, past React: it changes many times a second. */
export function useLevel(
  element: RefObject<HTMLElement | null>,
  callKey: string,
  side: 'local' | 'remote',
): void {
  const { store } = useApp();
  useEffect(() => {
    let last = -1;
    const write = (): void => {
      const call = store.getState().calls.find((call) => call.key === callKey);
      const quiet = call === undefined || call[side].muted;
      const level = quiet ? 0 : Math.round(call.levels[side] * 50) / 50;
      if (level === last) return;
      last = level;
      element.current?.style.setProperty('--level', String(level));
    };
    write();
    return store.subscribe(write);
  }, [store, element, callKey, side]);
}
