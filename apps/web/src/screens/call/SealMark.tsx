import { Lock, LockKeyholeOpen, ShieldAlert } from 'lucide-react';
import { useActions, useCall } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

const ICONS = { preparing: LockKeyholeOpen, sealed: Lock, held: ShieldAlert, failed: ShieldAlert } as const;

/** Whether the call is encrypted; opens what it means. */
export function SealMark({ callKey }: { readonly callKey: string }) {
  const { openDetails } = useActions();
  const phase = useCall(callKey, ({ seal }) => seal?.phase ?? null);
  if (phase === null) return null;
  const Icon = ICONS[phase];
  return (
    <button
      type="button"
      className="seal-mark"
      data-phase={phase}
      title={words.seal.mark[phase]}
      onClick={() => openDetails(callKey)}
    >
      <Icon size={14} aria-hidden="true" />
      <span className={phase === 'failed' || phase === 'held' ? undefined : 'sr-only'}>
        {words.seal.mark[phase]}
      </span>
    </button>
  );
}
