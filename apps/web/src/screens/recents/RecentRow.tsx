import { Phone, PhoneIncoming, PhoneMissed, PhoneOff, PhoneOutgoing, Trash2, Video } from 'lucide-react';
import { memo } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { Duration, RelativeTime } from '../../components/Time.tsx';
import type { HistoryEntry } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { hashOf } from '../route.ts';
import { isMissed, outcomeWords } from './outcome.ts';

interface RecentRowProps {
  readonly entry: HistoryEntry;
}

export const RecentRow = memo(function RecentRow({ entry }: RecentRowProps) {
  const { call, deleteRecent } = useActions();
  const { peer, callType } = entry;
  return (
    <li className="row recent-row" data-missed={isMissed(entry) || undefined}>
      <a className="row-main" href={hashOf({ name: 'person', userId: peer.userId })}>
        <Avatar person={peer} size={44} />
        <span className="row-text">
          <span className="row-name">
            {peer.name}
            {!entry.seen && <span className="new-mark">{words.recents.newMissed}</span>}
          </span>
          <CallLine entry={entry} />
        </span>
        <span className="row-time">
          <RelativeTime at={entry.startedAt} />
        </span>
      </a>
      <IconButton
        label={words.recents.remove(peer.name)}
        tip={null}
        className="row-remove"
        onClick={() => deleteRecent(entry.callId)}
      >
        <Trash2 size={18} />
      </IconButton>
      <span className="row-actions">
        <IconButton
          label={words.recents.callBack(peer.name)}
          className="call-button"
          onClick={() => call(peer.userId, callType)}
        >
          {callType === 'video' ? <Video size={22} /> : <Phone size={20} />}
        </IconButton>
      </span>
    </li>
  );
});

/** Direction, what became of it, kind and length, on one line. */
export function CallLine({ entry }: RecentRowProps) {
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
    </span>
  );
}

function DirectionIcon({ entry }: RecentRowProps) {
  const props = { size: 14, 'aria-hidden': true, strokeWidth: 2.25 } as const;
  if (isMissed(entry)) return <PhoneMissed {...props} />;
  if (entry.outcome === 'declined' || entry.outcome === 'failed') return <PhoneOff {...props} />;
  return entry.direction === 'incoming' ? <PhoneIncoming {...props} /> : <PhoneOutgoing {...props} />;
}
