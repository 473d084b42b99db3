import { lazy, Suspense } from 'react';
import { useModel } from '../../components/store.tsx';
import { useWide } from '../../components/useMediaQuery.ts';
import { sceneOf } from '../call/scene.ts';
import { useRoute } from '../route.ts';
import { Recents } from '../recents/Recents.tsx';
import { Person } from '../person/Person.tsx';
import { SettingsScreen } from '../settings/SettingsScreen.tsx';
import { ConnectionBar } from './ConnectionBar.tsx';
import { ListHead } from './ListHead.tsx';
import { MissedBanner } from './MissedBanner.tsx';
import { People } from '../people/People.tsx';
import { Tabs } from './Tabs.tsx';

const ConfirmHint = lazy(() => import('../identity/ConfirmHint.tsx'));

/** Wide: people at the left, everything else at the right. Narrow: one at a time, tabs below. */
export function Home() {
  const wide = useWide();
  const route = useRoute();
  // Under a call nothing here can be reached, also not by keyboard or screen reader.
  const covered = useModel(({ calls }) => {
    const scene = sceneOf(calls);
    return scene.stage !== null || scene.ringing !== null;
  });
  const isUnconfirmed = useModel(
    ({ ownIdentity, identity }) =>
      !identity.hintDismissed && (ownIdentity === 'not_confirmed' || ownIdentity === 'replaced'),
  );
  const showsList = wide || route.name === 'people';
  const selected = route.name === 'person' ? route.userId : null;
  return (
    <div className="home" data-screen={route.name} inert={covered}>
      <ConnectionBar />
      {showsList && (
        <div className="home-list">
          <ListHead />
          {!wide && <MissedBanner />}
          {isUnconfirmed && (
            <Suspense>
              <ConfirmHint />
            </Suspense>
          )}
          <People selectedId={wide ? selected : null} />
        </div>
      )}
      {(wide || !showsList) && (
        <main className="home-detail" key={selected ?? route.name}>
          {route.name === 'person' ? (
            <Person userId={route.userId} />
          ) : route.name === 'settings' ? (
            <SettingsScreen />
          ) : (
            <Recents />
          )}
        </main>
      )}
      {!wide && <Tabs current={route.name} />}
    </div>
  );
}
