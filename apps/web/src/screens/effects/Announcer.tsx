import { useEffect, useState } from 'react';
import { useApp } from '../../components/store.tsx';
import { announcementsFor } from './announcements.ts';

/** Said long ago: nobody should come upon it when reading through the page. */
const FORGET_AFTER_MS = 7_000;

/** Two places that screen readers listen to. A text that is said again is changed a little, so that it is heard again. */
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
  useEffect(() => {
    if (polite === '' && urgent === '') return undefined;
    const timer = setTimeout(() => {
      setPolite('');
      setUrgent('');
    }, FORGET_AFTER_MS);
    return () => clearTimeout(timer);
  }, [polite, urgent]);
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
