import { Hourglass } from 'lucide-react';
import { useCall } from '../../components/store.tsx';
import { groupCallWords } from '../../words/groupCall.ts';
import { callTitle } from './names.ts';

const say = groupCallWords.waitingRoom;

/** GRP6: before the door of a call, until somebody opens. */
export function WaitingRoom({ callKey }: { readonly callKey: string }) {
  const title = useCall(callKey, callTitle) ?? '';
  return (
    <div className="face waiting-room" role="status">
      <span className="waiting-mark">
        <Hourglass size={30} aria-hidden="true" />
      </span>
      <h2 className="face-name">{say.title}</h2>
      <p className="face-note">{say.body(title)}</p>
    </div>
  );
}
