import { ChevronUp, Phone, Play, SwitchCamera, UserPlus } from 'lucide-react';
import type { RefObject } from 'react';
import { Menu } from '../../../components/Menu.tsx';
import { useActions, useCall, useModel } from '../../../components/store.tsx';
import { useMediaQuery } from '../../../components/useMediaQuery.ts';
import { words } from '../../../words/index.ts';
import { CameraChoice, MicrophoneChoice, SpeakerChoice } from './DeviceChoices.tsx';
import { CameraButton, MuteButton } from './MediaButtons.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { PictureButtons } from './PictureButtons.tsx';

const say = words.call;

interface ControlsProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly onMenu: (open: boolean) => void;
  readonly onAdd: () => void;
}

/** The bar of a call. On a narrow stage the choices move into one menu. */
export function Controls({ callKey, video, onMenu, onAdd }: ControlsProps) {
  const { end, resume } = useActions();
  const roomy = useMediaQuery('(min-width: 720px)');
  const held = useCall(callKey, (call) => call.phase.name === 'held') ?? false;
  return (
    <div className="controls" role="toolbar" aria-label={say.controls}>
      {held ? (
        <button type="button" className="control control-wide" onClick={() => resume(callKey)}>
          <Play size={22} fill="currentColor" aria-hidden="true" />
          {say.resume}
        </button>
      ) : (
        <>
          <span className="control-pair">
            <MuteButton callKey={callKey} />
            {roomy && (
              <Menu
                label={say.chooseSound}
                trigger={<ChevronUp size={18} aria-hidden="true" />}
                triggerClassName="control-chevron"
                onOpenChange={onMenu}
              >
                <MicrophoneChoice />
                <SpeakerChoice />
              </Menu>
            )}
          </span>
          <span className="control-pair">
            <CameraButton callKey={callKey} />
            {roomy && (
              <Menu
                label={say.chooseCamera}
                trigger={<ChevronUp size={18} aria-hidden="true" />}
                triggerClassName="control-chevron"
                onOpenChange={onMenu}
              >
                <CameraChoice />
              </Menu>
            )}
          </span>
          {roomy ? (
            <>
              <button
                type="button"
                className="control"
                aria-label={words.groups.add.open}
                data-tip={words.groups.add.open}
                onClick={onAdd}
              >
                <UserPlus size={23} />
              </button>
              <PictureButtons callKey={callKey} video={video} />
            </>
          ) : (
            <SwitchCameraButton callKey={callKey} />
          )}
        </>
      )}
      <MoreMenu callKey={callKey} video={video} roomy={roomy} onOpenChange={onMenu} onAdd={onAdd} />
      <button
        type="button"
        className="control control-end"
        aria-label={say.end}
        data-tip={say.end}
        onClick={() => end(callKey)}
      >
        <Phone size={26} fill="currentColor" strokeWidth={0} className="hang-up" />
      </button>
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
    <button
      type="button"
      className="control"
      aria-label={say.switchCamera}
      data-tip={say.switchCamera}
      onClick={() => chooseCamera(next)}
    >
      <SwitchCamera size={24} />
    </button>
  );
}
