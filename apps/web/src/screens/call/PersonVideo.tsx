import { useEffect, useRef, type RefObject } from 'react';
import { fitFor, type Size } from './corners.ts';
import { useFirstFrame, usePictureSize, useStream } from './useStream.ts';

interface PersonVideoProps {
  readonly label: string;
  readonly className: string;
  readonly stream: MediaStream | null;
  readonly on: boolean;
  readonly box: Size;
  readonly mirrored?: boolean;
  /** For whoever needs the element, too. */
  readonly video?: RefObject<HTMLVideoElement | null>;
  /** The first picture is there to be seen. */
  readonly onSeen?: () => void;
}

/** The picture of a person, fitted to its place. Silent: sound has elements of its own, which the browser treats by other rules. */
export function PersonVideo({
  label,
  className,
  stream,
  on,
  box,
  mirrored = false,
  video,
  onSeen,
}: PersonVideoProps) {
  const own = useRef<HTMLVideoElement>(null);
  const element = video ?? own;
  useStream(element, stream);
  const seen = useFirstFrame(element, stream, on);
  useEffect(() => {
    if (seen) onSeen?.();
  }, [seen, onSeen]);
  const { fit, zoom } = fitFor(box, usePictureSize(element));
  return (
    <video
      ref={element}
      className={className}
      aria-label={label}
      data-shown={seen || undefined}
      data-mirrored={mirrored || undefined}
      data-fit={fit}
      style={{ '--zoom': zoom }}
      muted
      autoPlay
      playsInline
    />
  );
}
