import { useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

const MOST = 99;

/** How many calls were missed and not looked at yet. */
export function Badge() {
  const missed = useModel((model) => model.missedUnseen);
  if (missed === 0) return null;
  return (
    <span className="badge">
      <span aria-hidden="true">{missed > MOST ? `${MOST}+` : missed}</span>
      <span className="sr-only">{words.nav.missedBadge(missed)}</span>
    </span>
  );
}
