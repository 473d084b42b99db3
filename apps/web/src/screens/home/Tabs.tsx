import { Clock, Settings, Users } from 'lucide-react';
import { words } from '../../words/index.ts';
import { hashOf, type Route } from '../route.ts';
import { Badge } from './Badge.tsx';

const TABS = [
  { name: 'people', label: words.nav.people, Icon: Users },
  { name: 'recents', label: words.nav.recents, Icon: Clock },
  { name: 'settings', label: words.nav.settings, Icon: Settings },
] as const;

/** Within a thumb's reach, always the same three. */
export function Tabs({ current }: { readonly current: Route['name'] }) {
  const at = current === 'person' ? 'people' : current;
  return (
    <nav className="tabs" aria-label={words.nav.label}>
      {TABS.map(({ name, label, Icon }) => (
        <a key={name} href={hashOf({ name })} aria-current={name === at ? 'page' : undefined}>
          <span className="tab-icon">
            <Icon size={23} aria-hidden="true" />
            {name === 'recents' && <Badge />}
          </span>
          {label}
        </a>
      ))}
    </nav>
  );
}
