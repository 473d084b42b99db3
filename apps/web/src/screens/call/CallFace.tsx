import { useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { useCall, useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { CallStatus, OtherState } from './CallStatus.tsx';
import { useLevel } from './useLevel.ts';

/** Where there is no picture: a large face, with a ring that follows the voice. */
export function CallFace({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({
    person: call.person,
    phase: call.phase.name,
    callType: call.callType,
    dimmed: call.phase.name === 'held' || call.remote.held,
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
        <Avatar person={call.person} />
      </span>
      <h2 className="face-name">{call.person.name}</h2>
      <p className="face-status">
        {call.phase === 'incoming' ? words.incoming.kind[call.callType] : <CallStatus callKey={callKey} />}
      </p>
      {call.phase === 'incoming' && <RingsHere />}
      {call.phase === 'held' && <p className="face-note">{words.call.resumeHint}</p>}
      <OtherState callKey={callKey} />
    </div>
  );
}

/** Which of the person's devices this is: the others ring too. */
function RingsHere() {
  const device = useModel((model) =>
    model.account.state === 'signed_in' ? model.account.me.device.name : null,
  );
  return device === null ? null : <p className="face-note">{words.incoming.onThisDevice(device)}</p>;
}
