import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { words } from '../../words/index.ts';
import { Outcome } from './Outcome.tsx';

const say = identityWords.replace;

/** A new identity instead of the one that stands: said what follows, and asked twice. */
export function ReplaceDialog({ onClose }: { readonly onClose: () => void }) {
  const { replaceIdentity, closeReplacement } = useActions();
  const replacing = useModel((model) => model.identity.replacing);
  const [asked, setAsked] = useState<'once' | 'twice'>('once');
  const handleClose = (): void => {
    closeReplacement();
    onClose();
  };
  if (replacing === 'done')
    return (
      <Dialog
        title={say.title}
        onClose={handleClose}
        actions={
          <Button look="primary" onClick={handleClose}>
            {identityWords.done}
          </Button>
        }
      >
        <Outcome good title={say.done} body={say.doneBody} />
      </Dialog>
    );
  const isFirst = asked === 'once';
  return (
    <Dialog
      title={isFirst ? say.title : say.againTitle}
      onClose={handleClose}
      actions={
        <>
          <Button onClick={handleClose}>{words.common.cancel}</Button>
          {isFirst ? (
            <Button onClick={() => setAsked('twice')}>{say.next}</Button>
          ) : (
            <Button look="danger" disabled={replacing === 'working'} onClick={replaceIdentity}>
              {say.confirm}
            </Button>
          )}
        </>
      }
    >
      {isFirst ? (
        <ul className="identity-ways">
          {say.body.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : (
        <div className="identity-steps" aria-live="polite">
          <p>{say.againBody}</p>
          {replacing === 'working' && <p>{say.working}</p>}
          {replacing === 'failed' && <p className="identity-problem">{say.failed}</p>}
        </div>
      )}
    </Dialog>
  );
}
