import type { RefObject } from 'react';
import { useCall } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { fitFor, type Size } from './corners.ts';
import { showsPicture } from './phase.ts';
import { useFirstFrame, usePictureSize, useStream } from './useStream.ts';

interface RemotePictureProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly stage: Size;
}

/** The other person. Silent: the sound has its own element, which the browser treats by other rules. */
export function RemotePicture({ callKey, video, stage }: RemotePictureProps) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    stream: call.remote.stream,
    on: showsPicture(call),
    ever: call.callType === 'video' || call.remote.camera,
  }));
  if (call === null || !call.ever) return null;
  return <Picture {...call} video={video} stage={stage} />;
}

interface PictureProps {
  readonly name: string;
  readonly stream: MediaStream | null;
  readonly on: boolean;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly stage: Size;
}

function Picture({ name, stream, on, video, stage }: PictureProps) {
  useStream(video, stream);
  const seen = useFirstFrame(video, stream, on);
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
