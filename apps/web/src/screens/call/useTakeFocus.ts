import { useEffect, type RefObject } from 'react';

/**
 * Brings the focus to something that covers the page, and back to where it was. Not onto a button: nobody shall answer a
 * call with the space they were just typing.
 */
export function useTakeFocus(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    element.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [element]);
}
