import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { RelativeTime } from '../../components/Time.tsx';
import type { UserSummary } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { isMissed } from '../recents/outcome.ts';
import { CallLine } from '../recents/RecentRow.tsx';

const say = words.person;

/** The calls with one person among those that are loaded; earlier ones on request. */
export function PersonHistory({ user }: { readonly user: UserSummary }) {
  const { loadMoreRecents } = useActions();
  const hasMore = useModel((model) => model.recents.state === 'ready' && model.recents.value.hasMore);
  const entries = useModel((model) =>
    model.recents.state === 'ready'
      ? model.recents.value.entries.filter(
          (entry) => entry.group === null && entry.peer.userId === user.userId,
        )
      : [],
  );
  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history" className="card-title">
        {say.history}
      </h2>
      {entries.length === 0 && !hasMore && <p className="card-empty">{say.noHistory(user.name)}</p>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.callId} className="history-row" data-missed={isMissed(entry) || undefined}>
            <CallLine entry={entry} />
            <span className="row-time">
              <RelativeTime at={entry.startedAt} />
            </span>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button look="quiet" onClick={() => loadMoreRecents()}>
          {words.recents.loadMore}
        </Button>
      )}
    </section>
  );
}
