import { LIMITS } from '@visavis/protocol';
import { Phone, Trash2, Video } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Switch } from '../../components/Switch.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { SavedGroup } from '../../model/groups.ts';
import type { UserSummary } from '../../model/model.ts';
import { groupFormWords as say } from '../../words/groupForm.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../useMe.ts';
import { GroupCallsNote } from './GroupCallsNote.tsx';
import { PeoplePicker } from './PeoplePicker.tsx';
import { useContacts } from './useContacts.ts';
import { GroupNameField } from './GroupNameField.tsx';

const MOST = LIMITS.groupPeople - 1;

interface GroupDialogProps {
  /** The group to be changed; null: a new call. */
  readonly group: SavedGroup | null;
  readonly onClose: () => void;
}

/** Who should be in it, whether it is kept, and off it goes. */
export default function GroupDialog({ group, onClose }: GroupDialogProps) {
  const actions = useActions();
  const me = useMe();
  const contacts = useContacts();
  const ready = useModel((model) => model.groupCalls.state === 'ready');
  const [chosen, setChosen] = useState<readonly UserSummary[]>(
    () => group?.members.filter(({ userId }) => userId !== me?.userId) ?? [],
  );
  const [keep, setKeep] = useState(group !== null);
  const [name, setName] = useState(group?.title ?? '');
  const [removing, setRemoving] = useState(false);
  const ids = chosen.map(({ userId }) => userId);
  const title = name.trim();
  const fits = chosen.length > 0 && chosen.length <= MOST;
  const savable = fits && title !== '';

  const start = (callType: 'video' | 'audio'): void => {
    onClose();
    if (keep && savable) actions.saveAndStartGroup(title, ids, callType);
    else actions.startGroup(ids, callType);
  };
  const save = (): void => {
    onClose();
    if (group === null) actions.saveGroup(title, ids);
    else actions.changeGroup(group.groupId, title, ids);
  };

  if (removing && group !== null) {
    return (
      <Dialog
        title={say.removeTitle(group.title)}
        onClose={() => setRemoving(false)}
        actions={
          <>
            <Button onClick={() => setRemoving(false)}>{words.common.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                onClose();
                actions.deleteGroup(group.groupId);
              }}
            >
              {say.remove}
            </Button>
          </>
        }
      >
        <p>{say.removeBody}</p>
      </Dialog>
    );
  }

  return (
    <Dialog
      title={group === null ? say.title : say.editTitle}
      onClose={onClose}
      wide
      actions={
        group === null ? (
          <>
            {keep && (
              <Button look="quiet" disabled={!savable} onClick={save}>
                {say.onlySave}
              </Button>
            )}
            <Button
              icon={<Phone size={18} aria-hidden="true" />}
              disabled={!ready || !fits || (keep && !savable)}
              onClick={() => start('audio')}
            >
              {say.audio}
            </Button>
            <Button
              look="primary"
              icon={<Video size={18} aria-hidden="true" />}
              disabled={!ready || !fits || (keep && !savable)}
              onClick={() => start('video')}
            >
              {say.video}
            </Button>
          </>
        ) : (
          <>
            <Button
              look="quiet"
              className="dialog-aside"
              icon={<Trash2 size={18} aria-hidden="true" />}
              onClick={() => setRemoving(true)}
            >
              {say.remove}
            </Button>
            <Button look="primary" disabled={!savable} onClick={save}>
              {say.save}
            </Button>
          </>
        )
      }
    >
      <GroupCallsNote />
      <PeoplePicker contacts={contacts} chosen={chosen} most={MOST} onChange={setChosen} />
      {chosen.length >= MOST && <p>{say.full(LIMITS.groupPeople)}</p>}
      {group === null && (
        <div className="dialog-switch">
          <Switch label={say.keep} hint={say.keepHint} checked={keep} onChange={setKeep} />
        </div>
      )}
      {keep && <GroupNameField name={name} onChange={setName} />}
    </Dialog>
  );
}
