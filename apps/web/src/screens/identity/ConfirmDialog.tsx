import type { AskingState } from '@visavis/client/identity-tasks';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { useActions } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { identityWords } from '../../words/identity.ts';
import { Digits } from './Digits.tsx';
import { Outcome } from './Outcome.tsx';
import { useDeviceName } from './useDeviceName.ts';

const say = identityWords.asking;

/** This device asks another one of its person to confirm it. */
export function ConfirmDialog({ asking }: { readonly asking: AskingState }) {
  const { stopAsking } = useActions();
  const by = useDeviceName('by' in asking ? asking.by : null) ?? say.other;
  return (
    <Dialog title={identityWords.confirmThis} onClose={stopAsking} actions={<Buttons asking={asking} />} wide>
      <div className="identity-steps" aria-live="polite">
        <Body asking={asking} by={by} />
      </div>
    </Dialog>
  );
}

function Body({ asking, by }: { readonly asking: AskingState; readonly by: string }) {
  switch (asking.phase) {
    case 'preparing':
      return <p>{say.preparing}</p>;
    case 'asking':
      return <Asking asking={asking} />;
    case 'comparing':
      return (
        <>
          <strong>{say.digits(by)}</strong>
          <Digits digits={asking.code} />
          <p>{say.digitsHint}</p>
        </>
      );
    case 'granted':
      return (
        <>
          <strong>{say.granted(by)}</strong>
          <p>{say.grantedHint}</p>
        </>
      );
    case 'adopting':
      return <p>{say.adopting}</p>;
    case 'done':
      return <Outcome good title={say.done} body={say.doneHint} />;
    case 'failed':
      return <Outcome good={false} {...say.failed[asking.reason]} />;
  }
}

function Asking({ asking }: { readonly asking: Extract<AskingState, { phase: 'asking' }> }) {
  const { scan, devices } = asking;
  if (devices?.length === 0) return <p>{say.none}</p>;
  const awake = devices?.filter(({ online }) => online) ?? [];
  const named = (awake.length > 0 ? awake : (devices ?? [])).map(({ name }) => name);
  // Windows of one browser may be called the same.
  const names = [...new Set(named)];
  return (
    <>
      <strong>{devices === null ? say.looking : awake.length > 0 ? say.take(names) : say.wake(names)}</strong>
      <QrCode data={scan} label={say.code} />
      <ul className="identity-ways">
        {say.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
    </>
  );
}

function Buttons({ asking }: { readonly asking: AskingState }) {
  const { askToBeConfirmed, confirmGrant, stopAsking } = useActions();
  switch (asking.phase) {
    case 'granted':
      return (
        <>
          <Button onClick={() => confirmGrant(false)}>{say.no}</Button>
          <Button look="primary" onClick={() => confirmGrant(true)}>
            {say.yes}
          </Button>
        </>
      );
    case 'done':
      return (
        <Button look="primary" onClick={stopAsking}>
          {identityWords.done}
        </Button>
      );
    case 'failed':
      return (
        <>
          <Button onClick={stopAsking}>{words.common.close}</Button>
          <Button look="primary" onClick={askToBeConfirmed}>
            {words.common.tryAgain}
          </Button>
        </>
      );
    case 'preparing':
    case 'asking':
    case 'comparing':
    case 'adopting':
      return <Button onClick={stopAsking}>{words.common.cancel}</Button>;
  }
}
