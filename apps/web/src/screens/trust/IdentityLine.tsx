import { ChevronRight, Shield, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { UserSummary } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { useUi } from '../ui.ts';

const say = words.trust;
const ICONS = { unknown: Shield, seen: Shield, verified: ShieldCheck, changed: ShieldAlert } as const;

/** What is known of a person's identity, on their screen; opens the comparison. */
export function IdentityLine({ user }: { readonly user: UserSummary }) {
  const { lookUpPerson, acceptIdentity } = useActions();
  const { openCompare } = useUi();
  const { userId, name } = user;
  const standing = useModel(({ standings }) => standings[userId] ?? null);
  useEffect(() => lookUpPerson(userId), [lookUpPerson, userId]);
  if (standing === null) return null;
  const Icon = ICONS[standing];
  const { title, body } = say.line[standing];
  if (standing === 'changed') {
    return (
      <section className="identity-notice" role="alert">
        <Icon size={22} aria-hidden="true" />
        <div>
          <strong>{title}</strong>
          <p>{body(name)}</p>
          <div className="identity-actions">
            <Button look="primary" onClick={() => openCompare(userId)}>
              {say.compare}
            </Button>
            <Button onClick={() => acceptIdentity(userId)}>{say.accept}</Button>
          </div>
        </div>
      </section>
    );
  }
  return (
    <button
      type="button"
      className="identity-line"
      data-standing={standing}
      onClick={() => openCompare(userId)}
      disabled={standing === 'unknown'}
    >
      <Icon size={22} aria-hidden="true" />
      <span>
        <strong>{title}</strong>
        <small>{body(name)}</small>
      </span>
      {standing !== 'unknown' && <ChevronRight size={18} aria-hidden="true" />}
    </button>
  );
}
