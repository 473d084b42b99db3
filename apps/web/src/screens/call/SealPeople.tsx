import { ShieldAlert, ShieldCheck, Shield } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { useModel } from '../../components/store.tsx';
import type { SealView } from '../../model/model.ts';
import { comparablePeople, type ComparablePerson } from '../../model/trust.ts';
import { words } from '../../words/index.ts';
import { useUi } from '../ui.ts';

const say = words.trust;
const ICONS = { seen: Shield, verified: ShieldCheck, changed: ShieldAlert } as const;

/** Everybody in the call who can be compared with. Guests have no identity, and nobody to compare with. */
export function SealPeople({ seal }: { readonly seal: SealView }) {
  const me = useModel(({ account }) =>
    account.state === 'signed_in' && !account.me.guest ? account.me.user.userId : null,
  );
  const people = me === null ? [] : comparablePeople(seal, me);
  if (people.length === 0) return null;
  return (
    <ul className="seal-people">
      {people.map((person) => (
        <li key={person.userId}>
          <VerifyButton person={person} />
        </li>
      ))}
    </ul>
  );
}

function VerifyButton({ person: { userId, name, standing } }: { readonly person: ComparablePerson }) {
  const { openCompare } = useUi();
  const Icon = ICONS[standing];
  const said = standing === 'verified' ? say.again : standing === 'changed' ? say.compareWith : say.verify;
  return (
    <Button
      className="seal-verify"
      data-standing={standing}
      icon={<Icon size={17} aria-hidden="true" />}
      onClick={() => openCompare(userId)}
    >
      {said(name)}
    </Button>
  );
}
