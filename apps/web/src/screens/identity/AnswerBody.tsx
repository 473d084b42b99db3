import type { Answer } from '@visavis/client/identity-tasks';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { Outcome } from './Outcome.tsx';
import { useDeviceName } from './useDeviceName.ts';

const say = identityWords.answering;
const DIGITS = 8;

/** What happens between this device and the one that it confirms. */
export function AnswerBody({ answer }: { readonly answer: Answer }) {
  const name = useDeviceName(answer.deviceId) ?? say.unknown;
  switch (answer.phase) {
    case 'connecting':
      return <p>{say.connecting(name)}</p>;
    case 'typing':
      return <DigitsForm device={name} />;
    case 'granted':
      return answer.by === 'scan' ? (
        <p>{say.byScan(name)}</p>
      ) : (
        <>
          <strong>{say.byCode(name)}</strong>
          <p>{say.byCodeHint}</p>
        </>
      );
    case 'done':
      return <Outcome good title={say.done(name)} body={say.doneHint} />;
    case 'failed':
      return <Outcome good={false} {...say.failed[answer.reason]} />;
  }
}

function DigitsForm({ device }: { readonly device: string }) {
  const { typeDigits } = useActions();
  const [typed, setTyped] = useState('');
  const digits = typed.replaceAll(/\D/g, '');
  return (
    <form
      className="digits-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (digits.length === DIGITS) typeDigits(digits);
      }}
    >
      <label className="field">
        <span>{say.digits(device)}</span>
        <input
          value={typed}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          maxLength={DIGITS + 3}
          placeholder="0000 0000"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <p>{say.digitsHint}</p>
      <Button look="primary" disabled={digits.length !== DIGITS} onClick={() => typeDigits(digits)}>
        {say.check}
      </Button>
    </form>
  );
}
