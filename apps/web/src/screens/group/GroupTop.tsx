import { Hand, Lock, UserCheck } from 'lucide-react';
import { useCall } from '../../components/store.tsx';
import { groupCallWords } from '../../words/groupCall.ts';
import { CallStatus } from '../call/CallStatus.tsx';
import { callTitle } from './names.ts';
import type { Panel } from './panel.ts';
import { useGroup } from './useTile.ts';

const say = groupCallWords.stage;

interface GroupTopProps {
  readonly callKey: string;
  readonly panel: Panel | null;
  readonly onPanel: (panel: Panel) => void;
}

/** Over the people: what this call is and for how long; who wants something. */
export function GroupTop({ callKey, panel, onPanel }: GroupTopProps) {
  const title = useCall(callKey, callTitle);
  const locked = useGroup(callKey, (group) => group.locked) ?? false;
  const isHost = useGroup(callKey, (group) => group.isHost) ?? false;
  const hands =
    useGroup(callKey, ({ people }) =>
      people
        .filter(({ hand, isMe, status }) => hand && !isMe && status === 'joined')
        .map(({ user }) => user.name),
    ) ?? [];
  const waits =
    useGroup(callKey, ({ people }) =>
      people.filter(({ status }) => status === 'waiting').map(({ user }) => user.name),
    ) ?? [];
  return (
    <>
      <header className="top-bar group-top">
        <h2>
          {title}
          {locked && (
            <span className="top-lock" title={say.locked}>
              <Lock size={16} aria-hidden="true" />
              <span className="sr-only">{say.locked}</span>
            </span>
          )}
        </h2>
        <CallStatus callKey={callKey} />
      </header>
      {panel !== 'people' && (
        <div className="group-asks">
          {isHost && waits.length > 0 && (
            <button type="button" className="ask-pill" onClick={() => onPanel('people')}>
              <UserCheck size={17} aria-hidden="true" />
              <span className="ask-text">{say.waits(waits)}</span>
              <span className="ask-count" aria-hidden="true">
                {waits.length}
              </span>
              <strong>{say.see}</strong>
            </button>
          )}
          {hands.length > 0 && (
            <button type="button" className="ask-pill" data-hand onClick={() => onPanel('people')}>
              <Hand size={17} aria-hidden="true" />
              <span className="ask-text">{say.handsUp(hands)}</span>
              <span className="ask-count" aria-hidden="true">
                {hands.length}
              </span>
            </button>
          )}
        </div>
      )}
    </>
  );
}
