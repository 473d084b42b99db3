import { Hourglass, Info } from 'lucide-react';
import { useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

const say = words.groups;

/** While group calls can't be had: why not, and what works all the same. Nothing once they can. */
export function GroupCallsNote() {
  const readiness = useModel((model) => model.groupCalls);
  const said = say.preparing(readiness);
  if (said === null) return null;
  const { done, total } = readiness.state === 'preparing' ? readiness : { done: null, total: null };
  return (
    <div className="group-note" role="status">
      {readiness.state === 'preparing' ? (
        <Hourglass size={18} aria-hidden="true" />
      ) : (
        <Info size={18} aria-hidden="true" />
      )}
      <div>
        <strong>{said.title}</strong>
        <p>{said.body}</p>
        {done !== null && total !== null && (
          <progress value={done} max={total}>
            {say.preparedPart(done, total)}
          </progress>
        )}
      </div>
    </div>
  );
}
