import { Phone, Video } from 'lucide-react';
import { useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { Backdrop } from './Backdrop.tsx';
import { RoundButton } from './RoundButton.tsx';
import { useTakeFocus } from './useTakeFocus.ts';

const say = words.incoming;

/** It rings: over everything, the caller's face large. */
export function IncomingScreen({ callKey }: { readonly callKey: string }) {
  const { answer, decline } = useActions();
  const call = useCall(callKey, (call) => ({ person: call.person, callType: call.callType }));
  const device = useModel((model) =>
    model.account.state === 'signed_in' ? model.account.me.device.name : null,
  );
  const screen = useRef<HTMLElement>(null);
  useTakeFocus(screen);
  if (call === null) return null;
  const { person, callType } = call;
  return (
    <section ref={screen} className="overlay incoming" aria-label={say.region} tabIndex={-1}>
      <Backdrop person={person} />
      <div className="face">
        <span className="face-avatar" data-ringing>
          <Avatar person={person} />
        </span>
        <h2 className="face-name">{person.name}</h2>
        <p className="face-status">{say.kind[callType]}</p>
        {device !== null && <p className="face-note">{say.onThisDevice(device)}</p>}
      </div>
      <div className="ring-buttons">
        <RoundButton label={say.decline} look="end" onClick={() => decline(callKey)}>
          <Phone size={30} fill="currentColor" strokeWidth={0} className="hang-up" />
        </RoundButton>
        {callType === 'video' && (
          <RoundButton
            label={say.answerAudio}
            text={say.audioOnly}
            look="glass"
            onClick={() => answer(callKey, 'audio')}
          >
            <Phone size={26} fill="currentColor" strokeWidth={0} />
          </RoundButton>
        )}
        <RoundButton label={say.answer} look="answer" onClick={() => answer(callKey, callType)}>
          {callType === 'video' ? (
            <Video size={32} fill="currentColor" strokeWidth={1} />
          ) : (
            <Phone size={30} fill="currentColor" strokeWidth={0} />
          )}
        </RoundButton>
      </div>
    </section>
  );
}
