import { useEffect, type RefObject } from 'react';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import type { Size } from './corners.ts';
import { PersonVideo } from './PersonVideo.tsx';
import { showsPicture } from './phase.ts';

interface RemotePictureProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly stage: Size;
  readonly onSeen: () => void;
}

/** Says when the first picture is there: what else changes on the screen has waited for it. */
function useFirstPicture(
  callKey: string,
  video: RefObject<HTMLVideoElement | null>,
  stream: MediaStream | null,
): void {
  const { seePicture } = useActions();
  const settingUp = useModel((model) => model.settingUp);
  useEffect(() => {
    const element = video.current;
    if (!settingUp || stream === null || element === null) return undefined;
    // Without it the screen is drawn a moment later.
    if (typeof element.requestVideoFrameCallback !== 'function') return undefined;
    const handle = element.requestVideoFrameCallback(() => seePicture(callKey));
    return () => element.cancelVideoFrameCallback(handle);
  }, [callKey, video, stream, settingUp, seePicture]);
}

/** The other person. */
export function RemotePicture({ callKey, video, stage, onSeen }: RemotePictureProps) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    stream: call.remote.stream,
    on: showsPicture(call),
    ever: call.callType === 'video' || call.remote.camera,
  }));
  useFirstPicture(callKey, video, call?.stream ?? null);
  if (call === null || !call.ever) return null;
  return (
    <PersonVideo
      label={callWords.videoOf(call.name)}
      className="remote-picture"
      stream={call.stream}
      on={call.on}
      box={stage}
      video={video}
      onSeen={onSeen}
    />
  );
}
