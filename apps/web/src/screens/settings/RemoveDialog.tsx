import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { identityWords } from '../../words/identity.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { words } from '../../words/index.ts';

interface RemoveDialogProps {
  readonly name: string;
  /** It has the identity: whoever finds it can go on with that. */
  readonly mayBeLost: boolean;
  readonly onClose: () => void;
  readonly onRemove: (isLost: boolean) => void;
}

/** Signs a device out, and asks whether it is one that was only put away, or one that was lost. */
export function RemoveDialog({ name, mayBeLost, onClose, onRemove }: RemoveDialogProps) {
  const [lost, setLost] = useState(false);
  return (
    <Dialog
      title={say.removeTitle(name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.common.cancel}</Button>
          <Button look="danger" onClick={() => onRemove(lost)}>
            {say.signOut}
          </Button>
        </>
      }
    >
      <p>{say.removeBody}</p>
      {mayBeLost && (
        <>
          <label className="identity-check">
            <input type="checkbox" checked={lost} onChange={(event) => setLost(event.target.checked)} />
            <span>{identityWords.remove.lost}</span>
          </label>
          {lost && <p>{identityWords.remove.lostHint}</p>}
        </>
      )}
    </Dialog>
  );
}
