import { Lock, LockOpen, MicOff, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../components/Button.tsx';
import { useActions } from '../../../components/store.tsx';
import type { GroupPersonView } from '../../../model/groups.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { useGroup } from '../useTile.ts';
import { KeepBox } from './KeepBox.tsx';
import { LinkBox } from './LinkBox.tsx';
import { PanelFrame } from './PanelFrame.tsx';
import { PersonLine, WaitingLine } from './PersonLine.tsx';
import { peopleSections } from './sections.ts';

const say = groupCallWords.panel;

interface PeoplePanelProps {
  readonly callKey: string;
  readonly onClose: () => void;
  readonly onAdd: () => void;
}

export function PeoplePanel({ callKey, onClose, onAdd }: PeoplePanelProps) {
  const actions = useActions();
  const group = useGroup(callKey, ({ people, isHost, locked, title }) => ({
    people,
    isHost,
    locked,
    kept: title !== null,
  }));
  if (group === null) return null;
  const { people, isHost, locked, kept } = group;
  const isGuest = people.some(({ isMe, guest }) => isMe && guest);
  const { waiting, joined, ringing, gone } = peopleSections(people);
  const line = (person: GroupPersonView): ReactNode => (
    <PersonLine key={person.user.userId} callKey={callKey} person={person} />
  );
  return (
    <PanelFrame label={say.people} title={say.peopleTitle} onClose={onClose}>
      <div className="scroll panel-scroll">
        <div className="panel-actions">
          <Button
            look="primary"
            aria-label={groupCallWords.add.open}
            icon={<UserPlus size={18} aria-hidden="true" />}
            onClick={onAdd}
          >
            {groupCallWords.add.open}
          </Button>
          {isHost && joined.length > 1 && (
            <Button
              icon={<MicOff size={18} aria-hidden="true" />}
              onClick={() => actions.askMedia(callKey, null, 'mute')}
            >
              {say.muteAll}
            </Button>
          )}
        </div>
        {waiting.length > 0 && (
          <Section title={say.waiting}>
            {waiting.map((person) => (
              <WaitingLine key={person.user.userId} callKey={callKey} person={person} mayAdmit={isHost} />
            ))}
          </Section>
        )}
        <Section title={say.inCall(joined.length)}>{joined.map(line)}</Section>
        {ringing.length > 0 && <Section title={say.ringing}>{ringing.map(line)}</Section>}
        {gone.length > 0 && <Section title={say.left}>{gone.map(line)}</Section>}
        <LinkBox callKey={callKey} />
        {!kept && !isGuest && <KeepBox callKey={callKey} people={people} />}
        {isHost && (
          <div className="panel-box">
            <Button
              icon={
                locked ? <LockOpen size={18} aria-hidden="true" /> : <Lock size={18} aria-hidden="true" />
              }
              onClick={() => actions.lockCall(callKey, !locked)}
            >
              {locked ? say.unlock : say.lock}
            </Button>
            <p>{locked ? say.lockedHint : say.lockHint}</p>
          </div>
        )}
      </div>
    </PanelFrame>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h4 className="panel-title">{title}</h4>
      <ul className="panel-list">{children}</ul>
    </>
  );
}
