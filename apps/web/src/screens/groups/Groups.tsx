import { Phone, Users, Video } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { RunningDuration } from '../../components/Time.tsx';
import type { SavedGroup } from '../../model/groups.ts';
import type { UserSummary } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../useMe.ts';
import { Faces } from './Faces.tsx';
import { GroupCallsNote } from './GroupCallsNote.tsx';

const say = words.groups.home;
const GroupDialog = lazy(() => import('./GroupDialog.tsx'));

/** Opens the choice of people for a new group call. */
export function NewGroupButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="new-group" onClick={() => setOpen(true)}>
        <span className="new-group-mark">
          <Users size={20} aria-hidden="true" />
        </span>
        {say.newCall}
      </button>
      {open && (
        <Suspense>
          <GroupDialog group={null} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Calls of kept groups that go on: one press and one is in. */
export function OngoingCalls() {
  const groups = useModel(({ groups }) => (groups.state === 'ready' ? groups.value : []));
  // CALL4: one's own is listed with the device that it is on.
  const own = useModel((model) => model.ownCalls.map(({ callId }) => callId));
  const ongoing = groups.filter((group) => group.ongoing !== null && !own.includes(group.ongoing.callId));
  return ongoing.map((group) => <OngoingCall key={group.groupId} group={group} />);
}

function OngoingCall({ group }: { readonly group: SavedGroup }) {
  const { joinGroup } = useActions();
  const me = useMe();
  const { ongoing, title, groupId } = group;
  if (ongoing === null) return null;
  const others = ongoing.people.filter(({ userId }) => userId !== me?.userId);
  const id = `ongoing-${groupId}`;
  return (
    <div className="ongoing" role="group" aria-labelledby={id}>
      <Faces people={others.length > 0 ? others : ongoing.people} size={44} />
      <span className="ongoing-text">
        <strong id={id}>{title}</strong>
        <span>
          {ongoing.joined ? say.onOtherDevice : say.inProgress} ·{' '}
          <RunningDuration since={ongoing.startedAt} />
          <span className="sr-only">{say.members(others.map(({ name }) => name))}</span>
        </span>
      </span>
      <Button
        className="answer-button"
        aria-describedby={id}
        icon={<Video size={18} aria-hidden="true" />}
        onClick={() => joinGroup(ongoing.callId, 'video')}
      >
        {say.join}
      </Button>
    </div>
  );
}

/** Kept groups among the people: to be called like anybody else. */
export function GroupList() {
  const { retry } = useActions();
  const groups = useModel((model) => model.groups);
  const preparing = useModel((model) => model.groupCalls.state === 'preparing');
  const [edited, setEdited] = useState<SavedGroup | null>(null);
  const me = useMe();
  return (
    <>
      {preparing && (
        <div className="list-pad">
          <GroupCallsNote />
        </div>
      )}
      {groups.state === 'failed' && (
        <p className="group-failed">
          {say.failed}
          <Button look="quiet" onClick={() => retry()}>
            {words.common.tryAgain}
          </Button>
        </p>
      )}
      {groups.state === 'ready' && groups.value.length > 0 && (
        <>
          <h2 className="group-title">{say.title}</h2>
          <ul className="rows" aria-label={say.region}>
            {groups.value.map((group) => (
              <GroupRow key={group.groupId} group={group} me={me} onEdit={() => setEdited(group)} />
            ))}
          </ul>
        </>
      )}
      {edited !== null && (
        <Suspense>
          <GroupDialog group={edited} onClose={() => setEdited(null)} />
        </Suspense>
      )}
    </>
  );
}

interface GroupRowProps {
  readonly group: SavedGroup;
  readonly me: UserSummary | null;
  readonly onEdit: () => void;
}

function GroupRow({ group, me, onEdit }: GroupRowProps) {
  const { startGroup } = useActions();
  const ready = useModel((model) => model.groupCalls.state === 'ready');
  const others = group.members.filter(({ userId }) => userId !== me?.userId);
  const call = (callType: 'video' | 'audio'): void =>
    startGroup(
      others.map(({ userId }) => userId),
      callType,
      group.groupId,
    );
  return (
    <li className="row group-row">
      <button type="button" className="row-main" aria-label={say.editOf(group.title)} onClick={onEdit}>
        <Faces people={others} size={48} />
        <span className="row-text">
          <span className="row-name">{group.title}</span>
          <span className="row-sub">{say.members(others.map(({ name }) => name))}</span>
        </span>
      </button>
      <span className="row-actions">
        <IconButton
          label={say.audioCall(group.title)}
          className="call-button"
          disabled={!ready}
          onClick={() => call('audio')}
        >
          <Phone size={20} />
        </IconButton>
        <IconButton
          label={say.videoCall(group.title)}
          className="call-button"
          disabled={!ready}
          onClick={() => call('video')}
        >
          <Video size={22} />
        </IconButton>
      </span>
    </li>
  );
}
