import { Pause, Phone, Video, X } from 'lucide-react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { firstName } from '../../words/names.ts';
import { RingNotice } from '../trust/RingNotice.tsx';

const say = callWords.incoming;

interface IncomingBannerProps {
  readonly callKey: string;
  /** The call that goes on meanwhile, if one does. */
  readonly activeKey: string | null;
}

/** Rings without taking the window: a second call, or a person who doesn't want to be disturbed. */
export function IncomingBanner({ callKey, activeKey }: IncomingBannerProps) {
  const { decline } = useActions();
  const call = useCall(callKey, (call) => ({
    person: call.person,
    callType: call.callType,
    group: call.group !== null,
    title: call.group?.title ?? null,
  }));
  if (call === null) return null;
  const { person, callType, group, title } = call;
  return (
    <section className="call-card incoming-card" aria-label={say.region}>
      <div className="call-card-head">
        <Avatar person={person} size={52} />
        <div className="call-card-text">
          <strong>{title ?? person.name}</strong>
          <span>
            {group
              ? `${groupCallWords.incoming.from(person.name)} · ${groupCallWords.incoming.waiting[callType]}`
              : say.waiting[callType]}
          </span>
        </div>
        <IconButton label={say.decline} className="card-decline" onClick={() => decline(callKey)}>
          <X size={22} />
        </IconButton>
      </div>
      <RingNotice callKey={callKey} />
      {activeKey === null ? (
        <PlainAnswers callKey={callKey} video={callType === 'video'} />
      ) : (
        <WaitingAnswers callKey={callKey} activeKey={activeKey} callType={callType} />
      )}
    </section>
  );
}

function PlainAnswers({ callKey, video }: { readonly callKey: string; readonly video: boolean }) {
  const { answer } = useActions();
  return (
    <div className="call-card-actions">
      {video && (
        <Button aria-label={say.answerAudio} onClick={() => answer(callKey, 'audio')}>
          {say.audioOnly}
        </Button>
      )}
      <Button
        className="answer-button"
        icon={video ? <Video size={18} aria-hidden="true" /> : <Phone size={18} aria-hidden="true" />}
        onClick={() => answer(callKey, video ? 'video' : 'audio')}
      >
        {say.answer}
      </Button>
    </div>
  );
}

interface WaitingAnswersProps {
  readonly callKey: string;
  readonly activeKey: string;
  readonly callType: 'video' | 'audio';
}

function WaitingAnswers({ callKey, activeKey, callType }: WaitingAnswersProps) {
  const { answer } = useActions();
  const other = useCall(activeKey, (call) => firstName(call.person.name)) ?? '';
  return (
    <div className="call-card-actions">
      <Button title={say.answerAndEndName(other)} onClick={() => answer(callKey, callType, 'end')}>
        {say.answerAndEnd}
      </Button>
      <Button
        className="answer-button"
        title={say.answerAndHoldName(other)}
        icon={<Pause size={18} aria-hidden="true" />}
        onClick={() => answer(callKey, callType, 'hold')}
      >
        {say.answerAndHold}
      </Button>
    </div>
  );
}
