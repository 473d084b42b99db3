import { useEffect, type RefObject } from 'react';
import { useCall } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { fitFor, type Size } from './corners.ts';
import { showsPicture } from './phase.ts';
import { useFirstFrame, usePictureSize, useStream } from './useStream.ts';

interface RemotePictureProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly stage: Size;
  /** The first picture is there to be seen. */
  readonly onSeen: () => void;
}

/** The other person. Silent: the sound has its own element, which the browser treats by other rules. */
export function RemotePicture({ callKey, ...place }: RemotePictureProps) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    stream: call.remote.stream,
    on: showsPicture(call),
    ever: call.callType === 'video' || call.remote.camera,
  }));
  if (call === null || !call.ever) return null;
  return <Picture {...call} {...place} />;
}

interface PictureProps extends Omit<RemotePictureProps, 'callKey'> {
  readonly name: string;
  readonly stream: MediaStream | null;
  readonly on: boolean;
}

function Picture({ name, stream, on, video, stage, onSeen }: PictureProps) {
  useStream(video, stream);
  const seen = useFirstFrame(video, stream, on);
  useEffect(() => {
    if (seen) onSeen();
  }, [seen, onSeen]);
  const { fit, zoom } = fitFor(stage, usePictureSize(video));
  return (
    <video
      ref={video}
      className="remote-picture"
      aria-label={words.call.videoOf(name)}
      data-shown={seen || undefined}
      data-fit={fit}
      style={{ '--zoom': zoom }}
      muted
      autoPlay
      playsInline
    />
  );
}
