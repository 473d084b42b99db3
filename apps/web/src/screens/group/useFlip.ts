import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { Box } from './grid.ts';

const MOVE_MS = 200;
const EASE = 'cubic-bezier(0.2, 0.7, 0.2, 1)';
/** A window that is being drawn larger resizes in small steps: tiles follow it at once. */
const STEP_PX = 40;

const at = ({ x, y }: Box): string => `translate3d(${x}px, ${y}px, 0)`;

const isStep = (before: Box, after: Box): boolean =>
  Math.abs(before.x - after.x) +
    Math.abs(before.y - after.y) +
    Math.abs(before.width - after.width) +
    Math.abs(before.height - after.height) <
  STEP_PX;

/**
 * Moves an element from the box it had to the one it has, by transform alone: the page is laid out once. Where it is new it
 * comes from `from`, or grows into its place.
 */
export function useFlip(element: RefObject<HTMLElement | null>, box: Box, from: Box | null): void {
  // Where it comes from counts once, when it is new.
  const last = useRef<Box | null>(from);
  const { x, y, width, height } = box;
  useLayoutEffect(() => {
    const target = element.current;
    const now = { x, y, width, height };
    const before = last.current;
    last.current = now;
    if (target === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timing = { duration: MOVE_MS, easing: EASE };
    if (before === null) {
      target.animate([{ opacity: 0, transform: `${at(now)} scale(0.96)` }, { opacity: 1 }], timing);
      return;
    }
    if (isStep(before, now)) return;
    const scale = `scale(${before.width / width}, ${before.height / height})`;
    target.animate([{ transform: `${at(before)} ${scale}` }, { transform: at(now) }], timing);
  }, [element, x, y, width, height]);
}

/** Where the box is, for the element's own style. */
export const boxStyle = (box: Box) => ({
  transform: at(box),
  width: `${box.width}px`,
  height: `${box.height}px`,
});
