import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { words } from '../../words/index.ts';
import { Outcome } from './Outcome.tsx';

const say = identityWords.recovery;
const LETTERS = 36;

/** Confirms this device by a recovery code. */
export function UseCodeDialog({ onClose }: { readonly onClose: () => void }) {
  const { typeRecoveryCode, tryRecoveryCode, closeRecovery } = useActions();
  const tried = useModel((model) => model.identity.recovery.tried);
  const [text, setText] = useState('');
  const handleClose = (): void => {
    closeRecovery();
    onClose();
  };
  if (tried?.state === 'done')
    return (
      <Dialog
        title={say.try}
        onClose={handleClose}
        actions={
          <Button look="primary" onClick={handleClose}>
            {identityWords.done}
          </Button>
        }
      >
        <Outcome good title={identityWords.asking.done} body={identityWords.asking.doneHint} />
      </Dialog>
    );
  const letters = text.replaceAll(/[\s-]/g, '').length;
  const problem =
    tried?.state === 'failed'
      ? say.problem[tried.reason]
      : tried?.state === 'typing' && tried.problem !== null
        ? say.typing[tried.problem]
        : null;
  const isReady = letters === LETTERS && tried?.state !== 'checking';
  const handleTry = (): void => {
    if (isReady) tryRecoveryCode(text);
  };
  return (
    <Dialog
      title={say.try}
      onClose={handleClose}
      wide
      actions={
        <>
          <Button onClick={handleClose}>{words.common.cancel}</Button>
          <Button look="primary" disabled={!isReady} onClick={handleTry}>
            {tried?.state === 'checking' ? say.checking : say.check}
          </Button>
        </>
      }
    >
      <form
        className="identity-steps"
        onSubmit={(event) => {
          event.preventDefault();
          handleTry();
        }}
      >
        <p>{say.tryBody}</p>
        <label className="field recovery-field">
          <span>{say.field}</span>
          <input
            value={text}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            autoFocus
            aria-invalid={problem !== null}
            aria-describedby="recovery-problem"
            onChange={(event) => {
              setText(event.target.value);
              typeRecoveryCode(event.target.value);
            }}
          />
        </label>
        <p id="recovery-problem" role="status" className={problem === null ? undefined : 'identity-problem'}>
          {problem ?? say.count(letters)}
        </p>
      </form>
    </Dialog>
  );
}
