import { Clock, Settings } from 'lucide-react';
import { Avatar } from '../../components/Avatar.tsx';
import { Logo } from '../../components/Logo.tsx';
import { useModel } from '../../components/store.tsx';
import { useWide } from '../../components/useMediaQuery.ts';
import { words } from '../../words/index.ts';
import { hashOf, useRoute } from '../route.ts';
import { Badge } from './Badge.tsx';

/** Name of the service, and on a wide screen the ways to everything that isn't people. */
export function ListHead() {
  const wide = useWide();
  const route = useRoute();
  const service = useModel((model) => model.service);
  const me = useModel((model) => (model.account.state === 'signed_in' ? model.account.me.user : null));
  const here = (name: 'recents' | 'settings') =>
    route.name === name || (name === 'recents' && route.name === 'people') ? 'page' : undefined;
  return (
    <header className="list-head">
      <Logo size={30} />
      <h1>{service.name}</h1>
      {service.demo && <span className="demo-mark">{words.signIn.demoMark}</span>}
      {wide && (
        <nav className="list-nav" aria-label={words.nav.label}>
          <a
            href={hashOf({ name: 'recents' })}
            className="icon-button"
            data-tip={words.nav.recents}
            aria-current={here('recents')}
          >
            <Clock size={20} aria-hidden="true" />
            <span className="sr-only">{words.nav.recents}</span>
            <Badge />
          </a>
          <a
            href={hashOf({ name: 'settings' })}
            className="icon-button"
            data-tip={words.nav.settings}
            aria-current={here('settings')}
          >
            <Settings size={20} aria-hidden="true" />
            <span className="sr-only">{words.nav.settings}</span>
          </a>
        </nav>
      )}
      {me !== null && !wide && (
        <a href={hashOf({ name: 'settings' })} className="me-link" aria-label={me.name}>
          <Avatar person={me} size={36} />
        </a>
      )}
    </header>
  );
}
