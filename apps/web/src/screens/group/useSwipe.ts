import { useRef, type PointerEvent } from 'react';
import { isControl } from './isControl.ts';

const FAR_PX = 60;

interface Swipe {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: () => void;
}

/** A finger drawn sideways turns the page: +1 is on, −1 back. */
export function useSwipe(onSwipe: (by: 1 | -1) => void): Swipe {
  const start = useRef<{ readonly x: number; readonly y: number; readonly id: number } | null>(null);
  return {
    onPointerDown: (event) => {
      if (event.pointerType === 'mouse' || isControl(event.target)) return;
      // Two fingers mean something else.
      start.current =
        start.current === null ? { x: event.clientX, y: event.clientY, id: event.pointerId } : null;
    },
    onPointerUp: (event) => {
      const from = start.current;
      start.current = null;
      if (from === null || from.id !== event.pointerId) return;
      const across = event.clientX - from.x;
      if (Math.abs(across) < FAR_PX || Math.abs(across) < 2 * Math.abs(event.clientY - from.y)) return;
      onSwipe(across < 0 ? 1 : -1);
    },
    onPointerCancel: () => {
      start.current = null;
    },
  };
}
