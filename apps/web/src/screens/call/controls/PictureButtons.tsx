import { Maximize, Minimize, PictureInPicture2 } from 'lucide-react';
import { useSyncExternalStore, type RefObject } from 'react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { useCall } from '../../../components/store.tsx';
import { callWords as say } from '../../../words/call.ts';
import { canFullScreen, toggleFullScreen } from '../fullScreen.ts';
import { canPictureInPicture, togglePictureInPicture } from '../pictureInPicture.ts';
import { showsPicture } from '../phase.ts';

interface PictureButtonsProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
}

export function PictureButtons({ callKey, video }: PictureButtonsProps) {
  const picture = useCall(callKey, showsPicture) ?? false;
  const full = useFullScreen();
  return (
    <>
      {picture && canPictureInPicture() && (
        <ControlButton label={say.pictureInPicture} onClick={() => togglePictureInPicture(video.current)}>
          <PictureInPicture2 size={23} />
        </ControlButton>
      )}
      {canFullScreen() && (
        <ControlButton
          label={full ? say.leaveFullScreen : say.fullScreen}
          shortcut="F"
          onClick={toggleFullScreen}
        >
          {full ? <Minimize size={23} /> : <Maximize size={23} />}
        </ControlButton>
      )}
    </>
  );
}

function useFullScreen(): boolean {
  return useSyncExternalStore(
    (notify) => {
      document.addEventListener('fullscreenchange', notify);
      return () => document.removeEventListener('fullscreenchange', notify);
    },
    () => document.fullscreenElement !== null,
  );
}
