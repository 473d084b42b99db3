import { Copy, Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { words } from '../../words/index.ts';

const say = identityWords.recovery;

/** Makes a recovery code and shows it this once. */
export function RecoveryDialog({ onClose }: { readonly onClose: () => void }) {
  const { makeRecoveryCode, putCodeAway } = useActions();
  const { made, madeAt } = useModel((model) => model.identity.recovery);
  const hasOne = madeAt.state === 'ready' && madeAt.value !== null;
  const handleClose = (): void => {
    putCodeAway();
    onClose();
  };
  if (made?.state === 'shown') return <ShownCode groups={made.groups} onClose={handleClose} />;
  return (
    <Dialog
      title={say.makeTitle}
      onClose={handleClose}
      actions={
        <>
          <Button onClick={handleClose}>{words.common.cancel}</Button>
          <Button look="primary" disabled={made?.state === 'making'} onClick={makeRecoveryCode}>
            {made?.state === 'failed' ? words.common.tryAgain : say.makeNow}
          </Button>
        </>
      }
    >
      <div className="identity-steps" aria-live="polite">
        <p>{say.makeBody}</p>
        {hasOne && <p>{say.makeAgainBody}</p>}
        {made?.state === 'making' && <p>{say.making}</p>}
        {made?.state === 'failed' && <p className="identity-problem">{say.failed}</p>}
      </div>
    </Dialog>
  );
}

interface ShownCodeProps {
  readonly groups: readonly string[];
  readonly onClose: () => void;
}

function ShownCode({ groups, onClose }: ShownCodeProps) {
  const { copyRecoveryCode } = useActions();
  const service = useModel((model) => model.service.name);
  const name = useModel(({ account }) => (account.state === 'signed_in' ? account.me.user.name : ''));
  const [kept, setKept] = useState(false);
  return (
    <Dialog
      title={say.shown}
      // A slip of the finger must not take away what is shown only once.
      onClose={() => {
        if (kept) onClose();
      }}
      wide
      actions={
        <Button look="primary" disabled={!kept} onClick={onClose}>
          {identityWords.done}
        </Button>
      }
    >
      <div className="identity-steps">
        <p>{say.shownHint}</p>
        <div className="recovery-sheet">
          <p className="recovery-title">{say.sheet(service, name)}</p>
          <ol className="recovery-code" aria-label={say.shown}>
            {groups.map((group, index) => (
              <li key={`${String(index)} ${group}`}>{group}</li>
            ))}
          </ol>
        </div>
        <div className="identity-choice">
          <Button icon={<Copy size={18} aria-hidden="true" />} onClick={copyRecoveryCode}>
            {say.copy}
          </Button>
          <Button icon={<Printer size={18} aria-hidden="true" />} onClick={() => print()}>
            {say.print}
          </Button>
        </div>
        <label className="identity-check">
          <input type="checkbox" checked={kept} onChange={(event) => setKept(event.target.checked)} />
          <span>{say.kept}</span>
        </label>
      </div>
    </Dialog>
  );
}
