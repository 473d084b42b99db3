import { Maximize, Minimize, PictureInPicture2 } from 'lucide-react';
import { useSyncExternalStore, type RefObject } from 'react';
import { useCall } from '../../../components/store.tsx';
import { words } from '../../../words/index.ts';
import { canFullScreen, toggleFullScreen } from '../fullScreen.ts';
import { canPictureInPicture, togglePictureInPicture } from '../pictureInPicture.ts';
import { showsPicture } from '../phase.ts';

const say = words.call;

interface PictureButtonsProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
}

export function PictureButtons({ callKey, video }: PictureButtonsProps) {
  const picture = useCall(callKey, showsPicture) ?? false;
  const full = useFullScreen();
  const fullLabel = full ? say.leaveFullScreen : say.fullScreen;
  return (
    <>
      {picture && canPictureInPicture() && (
        <button
          type="button"
          className="control"
          aria-label={say.pictureInPicture}
          data-tip={say.pictureInPicture}
          onClick={() => togglePictureInPicture(video.current)}
        >
          <PictureInPicture2 size={23} />
        </button>
      )}
      {canFullScreen() && (
        <button
          type="button"
          className="control"
          aria-label={fullLabel}
          aria-keyshortcuts="F"
          data-tip={`${fullLabel} (F)`}
          onClick={toggleFullScreen}
        >
          {full ? <Minimize size={23} /> : <Maximize size={23} />}
        </button>
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
