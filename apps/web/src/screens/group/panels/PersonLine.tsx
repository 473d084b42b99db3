import { Hand, Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { Avatar } from '../../../components/Avatar.tsx';
import { Button } from '../../../components/Button.tsx';
import { useActions } from '../../../components/store.tsx';
import type { GroupPersonView } from '../../../model/groups.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { PersonMenu } from '../PersonMenu.tsx';

const say = groupCallWords.panel;

interface PersonLineProps {
  readonly callKey: string;
  readonly person: GroupPersonView;
}

export function PersonLine({ callKey, person }: PersonLineProps) {
  const { user, isMe, isHost, guest, status, muted, camera, hand } = person;
  const marks = [isHost ? say.host : null, guest ? say.guest : null].filter((mark) => mark !== null);
  const joined = status === 'joined';
  return (
    <li className="panel-person" data-status={status}>
      <Avatar person={user} size={40} />
      <span className="panel-who">
        <span className="panel-name">{isMe ? say.you(user.name) : user.name}</span>
        {(marks.length > 0 || !joined) && (
          <span className="panel-sub">{[...marks, ...(joined ? [] : [say.status[status]])].join(' · ')}</span>
        )}
      </span>
      {joined && (
        <span className="panel-marks">
          {hand && (
            <span className="panel-hand" title={groupCallWords.stage.hand}>
              <Hand size={18} aria-hidden="true" />
              <span className="sr-only">{groupCallWords.stage.hand}</span>
            </span>
          )}
          <Mark on={camera} On={Video} Off={VideoOff} said={camera ? say.camera : say.cameraOff} />
          <Mark
            on={!muted}
            On={Mic}
            Off={MicOff}
            said={muted ? groupCallWords.stage.muted : say.microphone}
          />
        </span>
      )}
      {!isMe && (joined || status === 'ringing') && (
        <PersonMenu callKey={callKey} userId={user.userId} className="icon-button panel-more" />
      )}
    </li>
  );
}

interface MarkProps {
  readonly on: boolean;
  readonly On: typeof Mic;
  readonly Off: typeof Mic;
  readonly said: string;
}

function Mark({ on, On, Off, said }: MarkProps) {
  const Icon = on ? On : Off;
  return (
    <span title={said} data-off={!on || undefined}>
      <Icon size={18} aria-hidden="true" />
      <span className="sr-only">{said}</span>
    </span>
  );
}

interface WaitingLineProps extends PersonLineProps {
  readonly mayAdmit: boolean;
}

/** Somebody at the door. */
export function WaitingLine({ callKey, person, mayAdmit }: WaitingLineProps) {
  const { admitPerson } = useActions();
  const { user, guest } = person;
  return (
    <li className="panel-person panel-waiting">
      <Avatar person={user} size={40} />
      <span className="panel-who">
        <span className="panel-name">{user.name}</span>
        {guest && <span className="panel-sub">{say.guest}</span>}
      </span>
      {mayAdmit && (
        <span className="panel-door">
          <Button aria-label={say.deny(user.name)} onClick={() => admitPerson(callKey, user.userId, false)}>
            {say.denyShort}
          </Button>
          <Button
            look="primary"
            aria-label={say.admit(user.name)}
            onClick={() => admitPerson(callKey, user.userId, true)}
          >
            {say.admitShort}
          </Button>
        </span>
      )}
    </li>
  );
}
