import { lazy, Suspense } from 'react';
import { words } from '../../words/index.ts';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';

const SettingsBody = lazy(() => import('./SettingsBody.tsx'));

export function SettingsScreen() {
  return (
    <section className="settings" aria-label={words.settings.region}>
      <header className="pane-head">
        <h1>{words.settings.region}</h1>
      </header>
      <div className="scroll">
        <Suspense fallback={<RowsSkeleton count={6} />}>
          <SettingsBody />
        </Suspense>
      </div>
    </section>
  );
}
