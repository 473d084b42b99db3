import { ShieldQuestion, X } from 'lucide-react';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';

/** On the first screen of a device that is not confirmed, until it is put away. */
export default function ConfirmHint() {
  const { askToBeConfirmed, dismissConfirmHint } = useActions();
  return (
    <div className="confirm-hint">
      <ShieldQuestion size={20} aria-hidden="true" />
      <span>{identityWords.banner}</span>
      <Button look="quiet" onClick={askToBeConfirmed}>
        {identityWords.bannerAction}
      </Button>
      <IconButton label={identityWords.bannerDismiss} tip={null} onClick={dismissConfirmHint}>
        <X size={18} />
      </IconButton>
    </div>
  );
}
