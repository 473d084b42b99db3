import { ScanLine, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { QrScanner } from '../../components/QrScanner.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { Comparison, ScanVerdict } from '../../model/model.ts';
import { comparisonWords as say } from '../../words/comparison.ts';
import { words } from '../../words/index.ts';
import { findPerson } from './person.ts';

interface CompareDialogProps {
  readonly userId: string;
  readonly onClose: () => void;
}

/** Two people compare the number of their identities, by eye, aloud, or by scanning. */
export default function CompareDialog({ userId, onClose }: CompareDialogProps) {
  const { openComparison, closeComparison } = useActions();
  const name = useModel((model) => findPerson(model, userId)?.name ?? '');
  const comparison = useModel((model) => model.comparison);
  useEffect(() => {
    openComparison(userId);
    return () => closeComparison();
  }, [openComparison, closeComparison, userId]);
  return (
    <Dialog title={say.title(name)} onClose={onClose} wide>
      {comparison !== null && comparison.userId === userId && (
        <Body comparison={comparison} name={name} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface BodyProps<State extends Comparison['state'] = Comparison['state']> {
  readonly comparison: Extract<Comparison, { readonly state: State }>;
  readonly name: string;
  readonly onClose: () => void;
}

function Body({ comparison, name, onClose }: BodyProps) {
  const { openComparison } = useActions();
  switch (comparison.state) {
    case 'opening':
      return (
        <p className="compare-wait" role="status">
          {say.opening}
        </p>
      );
    case 'unreachable':
      return (
        <Excuse
          {...say.unreachable}
          action={<Button onClick={() => openComparison(comparison.userId)}>{words.common.tryAgain}</Button>}
        />
      );
    case 'missing':
      return (
        <Excuse
          {...say.missing[comparison.whose](name)}
          action={<Button onClick={onClose}>{words.common.close}</Button>}
        />
      );
    case 'ready':
      return <Numbers comparison={comparison} name={name} onClose={onClose} />;
  }
}

interface ExcuseProps {
  readonly title: string;
  readonly body: string;
  readonly action: ReactNode;
}

function Excuse({ title, body, action }: ExcuseProps) {
  return (
    <div role="alert">
      <strong>{title}</strong>
      <p>{body}</p>
      <footer className="dialog-actions">{action}</footer>
    </div>
  );
}

function Numbers({ comparison, name, onClose }: BodyProps<'ready'>) {
  const { compareScanned, setVerified } = useActions();
  const [scanning, setScanning] = useState(false);
  const { number, standing, scanned } = comparison;
  const verified = standing === 'verified';
  // What was scanned is said where the person looks; with the right code there is nothing more to look for.
  const looks = scanning && !verified;
  return (
    <div className="compare">
      {standing === 'changed' && (
        <p className="compare-note" data-tone="bad">
          <ShieldAlert size={20} aria-hidden="true" />
          {say.changed(name)}
        </p>
      )}
      <p>{say.intro(name)}</p>
      {looks ? <QrScanner onScan={compareScanned} /> : <QrCode data={number.qr} label={say.code(name)} />}
      {scanned !== null && <ScanResult scanned={scanned} name={name} />}
      {verified && scanned?.type !== 'same' && (
        <p className="compare-note" data-tone="good" role="status">
          <ShieldCheck size={20} aria-hidden="true" />
          {say.verified(name)}
        </p>
      )}
      <div className="compare-number" role="group" aria-label={say.number}>
        {number.groups.map((digits, at) => (
          <span key={`${String(at)} ${digits}`}>{digits}</span>
        ))}
      </div>
      <footer className="compare-actions">
        {verified ? (
          <>
            <Button look="quiet" onClick={() => setVerified(false)}>
              {say.forget}
            </Button>
            <Button look="primary" onClick={onClose}>
              {say.done}
            </Button>
          </>
        ) : (
          <>
            <Button
              icon={<ScanLine size={18} aria-hidden="true" />}
              onClick={() => setScanning((before) => !before)}
            >
              {looks ? say.showCode : say.scan(name)}
            </Button>
            <Button look="primary" onClick={() => setVerified(true)}>
              {say.same}
            </Button>
          </>
        )}
      </footer>
    </div>
  );
}

function ScanResult({ scanned, name }: { readonly scanned: ScanVerdict; readonly name: string }) {
  const { title, body } = say.scanned(scanned, name);
  const good = scanned.type === 'same';
  const tone = good ? 'good' : scanned.type === 'differs' ? 'bad' : 'plain';
  return (
    <div className="compare-note" data-tone={tone} role={good ? 'status' : 'alert'}>
      {good ? <ShieldCheck size={20} aria-hidden="true" /> : <ShieldAlert size={20} aria-hidden="true" />}
      <div>
        <strong>{title}</strong>
        <p>{body}</p>
      </div>
    </div>
  );
}
