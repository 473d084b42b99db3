import { useEffect, useState, type RefObject } from 'react';
import type { Size } from './corners.ts';

/** Gives a stream to a media element and starts it. A refusal is the caller's to see, through `onRefused`. */
export function useStream(
  element: RefObject<HTMLMediaElement | null>,
  stream: MediaStream | null,
  onRefused?: (refused: boolean) => void,
): void {
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    let over = false;
    give(target, stream);
    if (stream !== null) {
      target
        .play()
        .then(() => over || onRefused?.(false))
        .catch((reason: unknown) => {
          // An AbortError only says that another stream took its place.
          const refused = reason instanceof DOMException && reason.name === 'NotAllowedError';
          if (refused && !over) onRefused?.(true);
        });
    }
    return () => {
      over = true;
    };
  }, [element, stream, onRefused]);
}

function give(target: HTMLMediaElement, stream: MediaStream | null): void {
  if (target.srcObject !== stream) target.srcObject = stream;
}

/** True once the element shows a picture that came after `stream` or `on` changed: until then it would be black. */
export function useFirstFrame(
  element: RefObject<HTMLVideoElement | null>,
  stream: MediaStream | null,
  on: boolean,
): boolean {
  const [seen, setSeen] = useState<{ readonly stream: MediaStream } | null>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || stream === null || !on) return undefined;
    const show = (): void => setSeen({ stream });
    if (typeof video.requestVideoFrameCallback === 'function') {
      const handle = video.requestVideoFrameCallback(show);
      return () => {
        video.cancelVideoFrameCallback(handle);
        setSeen(null);
      };
    }
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) show();
    video.addEventListener('loadeddata', show);
    return () => {
      video.removeEventListener('loadeddata', show);
      setSeen(null);
    };
  }, [element, stream, on]);
  return on && seen !== null && seen.stream === stream;
}

/** Width and height of what a video shows; null before there is any. Follows a phone that is turned. */
export function usePictureSize(element: RefObject<HTMLVideoElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return undefined;
    const measure = (): void => {
      if (video.videoWidth > 0) setSize({ width: video.videoWidth, height: video.videoHeight });
    };
    measure();
    video.addEventListener('resize', measure);
    video.addEventListener('loadedmetadata', measure);
    return () => {
      video.removeEventListener('resize', measure);
      video.removeEventListener('loadedmetadata', measure);
    };
  }, [element]);
  return size;
}
