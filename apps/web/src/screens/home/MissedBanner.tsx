import { PhoneMissed } from 'lucide-react';
import { useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { firstName } from '../../words/names.ts';
import { hashOf } from '../route.ts';

/** On a phone the missed calls are a tab away: this says so on the first screen. */
export function MissedBanner() {
  const names = useModel((model) => {
    if (model.missedUnseen === 0 || model.recents.state !== 'ready') return [];
    const unseen = model.recents.value.entries.filter((entry) => !entry.seen);
    return [...new Set(unseen.map((entry) => entry.group?.title ?? firstName(entry.peer.name)))].slice(0, 3);
  });
  if (names.length === 0) return null;
  return (
    <a href={hashOf({ name: 'recents' })} className="missed-banner">
      <PhoneMissed size={18} aria-hidden="true" />
      <span>{words.recents.missedBanner(names)}</span>
      <strong>{words.recents.seeMissed}</strong>
    </a>
  );
}
