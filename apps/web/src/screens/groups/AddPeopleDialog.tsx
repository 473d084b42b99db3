import { LIMITS } from '@visavis/protocol';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import type { UserSummary } from '../../model/model.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { words } from '../../words/index.ts';
import { takenPlaces } from '../group/names.ts';
import { GroupCallsNote } from './GroupCallsNote.tsx';
import { PeoplePicker } from './PeoplePicker.tsx';
import { useContacts } from './useContacts.ts';

const say = groupCallWords.add;

interface AddPeopleDialogProps {
  readonly callKey: string;
  readonly onClose: () => void;
}

/** Brings more people into a call, also into one between two. */
export default function AddPeopleDialog({ callKey, onClose }: AddPeopleDialogProps) {
  const { addPeople } = useActions();
  const [chosen, setChosen] = useState<readonly UserSummary[]>([]);
  const ready = useModel((model) => model.groupCalls.state === 'ready');
  const contacts = useContacts();
  const inCall = useCall(callKey, ({ group, person }) =>
    group === null
      ? [person.userId]
      : group.people
          .filter(({ status }) => status === 'joined' || status === 'ringing')
          .map(({ user }) => user.userId),
  );
  const taken = useCall(callKey, ({ group }) => (group === null ? 2 : takenPlaces(group.people))) ?? 0;
  const room = Math.max(LIMITS.groupPeople - taken, 0);
  const others = contacts.filter(({ user }) => !(inCall ?? []).includes(user.userId));
  return (
    <Dialog
      title={say.title}
      onClose={onClose}
      wide
      actions={
        <>
          <Button onClick={onClose}>{words.common.cancel}</Button>
          <Button
            look="primary"
            disabled={chosen.length === 0 || chosen.length > room || !ready}
            onClick={() => {
              onClose();
              addPeople(
                callKey,
                chosen.map(({ userId }) => userId),
              );
            }}
          >
            {say.submit(chosen.map(({ name }) => name))}
          </Button>
        </>
      }
    >
      <GroupCallsNote />
      <p>
        {others.length > 0
          ? say.room(room - chosen.length)
          : contacts.length > 0
            ? say.everybody
            : say.nobody}
      </p>
      {others.length > 0 && (
        <PeoplePicker contacts={others} chosen={chosen} most={room} onChange={setChosen} />
      )}
    </Dialog>
  );
}
