import { WifiOff } from 'lucide-react';
import { useActions, useModel } from '../../components/store.tsx';
import { useNow } from '../../components/useNow.ts';
import { words } from '../../words/index.ts';

/** Below this nobody needs to know. */
const NOTICED_MS = 1_000;

export function ConnectionBar() {
  const sinceAt = useModel((model) =>
    model.connection.state === 'offline' ? model.connection.sinceAt : null,
  );
  return sinceAt === null ? null : <Lost sinceAt={sinceAt} />;
}

function Lost({ sinceAt }: { readonly sinceAt: number }) {
  const { openCheck } = useActions();
  const now = useNow(500, sinceAt);
  if (now - sinceAt < NOTICED_MS) return null;
  return (
    <div className="connection-bar" role="status">
      <WifiOff size={16} aria-hidden="true" />
      {words.connection.offline}
      <button type="button" className="bar-link" onClick={() => openCheck(null)}>
        {words.check.open}
      </button>
    </div>
  );
}
