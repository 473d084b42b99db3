import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Insets, Size } from './corners.ts';

interface Measured {
  readonly size: Size;
  /** What the device's own edges take, as the element's padding says. */
  readonly safe: Insets;
}

const NOTHING: Measured = { size: { width: 0, height: 0 }, safe: { top: 0, right: 0, bottom: 0, left: 0 } };

/** Size and padding of an element, kept up to date. */
export function useSize(element: RefObject<HTMLElement | null>): Measured {
  const [measured, setMeasured] = useState(NOTHING);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const measure = (): void => {
      const style = getComputedStyle(target);
      setMeasured({
        size: { width: target.clientWidth, height: target.clientHeight },
        safe: {
          top: Number.parseFloat(style.paddingTop) || 0,
          right: Number.parseFloat(style.paddingRight) || 0,
          bottom: Number.parseFloat(style.paddingBottom) || 0,
          left: Number.parseFloat(style.paddingLeft) || 0,
        },
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return measured;
}
