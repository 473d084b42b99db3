import type { RefObject } from 'react';
import { useCall } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import type { Size } from './corners.ts';
import { PersonVideo } from './PersonVideo.tsx';
import { showsPicture } from './phase.ts';

interface RemotePictureProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly stage: Size;
  readonly onSeen: () => void;
}

/** The other person. */
export function RemotePicture({ callKey, video, stage, onSeen }: RemotePictureProps) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    stream: call.remote.stream,
    on: showsPicture(call),
    ever: call.callType === 'video' || call.remote.camera,
  }));
  if (call === null || !call.ever) return null;
  return (
    <PersonVideo
      label={words.call.videoOf(call.name)}
      className="remote-picture"
      stream={call.stream}
      on={call.on}
      box={stage}
      video={video}
      onSeen={onSeen}
    />
  );
}
