import { ShieldAlert } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { useCall, useModel } from '../../components/store.tsx';
import type { CallPhase } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { isOutgoing } from '../call/phase.ts';
import { useUi } from '../ui.ts';

const say = words.trust;

const wayOf = (phase: CallPhase): 'incoming' | 'outgoing' | null =>
  phase.name === 'incoming' ? 'incoming' : isOutgoing(phase) ? 'outgoing' : null;

/** While it rings: the other one has another identity than before. The call can be taken all the same. */
export function RingNotice({ callKey }: { readonly callKey: string }) {
  const { openCompare } = useUi();
  const call = useCall(callKey, ({ person, phase }) => ({
    person,
    rings: wayOf(phase),
  }));
  const changed = useModel(({ standings }) => call !== null && standings[call.person.userId] === 'changed');
  if (call === null || call.rings === null || !changed) return null;
  const { userId, name } = call.person;
  return (
    <div className="ring-notice" role="alert">
      <ShieldAlert size={20} aria-hidden="true" />
      <p>{say.rings[call.rings](name)}</p>
      <Button onClick={() => openCompare(userId)}>{say.compare}</Button>
    </div>
  );
}
