import { Phone, PhoneIncoming, PhoneMissed, PhoneOff, PhoneOutgoing, Trash2, Video } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { Duration, RelativeTime } from '../../components/Time.tsx';
import type { HistoryEntry } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { Faces } from '../groups/Faces.tsx';
import { hashOf } from '../route.ts';
import { isMissed, outcomeWords } from './outcome.ts';

interface RecentRowProps {
  readonly entry: HistoryEntry;
}

export const RecentRow = memo(function RecentRow({ entry }: RecentRowProps) {
  const { call, deleteRecent, startGroup, joinGroup } = useActions();
  const { peer, callType, group } = entry;
  const name = entryName(entry);
  const ongoing = group !== null && entry.outcome === 'ongoing';
  const again = (): void => {
    if (group === null) return call(peer.userId, callType);
    if (ongoing) return joinGroup(entry.callId, callType);
    startGroup(
      group.people.map(({ userId }) => userId),
      callType,
    );
  };
  return (
    <li className="row recent-row" data-missed={isMissed(entry) || undefined}>
      <Main entry={entry}>
        {group === null ? <Avatar person={peer} size={44} /> : <Faces people={group.people} size={44} />}
        <span className="row-text">
          <span className="row-name">
            {name}
            {!entry.seen && <span className="new-mark">{words.recents.newMissed}</span>}
          </span>
          <CallLine entry={entry} />
        </span>
        <span className="row-time">
          <RelativeTime at={entry.startedAt} />
        </span>
      </Main>
      <IconButton
        label={words.recents.remove(name)}
        tip={null}
        className="row-remove"
        onClick={() => deleteRecent(entry.callId)}
      >
        <Trash2 size={18} />
      </IconButton>
      <span className="row-actions">
        <IconButton
          label={
            group === null
              ? words.recents.callBack(name)
              : ongoing
                ? words.groups.home.join
                : words.groups.home.callAgain(name)
          }
          className="call-button"
          onClick={again}
        >
          {callType === 'video' ? <Video size={22} /> : <Phone size={20} />}
        </IconButton>
      </span>
    </li>
  );
});

/** A call with one person leads to them; one with several has no page of its own. */
function Main({ entry, children }: RecentRowProps & { readonly children: ReactNode }) {
  return entry.group === null ? (
    <a className="row-main" href={hashOf({ name: 'person', userId: entry.peer.userId })}>
      {children}
    </a>
  ) : (
    <span className="row-main">{children}</span>
  );
}

function entryName({ peer, group }: HistoryEntry): string {
  if (group === null) return peer.name;
  return words.groups.callName(
    group.title,
    group.people.map(({ name }) => name),
  );
}

/** Direction, what became of it, kind and length, on one line; and how it was, where that was bad. */
export function CallLine({ entry }: RecentRowProps) {
  const was = entry.quality === undefined ? null : words.quality.remembered(entry.quality);
  return (
    <span className="row-sub call-line">
      <DirectionIcon entry={entry} />
      <span>{outcomeWords(entry)}</span>
      <span className="call-kind">
        <span aria-hidden="true">· </span>
        {words.recents.kind[entry.callType]}
      </span>
      {entry.durationMs !== null && (
        <>
          <span aria-hidden="true">·</span>
          <Duration ms={entry.durationMs} />
        </>
      )}
      {was !== null && (
        <span className="call-quality">
          <span aria-hidden="true">· </span>
          {was}
        </span>
      )}
    </span>
  );
}

function DirectionIcon({ entry }: RecentRowProps) {
  const props = { size: 14, 'aria-hidden': true, strokeWidth: 2.25 } as const;
  if (isMissed(entry)) return <PhoneMissed {...props} />;
  if (entry.outcome === 'declined' || entry.outcome === 'failed') return <PhoneOff {...props} />;
  return entry.direction === 'incoming' ? <PhoneIncoming {...props} /> : <PhoneOutgoing {...props} />;
}
