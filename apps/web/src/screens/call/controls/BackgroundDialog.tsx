import { Dialog } from '../../../components/Dialog.tsx';
import { backgroundWords } from '../../../words/background.ts';
import { BackgroundChoices } from '../../settings/BackgroundChoices.tsx';

/** What is behind oneself, without leaving the call: one's own picture is seen meanwhile. */
export default function BackgroundDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={backgroundWords.title} onClose={onClose}>
      <div className="sound-dialog">
        <BackgroundChoices />
      </div>
    </Dialog>
  );
}
