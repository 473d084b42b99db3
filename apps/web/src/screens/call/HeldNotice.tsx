import { Phone, ShieldAlert } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import type { SealView } from '../../model/model.ts';
import { sealWords } from '../../words/seal.ts';
import { firstName } from '../../words/names.ts';
import { useUi } from '../ui.ts';

const say = sealWords.held;
type Held = SealView['held'][number];

/** Why nothing is sent, whose device it is about, and what the person can do: the one that leaves least of a choice first. */
export function HeldNotice({ callKey }: { readonly callKey: string }) {
  const { allowDevice, end } = useActions();
  const { openCompare } = useUi();
  const held = useCall(callKey, ({ seal, phase }) =>
    phase.name === 'ended' || phase.name === 'incoming' ? null : firstOf(seal?.held ?? []),
  );
  const isGroup = useCall(callKey, (call) => call.group !== null) ?? false;
  if (held === null || held === undefined) return null;
  const { userId, deviceId, why, canContinue } = held;
  const name = held.person === null ? null : firstName(held.person);
  return (
    <section className="held-notice" role="alert" data-why={why} data-large={!isGroup || undefined}>
      <ShieldAlert size={isGroup ? 20 : 28} aria-hidden="true" />
      <div className="held-notice-text">
        <h3>{say.title[why](name)}</h3>
        <p>{say.says[why](name)}</p>
        <p className="held-notice-state">{isGroup ? say.waitsInGroup(name) : say.waits}</p>
      </div>
      <div className="held-notice-actions">
        {canContinue && (
          <Button look="primary" onClick={() => openCompare(userId)}>
            {say.compare}
          </Button>
        )}
        {canContinue && <Button onClick={() => allowDevice(callKey, deviceId)}>{say.goOn}</Button>}
        <Button
          className="held-notice-end"
          icon={<Phone size={18} fill="currentColor" strokeWidth={0} className="hang-up" />}
          onClick={() => end(callKey)}
        >
          {say.hangUp}
        </Button>
      </div>
    </section>
  );
}

const firstOf = (held: readonly Held[]): Held | null =>
  held.find(({ canContinue }) => !canContinue) ?? held[0] ?? null;
