import { PartyPopper, PhoneCall } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { HistoryEntry } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { useRoute } from '../route.ts';
import { isMissed } from './outcome.ts';
import { RecentRow } from './RecentRow.tsx';

const say = words.recents;
type Filter = 'all' | 'missed';

export function Recents() {
  const recents = useModel((model) => model.recents);
  const { retry, loadMoreRecents } = useActions();
  const [filter, setFilter] = useState<Filter>('all');
  const looked = useLookedAt();
  return (
    <section className="recents" aria-label={say.region} {...looked}>
      <header className="pane-head">
        <h1>{say.region}</h1>
        <Segmented
          label={say.filter}
          value={filter}
          options={[
            { value: 'all', label: say.all },
            { value: 'missed', label: say.missed },
          ]}
          onChange={setFilter}
        />
      </header>
      <div className="scroll">
        {recents.state === 'loading' && <RowsSkeleton count={7} />}
        {recents.state === 'failed' && (
          <EmptyState
            title={say.failed}
            action={<Button onClick={() => retry()}>{words.common.tryAgain}</Button>}
          />
        )}
        {recents.state === 'ready' && (
          <RecentList
            entries={recents.value.entries}
            hasMore={recents.value.hasMore}
            filter={filter}
            onMore={loadMoreRecents}
          />
        )}
      </div>
    </section>
  );
}

/**
 * Missed calls are seen once somebody has looked: opened this list on purpose, or pointed at it. Standing at the edge of
 * a wide window doesn't count.
 */
function useLookedAt(): { readonly onPointerMove: () => void; readonly onFocus: () => void } {
  const { markRecentsSeen } = useActions();
  const missed = useModel((model) => model.missedUnseen);
  const opened = useRoute().name === 'recents';
  const marked = useRef(0);
  const mark = (): void => {
    if (missed === 0 || marked.current === missed) return;
    marked.current = missed;
    markRecentsSeen();
  };
  useEffect(() => {
    if (missed === 0) marked.current = 0;
    else if (opened && document.visibilityState === 'visible' && marked.current !== missed) {
      marked.current = missed;
      markRecentsSeen();
    }
  }, [missed, opened, markRecentsSeen]);
  return { onPointerMove: mark, onFocus: mark };
}

interface RecentListProps {
  readonly entries: readonly HistoryEntry[];
  readonly hasMore: boolean;
  readonly filter: Filter;
  readonly onMore: () => void;
}

function RecentList({ entries, hasMore, filter, onMore }: RecentListProps) {
  const shown = filter === 'all' ? entries : entries.filter(isMissed);
  return (
    <>
      {shown.length === 0 && !hasMore && filter === 'all' && (
        <EmptyState picture={<PhoneCall size={40} />} title={say.empty} hint={say.emptyHint} />
      )}
      {shown.length === 0 && filter === 'missed' && (
        <EmptyState picture={<PartyPopper size={40} />} title={say.emptyMissed} hint={say.emptyMissedHint} />
      )}
      <ul className="rows">
        {shown.map((entry) => (
          <RecentRow key={entry.callId} entry={entry} />
        ))}
      </ul>
      {hasMore && (
        <div className="rows-more">
          <Button look="quiet" onClick={onMore}>
            {say.loadMore}
          </Button>
        </div>
      )}
    </>
  );
}
