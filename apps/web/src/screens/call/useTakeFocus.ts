import { useEffect, type RefObject } from 'react';

/**
 * Brings the focus to something that covers the page, again when what it shows changes, and in the end back to where it was.
 * Not onto a button: nobody shall answer a call with the space they were just typing.
 *
 * @param shows - names what is there to be pressed; null while there is nothing
 */
export function useTakeFocus(element: RefObject<HTMLElement | null>, shows: string | null): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (shows !== null) element.current?.focus({ preventScroll: true });
  }, [element, shows]);
}

/** A call that is over does not fill the screen any more. */
export function useLeaveFullScreen(leave: boolean): void {
  useEffect(() => {
    if (leave && document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
  }, [leave]);
}
