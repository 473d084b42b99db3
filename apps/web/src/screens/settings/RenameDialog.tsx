import { LIMITS } from '@visavis/protocol';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { settingsWords } from '../../words/settings.ts';
import { words } from '../../words/index.ts';

interface RenameDialogProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onRename: (name: string) => void;
}

export function RenameDialog({ name, onClose, onRename }: RenameDialogProps) {
  const [draft, setDraft] = useState(name);
  const usable = draft.trim() !== '';
  const handleSave = (): void => {
    if (usable) onRename(draft.trim());
  };
  return (
    <Dialog
      title={settingsWords.renameDevice(name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.common.cancel}</Button>
          <Button look="primary" disabled={!usable} onClick={handleSave}>
            {settingsWords.save}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          handleSave();
        }}
      >
        <label className="field">
          <span>{settingsWords.deviceName}</span>
          <input
            value={draft}
            maxLength={LIMITS.deviceNameLength}
            onChange={(event) => setDraft(event.target.value)}
          />
        </label>
      </form>
    </Dialog>
  );
}
