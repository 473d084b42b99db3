import { ArrowDownToLine, Phone, Video, X } from 'lucide-react';
import { Avatar } from '../../components/Avatar.tsx';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import { Duration } from '../../components/Time.tsx';
import { moveWords } from '../../words/moves.ts';
import { callWords } from '../../words/call.ts';
import { words } from '../../words/index.ts';
import { callTitle, othersOf } from '../group/names.ts';
import { Faces } from '../groups/Faces.tsx';
import { RoundButton } from './RoundButton.tsx';
import { useDismissAfter } from './useDismissAfter.ts';

/** What the person ended on purpose needs no reading; what went wrong stays until it is read. */
const CANCELLED_MS = 900;
const TALKED_MS = 15_000;
/** CALL4: long enough to take it back at once; home offers it as well. */
const MOVED_MS = 8_000;

/** @param guest - nobody to call back from here: the page of somebody who has left comes at once */
function shownMs(reason: string, guest: boolean): number | null {
  if (reason === 'cancelled' || (guest && reason === 'hangup')) return CANCELLED_MS;
  if (reason === 'moved') return MOVED_MS;
  return reason === 'hangup' ? TALKED_MS : null;
}

/** After the call: how long, what happened, and the way back. */
export function Summary({ callKey }: { readonly callKey: string }) {
  const actions = useActions();
  const call = useCall(callKey, (call) => ({
    person: call.person,
    group: call.group !== null,
    title: callTitle(call),
    callType: call.callType,
    direction: call.direction,
    phase: call.phase,
  }));
  const elsewhere = useModel(({ ownCalls }) => ownCalls.at(-1)?.callId ?? null);
  const guest = useModel(({ account }) => account.state === 'signed_in' && account.me.guest);
  const ended = call?.phase.name === 'ended' ? call.phase : null;
  useDismissAfter(callKey, ended === null ? null : shownMs(ended.reason, guest));
  if (call === null || ended === null) return null;
  const { person, group, title, direction, callType } = call;
  // A group call may go on without this person: home says so, and offers to join it.
  const mayCall = !group && ended.reason !== 'device_in_other_window' && ended.reason !== 'moved';
  const end = words.endings({ direction, personName: person.name, ...ended });
  return (
    <>
      <div className="face" data-summary>
        <span className="face-avatar">
          {group ? <GroupFaces callKey={callKey} /> : <Avatar person={person} />}
        </span>
        <h2 className="face-name">{end.title}</h2>
        {ended.durationMs !== null && (
          <p className="face-status">
            {title} · <Duration ms={ended.durationMs} />
          </p>
        )}
        {end.detail !== null && <p className="face-note">{end.detail}</p>}
      </div>
      {ended.reason !== 'cancelled' && (
        <div className="ring-buttons">
          <RoundButton label={callWords.summary.close} look="glass" onClick={() => actions.dismiss(callKey)}>
            <X size={28} />
          </RoundButton>
          {ended.reason === 'moved' && elsewhere !== null && (
            <RoundButton
              label={moveWords.here}
              look="light"
              onClick={() => {
                actions.dismiss(callKey);
                actions.moveHere(elsewhere);
              }}
            >
              <ArrowDownToLine size={28} />
            </RoundButton>
          )}
          {mayCall && (
            <RoundButton
              label={ended.durationMs === null ? callWords.summary.callAgain : callWords.summary.callBack}
              look="light"
              onClick={() => {
                actions.dismiss(callKey);
                actions.call(person.userId, callType);
              }}
            >
              {callType === 'video' ? (
                <Video size={30} fill="currentColor" strokeWidth={1} />
              ) : (
                <Phone size={28} fill="currentColor" strokeWidth={0} />
              )}
            </RoundButton>
          )}
        </div>
      )}
    </>
  );
}

function GroupFaces({ callKey }: { readonly callKey: string }) {
  return <Faces people={useCall(callKey, othersOf) ?? []} />;
}
