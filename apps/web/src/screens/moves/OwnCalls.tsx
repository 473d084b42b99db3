import { isGroupCallId } from '@visavis/protocol';
import { ArrowDownToLine, Plus } from 'lucide-react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { RunningDuration } from '../../components/Time.tsx';
import type { OwnCall } from '../../model/model.ts';
import { moveWords as say } from '../../words/moves.ts';
import { words } from '../../words/index.ts';
import { Faces } from '../groups/Faces.tsx';

/** CALL4: calls that go on at this person's other devices. */
export default function OwnCalls() {
  const calls = useModel((model) => model.ownCalls);
  return (
    <section aria-label={say.region}>
      {calls.map((call) => (
        <OwnCallRow key={call.callId} call={call} />
      ))}
    </section>
  );
}

export const ownCallName = ({ title, people, peer }: OwnCall): string =>
  people.length < 2 && title === null
    ? peer.name
    : words.groups.callName(
        title,
        people.map(({ name }) => name),
      );

function OwnCallRow({ call }: { readonly call: OwnCall }) {
  const { moveHere, joinGroup } = useActions();
  const { callId, callType, people, peer, devices, connectedAt } = call;
  const name = ownCallName(call);
  return (
    <div className="ongoing own-call">
      {people.length > 1 ? <Faces people={people} size={44} /> : <Avatar person={peer} size={44} />}
      <span className="ongoing-text">
        <strong>{name}</strong>
        <span>
          {say.on(devices.map((device) => device.name))}
          {connectedAt !== null && (
            <>
              {' · '}
              <RunningDuration since={connectedAt} />
            </>
          )}
        </span>
      </span>
      <span className="own-call-actions">
        {isGroupCallId(callId) && (
          <Button
            aria-label={say.alsoOf(name)}
            icon={<Plus size={18} aria-hidden="true" />}
            onClick={() => joinGroup(callId, callType)}
          >
            {say.also}
          </Button>
        )}
        <Button
          className="answer-button"
          aria-label={say.hereOf(name)}
          icon={<ArrowDownToLine size={18} aria-hidden="true" />}
          onClick={() => moveHere(callId)}
        >
          {say.here}
        </Button>
      </span>
    </div>
  );
}
