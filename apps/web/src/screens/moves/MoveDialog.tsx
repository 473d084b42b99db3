import { LoaderCircle, Monitor, Smartphone, Tablet } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import type { AskedMove, Device } from '../../model/model.ts';
import { moveWords as say } from '../../words/moves.ts';
import { words } from '../../words/index.ts';
import { GroupCallsNote } from '../groups/GroupCallsNote.tsx';
import { useContacts } from '../groups/useContacts.ts';
import { useMe } from '../useMe.ts';

interface MoveDialogProps {
  readonly callKey: string;
  readonly onClose: () => void;
}

const PICTURES = { desktop: Monitor, browser: Monitor, phone: Smartphone, tablet: Tablet } as const;

/** CALL4: to another device of this person, or to somebody else. */
export default function MoveDialog({ callKey, onClose }: MoveDialogProps) {
  const { closeAskedMove, openMove } = useActions();
  const asked = useModel(({ askedMove }) => (askedMove?.key === callKey ? askedMove : null));
  const wasWaiting = useRef(false);
  useEffect(() => openMove(), [openMove]);
  // Taken: what follows is to be seen in the call.
  useEffect(() => {
    if (wasWaiting.current && asked === null) onClose();
    wasWaiting.current = asked?.state === 'waiting';
  }, [asked, onClose]);
  const close = (): void => {
    wasWaiting.current = false;
    if (asked !== null) closeAskedMove();
    onClose();
  };
  return (
    <Dialog
      title={say.title}
      onClose={close}
      actions={
        asked === null ? (
          <Button onClick={close}>{words.common.cancel}</Button>
        ) : (
          <Button
            onClick={() => {
              wasWaiting.current = false;
              closeAskedMove();
            }}
          >
            {asked.state === 'asking' || asked.state === 'waiting' ? say.takeBack : say.askAnother}
          </Button>
        )
      }
    >
      {asked === null ? <Choices callKey={callKey} /> : <Asked asked={asked} />}
    </Dialog>
  );
}

function Choices({ callKey }: { readonly callKey: string }) {
  const { offerMove } = useActions();
  const me = useMe();
  const ready = useModel((model) => model.groupCalls.state === 'ready');
  const devices = useModel(({ devices }) => (devices.state === 'ready' ? devices.value : []));
  const contacts = useContacts();
  const inCall = useCall(callKey, ({ group, person }) =>
    group === null
      ? [person.userId]
      : group.people.filter(({ status }) => status === 'joined').map(({ user }) => user.userId),
  );
  const own = devices.filter(({ current, online }) => online && !current);
  const people = contacts.filter(
    ({ user, presence, blocked }) =>
      presence !== 'offline' && !blocked && !(inCall ?? []).includes(user.userId),
  );
  if (me === null) return null;
  return (
    <>
      <GroupCallsNote />
      <h3 className="move-title">{say.devices}</h3>
      {own.length === 0 ? <p>{say.noDevices}</p> : <p>{say.devicesHint}</p>}
      <ul className="move-choices">
        {own.map((device) => (
          <li key={device.deviceId}>
            <button
              type="button"
              className="move-choice"
              disabled={!ready}
              onClick={() => offerMove(callKey, me.userId, device.deviceId, device.name)}
            >
              <DevicePicture device={device} />
              <span>{device.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <h3 className="move-title">{say.people}</h3>
      <p>{people.length === 0 ? say.noPeople : say.peopleHint}</p>
      <ul className="move-choices">
        {people.map(({ user }) => (
          <li key={user.userId}>
            <button
              type="button"
              className="move-choice"
              disabled={!ready}
              onClick={() => offerMove(callKey, user.userId, null, user.name)}
            >
              <Avatar person={user} size={36} />
              <span>{user.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function DevicePicture({ device }: { readonly device: Device }) {
  const Picture = PICTURES[device.kind];
  return (
    <span className="move-device">
      <Picture size={20} aria-hidden="true" />
    </span>
  );
}

function Asked({ asked }: { readonly asked: AskedMove }) {
  const { name, isDevice, state } = asked;
  const waits = state === 'asking' || state === 'waiting';
  return (
    <div className="move-asked" role="status">
      {waits && <LoaderCircle size={26} className="turning" aria-hidden="true" />}
      <strong>{linesOf(state, name, isDevice)}</strong>
      {waits && <p>{say.stays}</p>}
    </div>
  );
}

function linesOf(state: AskedMove['state'], name: string, isDevice: boolean): string {
  switch (state) {
    case 'asking':
      return say.asking(name);
    case 'waiting':
      return say.waiting(name, isDevice);
    case 'declined':
      return say.declined(name, isDevice);
    case 'unanswered':
      return say.unanswered(name, isDevice);
    case 'offline':
      return say.offline(name, isDevice);
    case 'busy':
      return say.busy;
    case 'failed':
      return say.failed;
  }
}
