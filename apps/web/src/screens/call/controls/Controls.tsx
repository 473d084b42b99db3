import { SwitchCamera, UserPlus } from 'lucide-react';
import type { RefObject } from 'react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { useActions, useCall, useModel } from '../../../components/store.tsx';
import { useMediaQuery } from '../../../components/useMediaQuery.ts';
import { callWords as say } from '../../../words/call.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { EndButton, MediaPairs, ResumeButton } from './BarButtons.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { PictureButtons } from './PictureButtons.tsx';

interface ControlsProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly onMenu: (open: boolean) => void;
  readonly onAdd: () => void;
  readonly onMove: () => void;
}

/** The bar of a call. On a narrow stage the choices move into one menu. */
export function Controls({ callKey, video, onMenu, onAdd, onMove }: ControlsProps) {
  const roomy = useMediaQuery('(min-width: 720px)');
  const held = useCall(callKey, (call) => call.phase.name === 'held') ?? false;
  return (
    <div className="controls" role="toolbar" aria-label={say.controls}>
      {held ? (
        <ResumeButton callKey={callKey} />
      ) : (
        <>
          <MediaPairs callKey={callKey} choices={roomy} onMenu={onMenu} />
          {roomy ? (
            <>
              <ControlButton label={groupCallWords.add.open} onClick={onAdd}>
                <UserPlus size={23} />
              </ControlButton>
              <PictureButtons callKey={callKey} video={video} />
            </>
          ) : (
            <SwitchCameraButton callKey={callKey} />
          )}
        </>
      )}
      <MoreMenu
        callKey={callKey}
        video={video}
        roomy={roomy}
        onOpenChange={onMenu}
        onAdd={onAdd}
        onMove={onMove}
      />
      <EndButton callKey={callKey} />
    </div>
  );
}

/** On a phone: front and back, with one tap. */
function SwitchCameraButton({ callKey }: { readonly callKey: string }) {
  const { chooseCamera } = useActions();
  const on = useCall(callKey, (call) => call.local.camera) ?? false;
  const next = useModel(({ media }) => {
    const at = media.cameras.findIndex((camera) => camera.id === media.cameraId);
    return media.cameras.length < 2 ? null : (media.cameras[(at + 1) % media.cameras.length]?.id ?? null);
  });
  if (!on || next === null) return null;
  return (
    <ControlButton label={say.switchCamera} onClick={() => chooseCamera(next)}>
      <SwitchCamera size={24} />
    </ControlButton>
  );
}
