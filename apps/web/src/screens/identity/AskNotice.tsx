import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { AnswerDialog } from './AnswerDialog.tsx';
import { useDeviceName } from './useDeviceName.ts';

const say = identityWords.answering;

/** Another device of this person asks. One at a time: the next one waits until the first is dealt with. */
export function AskNotice() {
  const first = useModel(({ identity, calls }) =>
    calls.length === 0 ? identity.answering.asks[0] : undefined,
  );
  const isAnswering = useModel(({ identity }) => identity.answering.answer !== null);
  const { refuseAsk } = useActions();
  const [answered, setAnswered] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <>
      {first !== undefined && answered === null && !isAnswering && (
        <Notice
          deviceId={first}
          onAnswer={() => setAnswered(first)}
          onRefuse={() => {
            refuseAsk(first);
            setRefused(first);
          }}
        />
      )}
      {answered !== null && <AnswerDialog deviceId={answered} onClose={() => setAnswered(null)} />}
      {refused !== null && <SignOutDialog deviceId={refused} onClose={() => setRefused(null)} />}
    </>
  );
}

interface NoticeProps {
  readonly deviceId: string;
  readonly onAnswer: () => void;
  readonly onRefuse: () => void;
}

function Notice({ deviceId, onAnswer, onRefuse }: NoticeProps) {
  const name = useDeviceName(deviceId) ?? say.unknown;
  return (
    <section className="ask-notice" aria-label={say.region} role="alert">
      <MonitorSmartphone size={24} aria-hidden="true" />
      <div>
        <strong>{say.asks(name)}</strong>
        <p>{say.asksHint}</p>
      </div>
      <div className="ask-notice-actions">
        <Button onClick={onRefuse}>{say.notMe}</Button>
        <Button look="primary" onClick={onAnswer}>
          {say.confirm}
        </Button>
      </div>
    </section>
  );
}

function SignOutDialog({ deviceId, onClose }: { readonly deviceId: string; readonly onClose: () => void }) {
  const { removeDevice } = useActions();
  const name = useDeviceName(deviceId) ?? say.unknown;
  return (
    <Dialog
      title={say.signOutTitle(name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say.keep}</Button>
          <Button
            look="danger"
            onClick={() => {
              removeDevice(deviceId);
              onClose();
            }}
          >
            {identityWords.remove.action}
          </Button>
        </>
      }
    >
      <p>{say.signOutBody}</p>
    </Dialog>
  );
}
