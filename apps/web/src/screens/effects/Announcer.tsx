import { useEffect, useState } from 'react';
import { useApp } from '../../components/store.tsx';
import { announcementsFor } from './announcements.ts';

/** Two places that screen readers listen to. A text is cleared before the next, so that the same words are said again. */
export function Announcer() {
  const { store } = useApp();
  const [polite, setPolite] = useState('');
  const [urgent, setUrgent] = useState('');
  useEffect(() => {
    const say = (all: readonly { readonly text: string; readonly urgent: boolean }[]): void => {
      const joined = (wanted: boolean): string =>
        all
          .filter((one) => one.urgent === wanted)
          .map((one) => one.text)
          .join('. ');
      if (joined(false) !== '')
        setPolite((old) => (old === joined(false) ? `${joined(false)}\u00A0` : joined(false)));
      if (joined(true) !== '')
        setUrgent((old) => (old === joined(true) ? `${joined(true)}\u00A0` : joined(true)));
    };
    say(announcementsFor([], store.getState().calls));
    return store.subscribe((model, before) => say(announcementsFor(before.calls, model.calls)));
  }, [store]);
  return (
    <div className="sr-only">
      <div aria-live="polite" aria-atomic="true">
        {polite}
      </div>
      <div aria-live="assertive" aria-atomic="true">
        {urgent}
      </div>
    </div>
  );
}
