import { CircleAlert, CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { remedyOf, toneOf, type CheckRemedy, type CheckTone, type CheckView } from '../../model/check.ts';
import { checkWords as say } from '../../words/check.ts';
import { CheckSteps } from './CheckSteps.tsx';

const ICONS: Readonly<Record<CheckTone, ReactNode>> = {
  good: <CircleCheck size={32} aria-hidden="true" />,
  fair: <CircleAlert size={32} aria-hidden="true" />,
  bad: <CircleX size={32} aria-hidden="true" />,
};

/** Ends in one sentence and one thing to do; what was found is below it for whoever wants to know. */
export default function CheckDialog() {
  const { closeCheck } = useActions();
  const check = useModel((model) => model.check);
  if (check === null) return null;
  return (
    <Dialog title={say.title} onClose={closeCheck} actions={<Remedy check={check} />}>
      <div
        className="check"
        role="status"
        data-tone={check.verdict === null ? undefined : toneOf(check.verdict)}
      >
        {check.verdict === null ? (
          <>
            <p>{say.running}</p>
            <CheckSteps findings={check.findings} />
          </>
        ) : (
          <Verdict check={check} />
        )}
      </div>
      {check.verdict !== null && <Found check={check} />}
    </Dialog>
  );
}

function Verdict({ check: { verdict, callKey } }: { readonly check: CheckView }) {
  if (verdict === null) return null;
  const { sentence, todo } = say.verdict(verdict, callKey !== null);
  return (
    <div className="check-verdict">
      {ICONS[toneOf(verdict)]}
      <div>
        <strong>{sentence}</strong>
        <p>{todo}</p>
      </div>
    </div>
  );
}

function Found({ check: { findings, callKey } }: { readonly check: CheckView }) {
  const { testSpeaker } = useActions();
  return (
    <details className="check-details">
      <summary>{say.details}</summary>
      <table className="check-table">
        <tbody>
          {say.rows(findings).map(({ label, value }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {callKey === null && (
        <div className="check-sound">
          <p>{say.hearHint}</p>
          <Button onClick={testSpeaker}>{say.hear}</Button>
        </div>
      )}
    </details>
  );
}

function Remedy({ check: { verdict, callKey } }: { readonly check: CheckView }) {
  const { openCheck, closeCheck, changePreferences } = useActions();
  const quality = useModel((model) => model.preferences.quality);
  if (verdict === null) return <LoaderCircle size={22} className="turning" aria-hidden="true" />;
  const remedy = remedyOf(verdict, quality.lowData);
  const again = (): void => openCheck(callKey);
  const REMEDIES: Readonly<Record<CheckRemedy, { label: string; act: () => void }>> = {
    again: { label: say.again, act: again },
    done: { label: say.done, act: closeCheck },
    low_data: {
      label: say.lowData,
      act: () => {
        changePreferences({ quality: { ...quality, lowData: true } });
        closeCheck();
      },
    },
  };
  const { label, act } = REMEDIES[remedy];
  return (
    <>
      {remedy !== 'again' && <Button onClick={again}>{say.again}</Button>}
      <Button look="primary" onClick={act}>
        {label}
      </Button>
    </>
  );
}
