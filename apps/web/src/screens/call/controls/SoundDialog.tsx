import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { useActions } from '../../../components/store.tsx';
import { settingsWords } from '../../../words/settings.ts';
import { soundWords } from '../../../words/sound.ts';
import { SoundChoices } from '../../settings/SoundChoices.tsx';
import { MicrophoneMeter } from './SoundMenu.tsx';

interface SoundDialogProps {
  readonly callKey: string;
  readonly onClose: () => void;
}

/** How one is heard and hears, without leaving the call. */
export default function SoundDialog({ callKey, onClose }: SoundDialogProps) {
  const { testSpeaker } = useActions();
  return (
    <Dialog title={soundWords.title} onClose={onClose}>
      <div className="sound-dialog">
        <SoundChoices />
        <div className="setting-row">
          <span className="setting-label">{settingsWords.microphoneLevel}</span>
          <MicrophoneMeter callKey={callKey} />
        </div>
        <div className="setting-row">
          <span className="setting-text">
            <span className="setting-label">{settingsWords.speaker}</span>
          </span>
          <Button onClick={testSpeaker}>{settingsWords.testSpeaker}</Button>
        </div>
      </div>
    </Dialog>
  );
}
