import { ShieldCheck, ShieldQuestion } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { identityWords } from '../../words/identity.ts';
import { fullTime } from '../../words/time.ts';
import { Section } from '../settings/Section.tsx';
import { AnswerDialog } from './AnswerDialog.tsx';
import { RecoveryDialog } from './RecoveryDialog.tsx';
import { ReplaceDialog } from './ReplaceDialog.tsx';
import { UseCodeDialog } from './UseCodeDialog.tsx';

const say = identityWords;
type Open = 'answer' | 'make_code' | 'use_code' | 'replace' | null;

/** Whether others can tell that this device is its person's, and what can be done about it. */
export function IdentitySection() {
  const standing = useModel((model) => model.ownIdentity);
  const { loadIdentity, askToBeConfirmed } = useActions();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  useEffect(() => {
    loadIdentity();
  }, [loadIdentity]);
  if (standing === 'guest') return null;
  const isConfirmed = standing === 'confirmed';
  const lacksConfirmation = standing === 'not_confirmed' || standing === 'replaced';
  const Icon = isConfirmed ? ShieldCheck : ShieldQuestion;
  return (
    <Section title={say.title} hint={say.hint}>
      <div className="setting-row" data-standing={standing}>
        <Icon size={24} className="standing-icon" aria-hidden="true" />
        <span className="setting-text">
          <span className="setting-label">{say.standing[standing].title}</span>
          <span className="setting-hint">{say.standing[standing].body}</span>
        </span>
      </div>
      {isConfirmed && (
        <>
          <Row label={say.confirmOther} hint={say.confirmOtherHint}>
            <Button aria-label={say.confirmOther} onClick={() => setOpen('answer')}>
              {say.start}
            </Button>
          </Row>
          <RecoveryRow onMake={() => setOpen('make_code')} />
        </>
      )}
      {lacksConfirmation && (
        <>
          <Row label={say.confirmThis} hint={say.confirmThisHint}>
            <Button look="primary" aria-label={say.confirmThis} onClick={askToBeConfirmed}>
              {say.start}
            </Button>
          </Row>
          <Row label={say.recovery.title} hint={say.recovery.tryHint}>
            <Button onClick={() => setOpen('use_code')}>{say.recovery.try}</Button>
          </Row>
        </>
      )}
      {(isConfirmed || lacksConfirmation) && (
        <Row
          label={isConfirmed ? say.replace.labelConfirmed : say.replace.label}
          hint={isConfirmed ? say.replace.hintConfirmed : say.replace.hint}
        >
          <Button look="quiet" onClick={() => setOpen('replace')}>
            {say.replace.action}
          </Button>
        </Row>
      )}
      {open === 'answer' && <AnswerDialog deviceId={null} onClose={close} />}
      {open === 'make_code' && <RecoveryDialog onClose={close} />}
      {open === 'use_code' && <UseCodeDialog onClose={close} />}
      {open === 'replace' && <ReplaceDialog onClose={close} />}
    </Section>
  );
}

interface RowProps {
  readonly label: string;
  readonly hint: string;
  readonly children: ReactNode;
}

function Row({ label, hint, children }: RowProps) {
  return (
    <div className="setting-row setting-wrap identity-row">
      <span className="setting-text">
        <span className="setting-label">{label}</span>
        <span className="setting-hint">{hint}</span>
      </span>
      {children}
    </div>
  );
}

function RecoveryRow({ onMake }: { readonly onMake: () => void }) {
  const { madeAt } = useModel((model) => model.identity.recovery);
  const at = madeAt.state === 'ready' ? madeAt.value : null;
  const hint =
    madeAt.state === 'loading'
      ? say.recovery.loading
      : madeAt.state === 'failed'
        ? say.recovery.unknown
        : at === null
          ? say.recovery.none
          : say.recovery.made(fullTime(at));
  return (
    <Row label={say.recovery.title} hint={hint}>
      <Button onClick={onMake}>{at === null ? say.recovery.make : say.recovery.makeAgain}</Button>
    </Row>
  );
}
