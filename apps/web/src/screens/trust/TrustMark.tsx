import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

/** Beside a name: a check for who was compared, a warning for who has another identity. Nothing for all others. */
export function TrustMark({ userId, size = 16 }: { readonly userId: string; readonly size?: number }) {
  const standing = useModel(({ standings }) => standings[userId] ?? null);
  if (standing !== 'verified' && standing !== 'changed') return null;
  const Icon = standing === 'verified' ? ShieldCheck : ShieldAlert;
  const said = standing === 'verified' ? words.trust.verifiedMark : words.trust.changedMark;
  return (
    <span className="trust-mark" data-standing={standing} title={said}>
      <Icon size={size} aria-hidden="true" />
      <span className="sr-only">{said}</span>
    </span>
  );
}
