import { Lock, LockKeyhole, LockKeyholeOpen, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useActions, useCall } from '../../components/store.tsx';
import { trustOf } from '../../model/trust.ts';
import { sealWords } from '../../words/seal.ts';

export const TRUST_ICONS = {
  preparing: LockKeyholeOpen,
  sealed: Lock,
  held: ShieldAlert,
  verified: ShieldCheck,
  unconfirmed: LockKeyhole,
  stranger: ShieldAlert,
  changed: ShieldAlert,
  failed: ShieldAlert,
} as const;

/** What a person should read without asking; the rest is a picture, and a name for who listens. */
const SAID = { failed: true, held: true, changed: true, stranger: true } as const;

/** Whether the call is encrypted, and to whom; opens what it means. */
export function SealMark({ callKey }: { readonly callKey: string }) {
  const { openDetails } = useActions();
  const trust = useCall(callKey, ({ seal }) => (seal === null ? null : trustOf(seal)));
  if (trust === null) return null;
  const Icon = TRUST_ICONS[trust];
  return (
    <button
      type="button"
      className="seal-mark"
      data-trust={trust}
      title={sealWords.mark[trust]}
      onClick={() => openDetails(callKey)}
    >
      <Icon size={14} aria-hidden="true" />
      <span className={trust in SAID ? undefined : 'sr-only'}>{sealWords.mark[trust]}</span>
    </button>
  );
}
