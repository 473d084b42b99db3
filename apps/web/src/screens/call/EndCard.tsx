import { Phone, Video, X } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { words } from '../../words/index.ts';
import { useDismissAfter } from './useDismissAfter.ts';

/** Long enough to read; what was missed stands in the recents anyway. */
const MISSED_MS = 12_000;
const ELSEWHERE_MS = 5_000;
const DECLINED_MS = 2_000;

/** A call that rang here and is over without this device: what became of it, in passing. */
export function EndCard({ callKey }: { readonly callKey: string }) {
  const actions = useActions();
  const [held, setHeld] = useState(false);
  const call = useCall(callKey, (call) => ({
    person: call.person,
    group: call.group !== null,
    callType: call.callType,
    direction: call.direction,
    phase: call.phase,
  }));
  const reason = call?.phase.name === 'ended' ? call.phase.reason : null;
  const elsewhere = reason === 'answered_elsewhere' || reason === 'declined_elsewhere';
  const declined = reason === 'declined';
  const shownMs = declined ? DECLINED_MS : elsewhere ? ELSEWHERE_MS : MISSED_MS;
  useDismissAfter(callKey, held ? null : shownMs);
  if (call === null || call.phase.name !== 'ended') return null;
  const { person, group, direction, callType } = call;
  const end = words.endings({ direction, personName: person.name, ...call.phase });
  return (
    <section
      className="call-card"
      aria-label={callWords.summary.region}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <div className="call-card-head">
        <Avatar person={person} size={44} />
        <div className="call-card-text">
          <strong>{end.title}</strong>
          {end.detail !== null && <span>{end.detail}</span>}
        </div>
        <IconButton label={words.common.dismiss} tip={null} onClick={() => actions.dismiss(callKey)}>
          <X size={20} />
        </IconButton>
      </div>
      {!elsewhere && !declined && !group && (
        <div className="call-card-actions">
          <Button
            look="primary"
            icon={
              callType === 'video' ? (
                <Video size={18} aria-hidden="true" />
              ) : (
                <Phone size={18} aria-hidden="true" />
              )
            }
            onClick={() => {
              actions.dismiss(callKey);
              actions.call(person.userId, callType);
            }}
          >
            {callWords.summary.callBack}
          </Button>
        </div>
      )}
    </section>
  );
}
