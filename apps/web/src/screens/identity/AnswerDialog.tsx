import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { QrScanner } from '../../components/QrScanner.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { words } from '../../words/index.ts';
import { AnswerBody } from './AnswerBody.tsx';
import { useDeviceName } from './useDeviceName.ts';

const say = identityWords.answering;

interface AnswerDialogProps {
  /** The device that asks; null: whichever is scanned or asks meanwhile. */
  readonly deviceId: string | null;
  readonly onClose: () => void;
}

/** This device confirms another one of its person. */
export function AnswerDialog({ deviceId, onClose }: AnswerDialogProps) {
  const { closeAnswer, scanAsk } = useActions();
  const answer = useModel((model) => model.identity.answering.answer);
  const [scanning, setScanning] = useState(false);
  const asked = useDeviceName(deviceId);
  const handleClose = (): void => {
    closeAnswer();
    onClose();
  };
  const isChoosing = answer === null;
  return (
    <Dialog
      title={deviceId === null ? identityWords.confirmOther : say.choose(asked ?? say.unknown)}
      onClose={handleClose}
      wide
      actions={
        answer?.phase === 'done' ? (
          <Button look="primary" onClick={handleClose}>
            {identityWords.done}
          </Button>
        ) : answer?.phase === 'failed' ? (
          <>
            <Button onClick={handleClose}>{words.common.close}</Button>
            <Button
              look="primary"
              onClick={() => {
                setScanning(answer.reason === 'unreadable');
                closeAnswer();
              }}
            >
              {words.common.tryAgain}
            </Button>
          </>
        ) : undefined
      }
    >
      <div className="identity-steps" aria-live="polite">
        {isChoosing && scanning && (
          <>
            {deviceId === null && <p>{say.openThere}</p>}
            <QrScanner onScan={scanAsk} />
            <Button look="quiet" onClick={() => setScanning(false)}>
              {words.common.back}
            </Button>
          </>
        )}
        {isChoosing && !scanning && <Choice deviceId={deviceId} onScan={() => setScanning(true)} />}
        {!isChoosing && <AnswerBody answer={answer} />}
      </div>
    </Dialog>
  );
}

function Choice({ deviceId, onScan }: { readonly deviceId: string | null; readonly onScan: () => void }) {
  const { openAsk } = useActions();
  const asks = useModel((model) => model.identity.answering.asks);
  return (
    <>
      <p>{deviceId === null ? say.openThere : say.chooseHint}</p>
      <div className="identity-choice">
        <Button look="primary" onClick={onScan}>
          {say.scan}
        </Button>
        {deviceId === null ? (
          asks.map((each) => <TypeButton key={each} deviceId={each} />)
        ) : (
          <Button onClick={() => openAsk(deviceId)}>{say.type}</Button>
        )}
      </div>
    </>
  );
}

function TypeButton({ deviceId }: { readonly deviceId: string }) {
  const { openAsk } = useActions();
  const name = useDeviceName(deviceId) ?? say.unknown;
  return <Button onClick={() => openAsk(deviceId)}>{say.typeFor(name)}</Button>;
}
