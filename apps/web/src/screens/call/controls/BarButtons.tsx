import { ChevronUp, Phone, Play } from 'lucide-react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { Menu } from '../../../components/Menu.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { callWords as say } from '../../../words/call.ts';
import { isOutgoing } from '../phase.ts';
import { CameraItems, useBackgroundDialog } from './CameraMenu.tsx';
import { CameraButton, MuteButton } from './MediaButtons.tsx';
import { SoundItems, useSoundDialog } from './SoundMenu.tsx';

interface OfCall {
  readonly callKey: string;
}

interface MediaPairsProps extends OfCall {
  /** Whether there is room for the choice of devices beside each. */
  readonly choices: boolean;
  readonly onMenu: (open: boolean) => void;
}

export function MediaPairs({ callKey, choices, onMenu }: MediaPairsProps) {
  const menu = {
    trigger: <ChevronUp size={18} aria-hidden="true" />,
    triggerClassName: 'control-chevron',
    onOpenChange: onMenu,
  };
  const sound = useSoundDialog(callKey);
  const background = useBackgroundDialog();
  return (
    <>
      <span className="control-pair">
        <MuteButton callKey={callKey} />
        {choices && (
          <Menu label={say.chooseSound} {...menu}>
            <SoundItems callKey={callKey} onOpen={sound.open} />
          </Menu>
        )}
        {sound.dialog}
      </span>
      <span className="control-pair">
        <CameraButton callKey={callKey} />
        {choices && (
          <Menu label={say.chooseCamera} {...menu}>
            <CameraItems onOpen={background.open} />
          </Menu>
        )}
        {background.dialog}
      </span>
    </>
  );
}

/** Of a call that is on hold. */
export function ResumeButton({ callKey }: OfCall) {
  const { resume } = useActions();
  return (
    <button type="button" className="control control-wide" onClick={() => resume(callKey)}>
      <Play size={22} fill="currentColor" aria-hidden="true" />
      {say.resume}
    </button>
  );
}

/** Ends a call, or calls nobody any more. */
export function EndButton({ callKey }: OfCall) {
  const { cancel, end } = useActions();
  const waits = useCall(callKey, (call) => isOutgoing(call.phase)) ?? false;
  return (
    <ControlButton
      label={say.end}
      className="control-end"
      onClick={() => (waits ? cancel(callKey) : end(callKey))}
    >
      <Phone size={26} fill="currentColor" strokeWidth={0} className="hang-up" />
    </ControlButton>
  );
}
