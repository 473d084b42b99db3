import { Users } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { useActions } from '../../../components/store.tsx';
import type { GroupPersonView } from '../../../model/groups.ts';
import { groupFormWords as say } from '../../../words/groupForm.ts';
import { words } from '../../../words/index.ts';
import { membersToKeep } from './sections.ts';
import { GroupNameField } from '../../groups/GroupNameField.tsx';

interface KeepBoxProps {
  readonly callKey: string;
  readonly people: readonly GroupPersonView[];
}

/** Keeps the people of a call as a group; the call is one of that group from then on (GRP10). */
export function KeepBox({ callKey, people }: KeepBoxProps) {
  const { saveGroup } = useActions();
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState('');
  const memberIds = membersToKeep(people);
  const title = name.trim();
  if (memberIds.length === 0) return null;
  const keep = (): void => {
    if (title === '') return;
    setAsking(false);
    saveGroup(title, memberIds, callKey);
  };
  return (
    <div className="panel-box">
      <Button icon={<Users size={18} aria-hidden="true" />} onClick={() => setAsking(true)}>
        {say.keep}
      </Button>
      <p>{say.keepCallHint}</p>
      {asking && (
        <Dialog
          title={say.keep}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{words.common.cancel}</Button>
              <Button look="primary" disabled={title === ''} onClick={keep}>
                {say.save}
              </Button>
            </>
          }
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              keep();
            }}
          >
            <p>{say.keepHint}</p>
            <GroupNameField name={name} onChange={setName} />
          </form>
        </Dialog>
      )}
    </div>
  );
}
