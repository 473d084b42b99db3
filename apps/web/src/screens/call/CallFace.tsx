import { useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { useCall, useModel } from '../../components/store.tsx';
import type { CallView } from '../../model/model.ts';
import { callWords } from '../../words/call.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { othersOf } from '../group/names.ts';
import { Faces } from '../groups/Faces.tsx';
import { CallStatus, OtherState } from './CallStatus.tsx';
import { RingNotice } from '../trust/RingNotice.tsx';
import { useLevel } from './useLevel.ts';

/** Where there is no picture: a large face, with a ring that follows the voice. */
export function CallFace({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({
    person: call.person,
    phase: call.phase.name,
    callType: call.callType,
    dimmed: call.phase.name === 'held' || call.remote.held,
    group: call.group !== null,
  }));
  const ring = useRef<HTMLSpanElement>(null);
  useLevel(ring, callKey, 'remote');
  if (call === null) return null;
  const waits = ['dialing', 'reaching', 'ringing'].includes(call.phase);
  return (
    <div className="face">
      <span
        ref={ring}
        className="face-avatar"
        data-ringing={call.phase === 'ringing' || call.phase === 'incoming' || undefined}
        data-waits={waits || undefined}
        data-dimmed={call.dimmed || undefined}
      >
        {call.group ? <GroupFaces callKey={callKey} /> : <Avatar person={call.person} />}
      </span>
      <CallName callKey={callKey} />
      <p className="face-status">
        {call.phase === 'incoming' ? (
          (call.group ? groupCallWords.incoming : callWords.incoming).kind[call.callType]
        ) : (
          <CallStatus callKey={callKey} />
        )}
      </p>
      {call.group && <WithWhom callKey={callKey} />}
      {call.phase === 'incoming' && <RingsHere />}
      <RingNotice callKey={callKey} />
      {call.phase === 'held' && <p className="face-note">{callWords.resumeHint}</p>}
      <OtherState callKey={callKey} />
    </div>
  );
}

function GroupFaces({ callKey }: { readonly callKey: string }) {
  const people = useCall(callKey, facesOf) ?? [];
  return <Faces people={people} />;
}

/** Whoever calls, and those who are called beside this person. */
const facesOf = (call: CallView) => {
  const others = othersOf(call);
  return [call.person, ...others.filter(({ userId }) => userId !== call.person.userId)];
};

function CallName({ callKey }: { readonly callKey: string }) {
  const name = useCall(callKey, (call) => call.group?.title ?? call.person.name);
  return <h2 className="face-name">{name}</h2>;
}

/** In a group call: who calls, where the name says something else, and how many they are. */
function WithWhom({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({
    titled: call.group?.title !== null,
    incoming: call.phase.name === 'incoming',
    caller: call.person.name,
    said: groupCallWords.incoming.withPeople(
      facesOf(call).length + 1,
      facesOf(call).map(({ name }) => name),
    ),
  }));
  if (call === null) return null;
  return (
    <p className="face-note">
      {call.titled && call.incoming && `${groupCallWords.incoming.from(call.caller)} · `}
      {call.said}
    </p>
  );
}

/** Which of the person's devices this is: the others ring too. */
function RingsHere() {
  const device = useModel((model) =>
    model.account.state === 'signed_in' ? model.account.me.device.name : null,
  );
  return device === null ? null : <p className="face-note">{callWords.incoming.onThisDevice(device)}</p>;
}
