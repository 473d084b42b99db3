import { useCallback, useEffect, useRef, useState, type PointerEvent, type MouseEvent } from 'react';

/** How long the controls stay after the last movement. */
const SHOWN_MS = 3_000;

interface Controls {
  readonly shown: boolean;
  /** While a menu is open the controls stay. */
  readonly setMenuOpen: (open: boolean) => void;
  /** For the stage. */
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerDownCapture: (event: PointerEvent) => void;
    readonly onClickCapture: (event: MouseEvent) => void;
    readonly onFocus: () => void;
    readonly onKeyDown: () => void;
  };
}

/** Controls that get out of the way: gone after a while of stillness, back on movement, tap or focus. */
export function useControls(mayHide: boolean, focusIsWithin: () => boolean): Controls {
  const [awake, setAwake] = useState(true);
  const [menuOpen, setMenuOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const swallowClick = useRef(false);

  const maySleep = mayHide && !menuOpen;

  const schedule = useCallback(() => {
    clearTimeout(timer.current);
    const sleep = (): void => {
      if (focusIsWithin()) timer.current = setTimeout(sleep, SHOWN_MS);
      else setAwake(false);
    };
    timer.current = setTimeout(sleep, SHOWN_MS);
  }, [focusIsWithin]);

  useEffect(() => {
    if (!maySleep) return undefined;
    schedule();
    return () => {
      clearTimeout(timer.current);
      setAwake(true);
    };
  }, [maySleep, schedule]);

  const wake = (): void => {
    setAwake(true);
    if (maySleep) schedule();
  };

  const shown = awake || !maySleep;
  return {
    shown,
    setMenuOpen,
    handlers: {
      onPointerMove: (event) => {
        if (event.pointerType === 'mouse') wake();
      },
      // A finger that wakes the controls must not press what it happened to land on.
      onPointerDownCapture: (event) => {
        swallowClick.current = !shown && event.pointerType !== 'mouse';
        wake();
      },
      onClickCapture: (event) => {
        if (!swallowClick.current) return;
        swallowClick.current = false;
        event.preventDefault();
        event.stopPropagation();
      },
      onFocus: wake,
      onKeyDown: wake,
    },
  };
}
