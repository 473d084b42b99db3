import { useEffect } from 'react';
import { useModel } from '../../components/store.tsx';
import { titleFor } from './title.ts';

/** Title and icon of the tab: who rings, what was missed. */
export function useTitle(): void {
  const title = useModel(titleFor);
  const marked = useModel((model) => model.missedUnseen > 0);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document
      .querySelector('link[rel="icon"]')
      ?.setAttribute('href', marked ? '/icon-missed.svg' : '/icon.svg');
  }, [marked]);
}
